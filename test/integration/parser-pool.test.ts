/** Children that read one file after the other: what they may keep, and what ends them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { PDFDocument } from 'pdf-lib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ParserPool } from '../../ingest/parse/parser-pool.ts'
import { ownParsers, signalParsers } from './own-children.ts'
import { codeOf, Folder, parse } from './parse-fixtures.ts'

let folder: Folder
let note: string
let mail: string
let manual: string
let damaged: string
let parsers: ParserPool

const mailWithAttachments = [
  'Subject: Two files',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="b"',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'See the files.',
  ...['one', 'two'].flatMap((name) => [
    '--b',
    `Content-Type: text/plain; name="${name}.txt"`,
    `Content-Disposition: attachment; filename="${name}.txt"`,
    '',
    `File ${name}.`,
  ]),
  '--b--',
].join('\r\n')

const makeManual = async (): Promise<Uint8Array> => {
  const document = await PDFDocument.create()
  for (let number = 1; number <= 30; number += 1) document.addPage().drawText(`Page ${number} of a manual.`)
  return document.save()
}

beforeAll(async () => {
  folder = await Folder.create()
  note = await folder.write('note.txt', 'Tighten to 42 Nm.')
  mail = await folder.write('files.eml', mailWithAttachments)
  manual = await folder.write('manual.pdf', await makeManual())
  damaged = await folder.write('damaged.docx', 'PK\u0003\u0004 and nonsense')
})
afterAll(() => folder[Symbol.asyncDispose]())
beforeEach(() => {
  // none of its children ends by itself while a test looks
  parsers = new ParserPool({ idleMs: 600_000 })
})
afterEach(() => parsers[Symbol.asyncDispose]())

describe('a parser', () => {
  it('reads one file after the other, each as a parser of its own would', async () => {
    const alone = [await parse(note), await parse(mail), await parse(note)]
    const together = []
    const pids = []
    for (const file of [note, mail, note]) {
      together.push(await parse(file, { parsers }))
      pids.push(await ownParsers())
    }
    expect(together).toEqual(alone)
    expect(pids[0]).toHaveLength(1)
    expect(pids).toEqual([pids[0], pids[0], pids[0]])
  })

  it('reads PDFs, which it is made ready for before it starts, or else all other formats', async () => {
    await parse(note, { parsers })
    await parse(manual, { parsers })
    expect(await ownParsers()).toHaveLength(2)
  })

  it('is gone after a file that it could not read', async () => {
    await parse(note, { parsers })
    expect(await codeOf(damaged, { parsers, name: 'damaged.docx', format: 'docx' })).toBe('file_damaged')
    expect(await ownParsers()).toEqual([])
  })

  it('is gone when it is left with much of its memory', async () => {
    await parse(note, { parsers, memoryBytes: 150 * 2 ** 20 })
    expect(await ownParsers()).toEqual([])
  })

  it('is gone when it had nothing to do for a while, and with the pool', async () => {
    await parse(note, { parsers })
    const patient = await ownParsers()
    await using hasty = new ParserPool({ idleMs: 300 })
    await parse(note, { parsers: hasty })
    await expect.poll(ownParsers).toEqual(patient)
    await parsers[Symbol.asyncDispose]()
    expect(await ownParsers()).toEqual([])
  })
})

describe('a parser that is kept ready', () => {
  const memoryBytes = 2 ** 30
  const ready = { pdf: true, memoryBytes }

  it('waits from the start, reads the first file, and is replaced when it has ended', async () => {
    await using prepared = new ParserPool({ idleMs: 300, ready })
    const [first] = await ownParsers()
    expect(first).toBeDefined()
    const whileRead: number[][] = []
    const onPage = async (): Promise<void> => void whileRead.push(await ownParsers())
    await parse(manual, { parsers: prepared, memoryBytes, onPage })
    expect(whileRead[0]).toEqual([first])
    await expect.poll(ownParsers).not.toContain(first)
    await expect.poll(async () => (await ownParsers()).length).toBe(1)
    await prepared[Symbol.asyncDispose]()
    expect(await ownParsers()).toEqual([])
  })

  it('leaves other formats to parsers of their own, and waits on', async () => {
    await using prepared = new ParserPool({ idleMs: 300, ready })
    const waiting = await ownParsers()
    await parse(note, { parsers: prepared, memoryBytes })
    await expect.poll(ownParsers).toEqual(waiting)
  })

  it('is not started again and again where it can not stay', async () => {
    await using prepared = new ParserPool({ ready })
    await signalParsers('SIGKILL')
    await expect.poll(ownParsers).toEqual([])
    expect((await parse(manual, { parsers: prepared, memoryBytes })).pages).toHaveLength(30)
  })
})

describe('a file whose parser had read others before', () => {
  it('is read again, by one of its own, when that parser dies, and nothing is told twice', async () => {
    const expected = await parse(manual)
    await parse(manual, { parsers })
    const told: number[] = []
    const document = await parse(manual, {
      parsers,
      onPage: ({ number }) => {
        told.push(number)
        return number === 3 ? signalParsers('SIGSEGV') : undefined
      },
    })
    expect(document).toEqual(expected)
    expect(told).toEqual(expected.pages.map(({ number }) => number))
  })

  it('tells each file inside it once when that parser dies', async () => {
    await parse(note, { parsers })
    const entries: string[] = []
    await parse(mail, {
      parsers,
      onAttachment: async ({ entry, file }) => {
        entries.push(`${entry}: ${await readFile(file, 'utf8')}`)
        if (entries.length === 1) await signalParsers('SIGSEGV')
      },
    })
    expect(entries.map((entry) => entry.trim())).toEqual(['one.txt: File one.', 'two.txt: File two.'])
  })
})

it('leaves no parser behind when the process that keeps the pool is killed', async () => {
  const load = (file: string): string => `await import(${JSON.stringify(new URL(file, import.meta.url).href)})`
  const options = { name: 'note.txt', scratchFolder: folder.path, timeoutMs: 300_000, memoryBytes: 2 ** 30 }
  const script = `
    const { readFileSync, writeSync } = await import('node:fs')
    const { parseFile } = ${load('../../ingest/parse/parse-file.ts')}
    const { ParserPool } = ${load('../../ingest/parse/parser-pool.ts')}
    const ready = { pdf: true, memoryBytes: 2 ** 30 }
    await parseFile(${JSON.stringify(note)}, { ...${JSON.stringify(options)}, parsers: new ParserPool({ ready }) })
    writeSync(1, readFileSync('/proc/self/task/' + process.pid + '/children'))
    process.kill(process.pid, 'SIGKILL')`
  const keeper = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [children] = await Promise.all([text(keeper.stdout), once(keeper, 'exit')])
  const pids = children.trim().split(' ')
  // One has read the note, one waits for a PDF.
  expect(pids.length).toBeGreaterThanOrEqual(2)
  const commandOf = (pid: string): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const commands = async (): Promise<string> => (await Promise.all(pids.map(commandOf))).join('\n')
  await expect.poll(commands).not.toContain('parse/child.ts')
})
