/** Whatever a file does to its parser, the caller gets a code, and no process is left behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PDFDocument } from 'pdf-lib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { KuraError } from '../../src/core/errors.ts'
import { codeOf, Folder, parse } from './parse-fixtures.ts'

let folder: Folder
let slow: string
beforeAll(async () => {
  folder = await Folder.create()
  const document = await PDFDocument.create()
  for (let number = 1; number <= 400; number += 1) document.addPage().drawText(`Page ${number}\nof a long manual.`)
  slow = await folder.write('slow.pdf', await document.save())
})
afterAll(() => folder[Symbol.asyncDispose]())

/** Parsers of this file that run now. */
const parsersOf = async (path: string): Promise<string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, index) => commands[index]?.includes('child.ts') && commands[index]?.includes(path))
}

it('stops at the time limit with parse_timeout', async () => {
  expect(await codeOf(slow, { timeoutMs: 100 })).toBe('parse_timeout')
  expect(await parsersOf(slow)).toEqual([])
})

it('stops at the memory limit with parse_memory', async () => {
  expect(await codeOf(slow, { memoryBytes: 40 * 2 ** 20 })).toBe('parse_memory')
  expect(await parsersOf(slow)).toEqual([])
})

it('stops at once when it is no longer wanted, with the reason that was given', async () => {
  const controller = new AbortController()
  const reason = new Error('not wanted')
  const parsing = parse(slow, {
    signal: controller.signal,
    onPage: (page) => page.number === 3 && controller.abort(reason),
  })
  await expect(parsing).rejects.toBe(reason)
  expect(await parsersOf(slow)).toEqual([])
  await expect(parse(slow, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

it('says parse_crashed when the process dies by itself', async () => {
  const crash = async (): Promise<void> => {
    for (const pid of await parsersOf(slow)) process.kill(Number(pid), 'SIGSEGV')
  }
  const parsing = codeOf(slow, { onPage: (page) => page.number === 1 && void crash() })
  expect(await parsing).toBe('parse_crashed')
})

it('says parse_interrupted, which is tried again, when somebody else kills the process', async () => {
  const kill = async (): Promise<void> => {
    for (const pid of await parsersOf(slow)) process.kill(Number(pid), 'SIGKILL')
  }
  const parsing = codeOf(slow, { onPage: (page) => page.number === 1 && void kill() })
  expect(await parsing).toBe('parse_interrupted')
  expect(new KuraError('parse_interrupted', '').retryable).toBe(true)
})

it('leaves no parser behind when the caller itself is killed', async () => {
  const parseFile = new URL('../../ingest/parse/parse-file.ts', import.meta.url).href
  const script = `
    const { parseFile } = await import(${JSON.stringify(parseFile)})
    await parseFile(${JSON.stringify(slow)}, { name: 'slow.pdf', timeoutMs: 60000, memoryBytes: 2 ** 30,
      onPage: (page) => { if (page.number === 2) process.kill(process.pid, 'SIGKILL') } })`
  const caller = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'ignore',
  })
  const [, signal] = await once(caller, 'exit')
  expect(signal).toBe('SIGKILL')
  await expect.poll(() => parsersOf(slow), { timeout: 10_000 }).toEqual([])
})
