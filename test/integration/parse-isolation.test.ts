/** Whatever a file does to its parser, the caller gets a code, the other pages are read, and no process is left behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { PDFDocument } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ParsedPage } from '../../src/core/document.ts'
import { KuraError } from '../../src/core/errors.ts'
import { ownParsers, signalParsers } from './own-children.ts'
import { codeOf, Folder, parse } from './parse-fixtures.ts'

let folder: Folder
let slow: string
let hostile: string
/** The page of `hostile` that never ends. */
const endless = 4
const hostilePages = 60

/** A form that draws ten forms that draw ten forms: a few hundred bytes, ten to the twelfth drawings. */
const addEndlessPage = (document: PDFDocument): void => {
  const { context } = document
  let inner = context.register(context.stream('0 0 m', { Type: 'XObject', Subtype: 'Form', BBox: [0, 0, 1, 1] }))
  for (let depth = 0; depth < 12; depth += 1) {
    const form = context.stream('/F Do '.repeat(10), {
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [0, 0, 1, 1],
      Resources: { XObject: { F: inner } },
    })
    inner = context.register(form)
  }
  const page = document.addPage()
  page.node.set(context.obj('Resources') as never, context.obj({ XObject: { F: inner } }))
  page.node.set(context.obj('Contents') as never, context.register(context.stream('/F Do')))
}

const makeManual = async (pages: number, isEndless: (number: number) => boolean): Promise<Uint8Array> => {
  const document = await PDFDocument.create()
  for (let number = 1; number <= pages; number += 1) {
    if (isEndless(number)) addEndlessPage(document)
    else document.addPage().drawText(`Page ${number}\nof a long manual.`)
  }
  return document.save()
}

beforeAll(async () => {
  folder = await Folder.create()
  slow = await folder.write('slow.pdf', await makeManual(400, () => false))
  hostile = await folder.write('hostile.pdf', await makeManual(hostilePages, (number) => number === endless))
})
afterAll(() => folder[Symbol.asyncDispose]())

describe('the whole file', () => {
  it('stops at the time limit with parse_timeout', async () => {
    expect(await codeOf(slow, { timeoutMs: 100 })).toBe('parse_timeout')
    expect(await ownParsers()).toEqual([])
  })

  it('stops at the memory limit with parse_memory', async () => {
    expect(await codeOf(slow, { memoryBytes: 40 * 2 ** 20 })).toBe('parse_memory')
    expect(await ownParsers()).toEqual([])
  })

  it('stops at once when it is no longer wanted, with the reason that was given', async () => {
    const controller = new AbortController()
    const reason = new Error('not wanted')
    const onPage = (page: ParsedPage): void => {
      if (page.number === 3) controller.abort(reason)
    }
    await expect(parse(slow, { signal: controller.signal, onPage })).rejects.toBe(reason)
    expect(await ownParsers()).toEqual([])
    await expect(parse(slow, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it.each([0, 500])('ends with the error of a caller who can not take a page, after %i ms', async (ms) => {
    const full = new Error('The disk is full.')
    const onPage = async (page: ParsedPage): Promise<void> => {
      if (page.number < 3) return
      await setTimeout(ms)
      throw full
    }
    await expect(parse(slow, { onPage })).rejects.toBe(full)
    expect(await ownParsers()).toEqual([])
  })

  it('is given up with parse_crashed when the process dies by itself again and again', async () => {
    expect(await codeOf(slow, { onPage: () => signalParsers('SIGSEGV') })).toBe('parse_crashed')
  })

  it('says parse_interrupted, which is tried again, when somebody else kills the process', async () => {
    expect(await codeOf(slow, { onPage: () => signalParsers('SIGKILL') })).toBe('parse_interrupted')
    expect(new KuraError('parse_interrupted', '').retryable).toBe(true)
  })

  it('leaves no parser behind when the caller itself is killed', async () => {
    const parseFile = new URL('../../ingest/parse/parse-file.ts', import.meta.url).href
    const script = `
      const { readFileSync, writeSync } = await import('node:fs')
      const { parseFile } = await import(${JSON.stringify(parseFile)})
      const options = { name: 'slow.pdf', scratchFolder: ${JSON.stringify(folder.path)}, timeoutMs: 300000, memoryBytes: 2 ** 30 }
      await parseFile(${JSON.stringify(slow)}, { ...options, onPage: ({ number }) => {
        if (number !== 2) return
        writeSync(1, readFileSync('/proc/self/task/' + process.pid + '/children'))
        process.kill(process.pid, 'SIGKILL')
      } })`
    const caller = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [children, [, signal]] = await Promise.all([text(caller.stdout), once(caller, 'exit')])
    expect(signal).toBe('SIGKILL')
    const pids = children
      .trim()
      .split(' ')
      .filter((pid) => pid !== '')
    expect(pids.length).toBeGreaterThan(0)
    const isParser = async (pid: string): Promise<boolean> =>
      (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes('parse/child.ts')
    const living = async (): Promise<boolean[]> => (await Promise.all(pids.map(isParser))).filter(Boolean)
    await expect.poll(living).toEqual([])
  })
})

it('keeps the password where no other user of the machine can read it', async () => {
  const password = 'pw-0815-of-the-test'
  const seen: string[] = []
  const look = async (): Promise<void> => {
    for (const pid of await ownParsers()) {
      for (const name of ['cmdline', 'environ']) seen.push(await readFile(`/proc/${pid}/${name}`, 'utf8'))
    }
  }
  await parse(slow, { password, onPage: (page) => (page.number === 1 ? look() : undefined) })
  expect(seen.length).toBeGreaterThan(1)
  for (const text of seen) expect(text).not.toContain(password)
})

describe('a page that does not end', () => {
  const outcomesOf = (pages: readonly ParsedPage[]): string[] =>
    pages.map(({ number, outcome }) =>
      outcome.method === 'failed' ? `${number} ${outcome.errorCode}` : `${number} ${outcome.method}`,
    )
  const expected = (code: string): string[] =>
    Array.from({ length: hostilePages }, (_, index) => `${index + 1} ${index + 1 === endless ? code : 'text'}`)

  it('costs that page only, by time', async () => {
    const told: number[] = []
    const { pages } = await parse(hostile, { pageTimeoutMs: 10_000, onPage: ({ number }) => void told.push(number) })
    expect(outcomesOf(pages)).toEqual(expected('page_timeout'))
    expect(told).toEqual(pages.map(({ number }) => number))
  })

  it('costs that page only, by memory', async () => {
    // it fills its memory twice, at the pace that the machine allows
    const patience = { pageTimeoutMs: 500_000, timeoutMs: 550_000 }
    const { pages } = await parse(hostile, { memoryBytes: 256 * 2 ** 20, ...patience })
    expect(outcomesOf(pages)).toEqual(expected('page_memory'))
  })

  it('fails a document that has no other page', async () => {
    const path = await folder.write('endless.pdf', await makeManual(1, () => true))
    const told: ParsedPage[] = []
    expect(await codeOf(path, { pageTimeoutMs: 2_000, onPage: (page) => void told.push(page) })).toBe('parse_timeout')
    expect(outcomesOf(told)).toEqual(['1 page_timeout'])
  })
})

it('goes on from a page, with the same result as in one go', async () => {
  const { pages } = await parse(slow)
  const rest = await parse(slow, { fromPage: 391 })
  expect(pages).toHaveLength(400)
  expect(rest.pages).toEqual(pages.slice(390))
})
