import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { WorkerOptions } from '../../ingest/worker-options.ts'
import type { JobId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { Intake } from '../../src/store/intake.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { Originals } from '../../src/store/originals.ts'

let folder: string
let engine: Server
let ledger: Ledger
let child: ChildProcess
/** While set the engine answers no embedding. */
let isStalled = false

/** Speaks as much of OpenAI's protocol as the worker needs. */
const answer = async (request: IncomingMessage): Promise<unknown> => {
  if (request.url?.endsWith('/models')) return { object: 'list', data: [{ id: 'fake', object: 'model' }] }
  if (!request.url?.endsWith('/embeddings')) return undefined
  const { input } = (await json(request)) as { input: string[] }
  const data = input.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 1, 1, 1] }))
  return { object: 'list', data, model: 'fake', usage: { prompt_tokens: 1, total_tokens: 1 } }
}

beforeEach(async () => {
  isStalled = false
  folder = await mkdtemp(path.join(tmpdir(), 'kura-main-'))
  engine = createServer(async (request, response) => {
    if (isStalled && request.url?.endsWith('/embeddings')) return
    const body = await answer(request)
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}))
  })
  engine.listen(0, '127.0.0.1')
  await once(engine, 'listening')
  ledger = await Ledger.open(path.join(folder, 'kura.db'))
  const options: WorkerOptions = {
    data: folder,
    ledgerFile: path.join(folder, 'kura.db'),
    indexUri: path.join(folder, 'index'),
    scratchFolder: path.join(folder, 'tmp'),
    answering: { name: 'fake', baseUrl: `http://127.0.0.1:${(engine.address() as AddressInfo).port}/v1` },
    maxFileBytes: 2 ** 20,
    parseTimeoutMs: 60_000,
    parseMemoryBytes: 2 ** 30,
    logLevel: 'error',
  }
  const main = fileURLToPath(new URL('../../ingest/main.ts', import.meta.url))
  child = fork(main, [JSON.stringify(options)], { execArgv: ['--import', import.meta.resolve('tsx')] })
})

afterEach(async () => {
  child.kill('SIGKILL')
  await ledger[Symbol.asyncDispose]()
  engine.closeAllConnections()
  engine.close()
  await rm(folder, { recursive: true, force: true })
})

const upload = async (name = 'press.md'): Promise<JobId> => {
  const originals = await Originals.open(path.join(folder, 'originals'))
  const intake = new Intake({ ledger, originals, maxFileBytes: 2 ** 20 })
  const [known] = await ledger.collections.list(admin)
  const { id: collectionId } = known ?? (await ledger.collections.create(admin, { name: 'Manuals' }))
  const stream = Readable.from([Buffer.from(`# ${name}\n\nTurn the key to 0 before the cover is opened.\n`)])
  const { jobId } = await intake.receive(admin, { collectionId, name, stream })
  return jobId as JobId
}

const untilJob = async (id: JobId, isThere: (job: { state: string; stage: string }) => boolean): Promise<void> => {
  while (!isThere(await ledger.jobs.get(admin, id))) await sleep(50)
}

it('ingests what is uploaded, and exits when its parent is gone', async () => {
  const jobId = await upload()
  await untilJob(jobId, ({ state }) => state === 'done')
  const { documents } = await ledger.documents.list(admin)
  expect(documents).toMatchObject([{ name: 'press.md', status: 'ready', format: 'markdown', chunks: 1 }])
  child.disconnect()
  expect(await once(child, 'exit')).toEqual([0, null])
})

it('puts its documents back into the queue when it is asked to stop', async () => {
  await untilJob(await upload(), ({ state }) => state === 'done')
  isStalled = true
  const job = await upload('lathe.md')
  await untilJob(job, ({ stage }) => stage === 'embedding')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await ledger.jobs.get(admin, job)).toMatchObject({ state: 'queued', attempts: 0 })
})
