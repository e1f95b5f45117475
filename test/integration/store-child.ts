/**
 * A process of its own for the tests of the store. Arguments: what to do, the ledger's file, and what that takes.
 * - `write`: documents are made, published and removed until it is killed; each step that has returned is printed.
 * - `claim`: takes jobs until there are none; prints their ids.
 * - `upload COLLECTION CONTENT`: waits for the second named on the clock, then makes a document; prints whether it was a duplicate.
 * - `hold LEASE`: takes the lease and a job, and stays.
 * - `index`: the file is the index's folder; revisions of 40 chunks are written until it is killed; each that is counted is printed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { CollectionId, RevisionId } from '../../src/core/ids.ts'
import { localAdministrator } from '../../src/core/principal.ts'
import { ChunkIndex } from '../../src/store/chunk-index.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { processIdentity } from '../../src/store/process-identity.ts'
import { makeChunk, publication, sha256Of } from './store-documents.ts'

const [, , task, file = '', first = '', second = ''] = process.argv
const say = (line: string) => process.stdout.write(`${line}\n`)
// The index's own task leaves it alone.
const ledger = await Ledger.open(task === 'index' ? ':memory:' : file)
const owner = processIdentity()

const write = async (): Promise<void> => {
  const { id: collectionId } = await ledger.collections.resolve(localAdministrator, 'Press shop')
  const page = { number: 1, outcome: { method: 'text' }, text: 'x'.repeat(5000), blocks: [], lines: [] } as const
  for (let round = 0; ; round += 1) {
    const name = `${process.pid}-${round}`
    const values = { collectionId, name, sha256: sha256Of(name), bytes: 1 }
    const { documentId, revisionId } = await ledger.documents.create(localAdministrator, values)
    say(`created ${documentId}`)
    await ledger.jobs.claim(owner, 60_000)
    await ledger.pages.save(revisionId, [page, { ...page, number: 2 }])
    await ledger.documents.publish(revisionId, publication)
    say(`published ${revisionId}`)
    if (round % 3 === 2) {
      await ledger.documents.remove(localAdministrator, documentId)
      say(`removed ${documentId}`)
    }
  }
}

const claim = async (): Promise<void> => {
  say('ready')
  for (let job = await ledger.jobs.claim(owner, 60_000); job; job = await ledger.jobs.claim(owner, 60_000)) {
    say(job.id)
    await ledger.jobs.done(job.id, owner)
  }
}

const upload = async (): Promise<void> => {
  await sleep(Math.max(Number(second) - Date.now(), 0))
  for (let round = 0; round < 20; round += 1) {
    const name = `same-${round}`
    const values = { collectionId: first as CollectionId, name, sha256: sha256Of(name), bytes: 1 }
    const created = await ledger.documents.create(localAdministrator, values)
    say(`${created.documentId} ${created.duplicate}`)
  }
}

const hold = async (): Promise<void> => {
  say(`lease ${await ledger.leases.acquire(first, owner, 600_000)}`)
  const job = await ledger.jobs.claim(owner, 600_000)
  say(`job ${job?.id ?? 'none'}`)
  await sleep(600_000)
}

const index = async (): Promise<void> => {
  const chunks = await ChunkIndex.open(file, { fingerprint: 'model-a', dimensions: 4 })
  for (let round = 0; ; round += 1) {
    const revision = `rev-${process.pid}-${round}`
    const rows = Array.from({ length: 40 }, (_, ordinal) => ({
      chunk: makeChunk(`The seal number ${ordinal}.`, { revision, collection: 'col_press', ordinal }),
      vector: Float32Array.of(1, ordinal, 0, 0),
    }))
    if ((await chunks.replaceRevision(revision as RevisionId, rows)) === 40) say(`indexed ${revision}`)
  }
}

const tasks: Record<string, () => Promise<void>> = { write, claim, upload, hold, index }
await tasks[task ?? '']?.()
await ledger[Symbol.asyncDispose]()
