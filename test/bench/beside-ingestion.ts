/**
 * The first statement of a question while documents are read, recognised and embedded, to the same when nothing else runs: the whole program,
 * worker and model host included. Goal: at most 1.5 times. Run: node --import tsx test/bench/beside-ingestion.ts FILE… (what is ingested
 * meanwhile, once more under another name whenever it is done).
 */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectFolder, resolveSettings } from '../../src/config/settings.ts'
import type { CollectionId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { percentiles } from '../../src/eval/metrics.ts'
import { type Kura, openKura } from '../../src/kura.ts'

export interface BesideIngestionBench {
  readonly idleMs: ReturnType<typeof percentiles>
  readonly busyMs: ReturnType<typeof percentiles>
  /** Of the medians. */
  readonly ratio: number
  /** Questions whose ingestion was over before they were answered are not counted. */
  readonly questions: number
}

const manual = path.join(projectFolder, 'data', 'samples', 'SOP-KP-003 Alarm codes (en).pdf')
const questions = [
  'What does alarm E-302 mean?',
  'What is to be done at alarm E-304?',
  'Which alarm says that the oil is too hot?',
  'What must be done before an alarm is reset?',
]
const rounds = 2

const upload = async (kura: Kura, collectionId: CollectionId, file: string): Promise<void> => {
  await kura.intake.receive(admin, { collectionId, name: path.basename(file), stream: createReadStream(file) })
}

const isBusy = async (kura: Kura): Promise<boolean> => {
  const { queued, running } = await kura.ledger.jobs.counts()
  return queued + running > 0
}

/** Milliseconds to the first statement; undefined where there was none. */
const firstStatement = async (
  kura: Kura,
  collectionId: CollectionId,
  question: string,
): Promise<number | undefined> => {
  for await (const event of kura.answerer.ask(admin, { question, collectionIds: [collectionId] })) {
    if (event.type === 'answer') return event.answer.timingsMs.firstStatement
  }
  return undefined
}

export const benchBesideIngestion = async (files: readonly string[]): Promise<BesideIngestionBench> => {
  const data = await mkdtemp(path.join(tmpdir(), 'kura-bench-'))
  try {
    const settings = { ...resolveSettings({ KURA_DATA: data }), logLevel: 'warn' as const }
    await using kura = await openKura(settings, { embedding: true, generation: true, worker: true })
    await kura.engines.ready()
    const asked = (await kura.ledger.collections.create(admin, { name: 'asked' })).id
    const bulk = (await kura.ledger.collections.create(admin, { name: 'bulk' })).id
    await upload(kura, asked, manual)
    while (await isBusy(kura)) await sleep(200)
    await firstStatement(kura, asked, questions[0] ?? '')
    const idle: number[] = []
    const busy: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      for (const question of questions) idle.push((await firstStatement(kura, asked, question)) ?? Number.NaN)
    }
    for (const file of files) await upload(kura, bulk, file)
    await sleep(3_000)
    for (let round = 0; round < rounds; round += 1) {
      for (const question of questions) {
        if (!(await isBusy(kura))) continue
        busy.push((await firstStatement(kura, asked, question)) ?? Number.NaN)
      }
    }
    const [idleMs, busyMs] = [idle, busy].map((times) => percentiles(times.filter(Number.isFinite)))
    if (!idleMs || !busyMs) throw new Error('No question was answered.')
    return { idleMs, busyMs, ratio: (busyMs.p50 ?? Number.NaN) / (idleMs.p50 ?? Number.NaN), questions: busy.length }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(`${JSON.stringify(await benchBesideIngestion(process.argv.slice(2)), undefined, 2)}\n`)
  process.exit(0)
}
