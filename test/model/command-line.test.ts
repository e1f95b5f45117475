/** The command line on a data folder of its own, with no server: the models are loaded in the process and closed when the command has ended. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const kuraBinary = fileURLToPath(new URL('../../bin/kura.mjs', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kura-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const kura = (...args: string[]): Promise<{ exitCode: number | string | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, KURA_DATA: path.join(folder, 'data'), KURA_GENERATION_MODEL: 'none' }
    execFile(process.execPath, [kuraBinary, ...args, '--json'], { env }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? (error.code ?? null) : 0, stdout, stderr }),
    )
  })

it('ingests, finds by every mode, and ends with the code of what is wrong', async () => {
  const file = path.join(folder, 'conveyor.md')
  await writeFile(file, '# Conveyor\n\nThe conveyor belt CB-9 runs at 2 m/s.\n')
  const ingested = await kura('ingest', file)
  expect(ingested.exitCode).toBe(0)
  expect(JSON.parse(ingested.stdout)).toMatchObject({
    documents: [{ name: 'conveyor.md', status: 'ready', chunks: 1 }],
  })
  for (const mode of ['hybrid', 'vector', 'text']) {
    const found = await kura('search', 'CB-9', '--mode', mode)
    expect(found.exitCode).toBe(0)
    expect(JSON.parse(found.stdout)).toMatchObject({ passages: [{ documentName: 'conveyor.md' }], degraded: [] })
  }
  const empty = await kura('ask', '?!')
  expect(empty.exitCode).toBe(1)
  expect(JSON.parse(empty.stdout)).toMatchObject({ error: { code: 'question_empty' } })
  expect(empty.stderr).not.toMatch(/^\s+at /m)
})
