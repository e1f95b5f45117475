/** Whatever happens to the process that reads pages, pages already told stay told, the others are read, and nothing is left behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ParsedPage } from '../../src/core/document.ts'
import { draw, makeScan, read, unreadPages, write } from './ocr-fixtures.ts'
import { ownReaders, signalReaders } from './own-children.ts'
import { Folder } from './parse-fixtures.ts'

const count = 6
let folder: Folder
let scan: string
beforeAll(async () => {
  folder = await Folder.create()
  const pictures = Array.from({ length: count }, (_, index) =>
    draw(
      { width: 900, height: 1270 },
      write([`This is page number ${index + 1}.`, 'Close the valve before service.'], 44),
    ),
  )
  scan = await folder.write('scan.pdf', await makeScan(pictures))
})
afterAll(() => folder[Symbol.asyncDispose]())

const left = async (): Promise<string[]> => (await readdir(folder.path)).filter((name) => name.startsWith('ocr-'))

it('reads the rest when somebody kills the child, and tells no page twice', async () => {
  const told: number[] = []
  const pages = await read(scan, count, {
    scratchFolder: folder.path,
    onPage: async (page) => {
      told.push(page.number)
      if (told.length === 2) await signalReaders('SIGKILL')
    },
  })
  expect(told.toSorted()).toEqual([1, 2, 3, 4, 5, 6])
  expect(pages.map((page) => page.outcome.method)).toEqual(Array(count).fill('ocr'))
  pages.forEach((page, index) => {
    expect(page.text).toContain(`page number ${index + 1}`)
  })
  expect(await ownReaders()).toEqual([])
  expect(await left()).toEqual([])
})

it('stops at once when it is no longer wanted, and leaves no process and no file', async () => {
  const controller = new AbortController()
  const reason = new Error('not wanted')
  const reading = read(scan, count, {
    scratchFolder: folder.path,
    signal: controller.signal,
    onPage: async () => controller.abort(reason),
  })
  await expect(reading).rejects.toBe(reason)
  expect(await ownReaders()).toEqual([])
  expect(await left()).toEqual([])
})

it('passes on what the caller throws while it saves a page', async () => {
  const reason = new Error('disk full')
  const onPage = () => Promise.reject(reason)
  await expect(read(scan, count, { scratchFolder: folder.path, onPage })).rejects.toBe(reason)
  expect(await ownReaders()).toEqual([])
})

it('gives pages that take too long or too much memory a code of their own', async () => {
  const slow = await read(scan, 2, { pageTimeoutMs: 1 })
  expect(slow.map((page) => page.outcome)).toEqual(Array(2).fill({ method: 'failed', errorCode: 'ocr_timeout' }))
  const small = await read(scan, 2, { memoryBytes: 60 * 2 ** 20 })
  expect(small.map((page) => page.outcome)).toEqual(Array(2).fill({ method: 'failed', errorCode: 'ocr_memory' }))
})

it('reads every page also while questions are asked all the time, and holds no pause against a page', async () => {
  const pages = await read(scan, 2, { isAsked: async () => true, pageTimeoutMs: 14_000 })
  expect(pages.map((page) => page.outcome.method)).toEqual(['ocr', 'ocr'])
})

it('fails a page that can not be drawn and reads the others', async () => {
  const pages: ParsedPage[] = unreadPages(1)
  const missing = { ...(pages[0] ?? expect.fail()), number: count + 5 }
  const result = await read(scan, 1, { pages: [...pages, missing] })
  expect(result.map((page) => page.outcome)).toEqual([
    { method: 'ocr', confidence: expect.any(Number) },
    { method: 'failed', errorCode: 'page_unreadable' },
  ])
})

it('says page_unreadable for every page of a file that is none', async () => {
  const path = await folder.write('broken.pdf', '%PDF-1.7\nnothing more')
  const pages = await read(path, 2)
  expect(pages.map((page) => page.outcome)).toEqual(Array(2).fill({ method: 'failed', errorCode: 'page_unreadable' }))
})

it('leaves no reader behind when the caller itself is killed', async () => {
  const readPages = new URL('../../ingest/ocr/read-pages.ts', import.meta.url).href
  const script = `
    const { readFileSync, writeSync } = await import('node:fs')
    const { readPages } = await import(${JSON.stringify(readPages)})
    const onPage = async () => {
      const children = readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim().split(' ')
      const isReader = (pid) => readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes('ocr/child.ts')
      writeSync(1, JSON.stringify(children.filter(isReader)))
      process.kill(process.pid, 'SIGKILL')
    }
    await readPages(${JSON.stringify(scan)}, { format: 'pdf', language: 'en', pages: ${JSON.stringify(unreadPages(count))},
      workers: 1, pageTimeoutMs: 60000, memoryBytes: 2 ** 31, scratchFolder: ${JSON.stringify(folder.path)},
      signal: new AbortController().signal, onPage })`
  const caller = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [named, [, signal]] = await Promise.all([text(caller.stdout), once(caller, 'exit')])
  expect(signal).toBe('SIGKILL')
  const pids = JSON.parse(named) as string[]
  expect(pids).toHaveLength(1)
  const isReader = async (pid: string): Promise<boolean> =>
    (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes('ocr/child.ts')
  const living = async (): Promise<boolean[]> => (await Promise.all(pids.map(isReader))).filter(Boolean)
  await expect.poll(living).toEqual([])
})
