/** The command as a process of its own: exit codes, one JSON document on standard output, and what a bad start says. No model is loaded. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { announceServer } from '../../src/cli/running-server.ts'
import { resolveSettings } from '../../src/config/settings.ts'

const kuraBinary = fileURLToPath(new URL('../../bin/kura.mjs', import.meta.url))
const failureSchema = z.object({ error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }) })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kura-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Ended {
  readonly exitCode: number | string | null
  readonly stdout: string
  readonly stderr: string
}

const kura = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const settings = { KURA_DATA: path.join(folder, 'data'), KURA_GENERATION_MODEL: 'none', ...env }
    const options = { env: { PATH: process.env.PATH, ...settings }, timeout: 300_000, killSignal: 'SIGKILL' as const }
    execFile(process.execPath, [kuraBinary, ...args], options, (error, stdout, stderr) =>
      resolve({ exitCode: error ? (error.code ?? null) : 0, stdout, stderr }),
    )
  })

const readAnnouncement = (data: string): Promise<string> => readFile(path.join(data, 'server.json'), 'utf8')

const failureOf = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> => {
  const { exitCode, stdout, stderr } = await kura([...args, '--json'], env)
  expect(exitCode).toBe(1)
  expect(stderr).not.toMatch(/^\s+at /m)
  return failureSchema.parse(JSON.parse(stdout)).error.code
}

describe('the command', () => {
  it('writes one JSON document and ends with 0', async () => {
    const { exitCode, stdout } = await kura(['--json', 'documents'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ documents: [] })
  })

  it('pauses and resumes ingestion, which stays so from one command to the next', async () => {
    const jobsOf = async () => JSON.parse((await kura(['jobs', '--json'])).stdout)
    expect((await kura(['jobs', 'pause'])).exitCode).toBe(0)
    expect(await jobsOf()).toMatchObject({ paused: true, counts: { queued: 0 }, jobs: [] })
    expect(JSON.parse((await kura(['jobs', 'resume', '--json'])).stdout)).toEqual({ paused: false })
    expect(await jobsOf()).toMatchObject({ paused: false })
  })

  it('says its version', async () => {
    const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest))
    expect(await kura(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('ends with 2 after wrong use, and says how it is used', async () => {
    const wrong = [
      ['frobnicate'],
      ['ask'],
      ['search', 'x', '--limit', '0'],
      ['ask', 'x', '--as-of', 'yesterday'],
      ['ingest', folder, '--revision-of', 'doc_1'],
      ['ingest', 'a.pdf', '--draft', '--effective-from', '2030-01-01'],
      ['document', 'revise', 'doc_1', 'B', '--status', 'superseded'],
    ]
    for (const args of wrong) {
      const { exitCode, stdout, stderr } = await kura(args)
      expect(exitCode).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toContain('Usage: kura')
    }
  })

  it('ends with 1 and a code where a thing is unknown', async () => {
    expect(await failureOf(['document', 'remove', 'doc_unknown'], {})).toBe('document_not_found')
    expect(await failureOf(['document', 'show', 'doc_unknown'], {})).toBe('document_not_found')
    expect(await failureOf(['document', 'revise', 'doc_unknown', 'A', '--status', 'effective'], {})).toBe(
      'document_not_found',
    )
    expect(await failureOf(['job', 'retry', 'job_unknown', '--password', 'x'], {})).toBe('job_not_found')
    expect(await failureOf(['models', 'use', 'reranking', 'no-such-model'], {})).toBe('model_unknown')
    expect(await failureOf(['documents', '--url', 'http://127.0.0.1:9'], {})).toBe('server_unreachable')
  })
})

describe('a start that can not be', () => {
  it('says that the data folder is a file, or that the system makes no folders there', async () => {
    const file = path.join(folder, 'file')
    await writeFile(file, '')
    expect(await failureOf(['serve'], { KURA_DATA: file })).toBe('data_not_writable')
    expect(await failureOf(['serve'], { KURA_DATA: path.join(file, 'below') })).toBe('data_not_writable')
    if (process.platform === 'linux')
      expect(await failureOf(['serve'], { KURA_DATA: '/proc/kura/data' })).toBe('data_not_writable')
  })

  it('names a bad setting, and what it may be', async () => {
    const { exitCode, stderr } = await kura(['serve'], { KURA_PORT: 'abc' })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('KURA_PORT')
    expect(stderr).toContain('a whole number from 0 to 65535')
    const data = path.join(folder, 'configured')
    await mkdir(data)
    await writeFile(path.join(data, 'config.json'), '{bad')
    expect(await failureOf(['serve'], { KURA_DATA: data })).toBe('setting_invalid')
  })

  it('refuses addresses beyond this machine and models that are not there', async () => {
    expect(await failureOf(['serve'], { KURA_HOST: '0.0.0.0' })).toBe('auth_required')
    expect(await failureOf(['serve'], { KURA_EMBEDDING_MODEL: path.join(folder, 'none.gguf') })).toBe('model_missing')
  })
})

it('leaves the announcement of another server on the same folder alone', async () => {
  const data = path.join(folder, 'shared')
  await mkdir(data)
  const settings = resolveSettings({ KURA_DATA: data })
  const first = await announceServer(settings, 'http://127.0.0.1:1')
  // The first does not answer, so that the second takes over; the first may not take that back when it ends.
  const second = await announceServer(settings, 'http://127.0.0.1:2')
  await first[Symbol.asyncDispose]()
  expect(JSON.parse(await readAnnouncement(data))).toMatchObject({ url: 'http://127.0.0.1:2' })
  await second[Symbol.asyncDispose]()
  await expect(readAnnouncement(data)).rejects.toThrow('ENOENT')
})
