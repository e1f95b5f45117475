/**
 * A worker process that tests may kill: ingests what waits in the folder that its argument names, says `ready` when it begins, and
 * exits with 0 when nothing is left to do.
 */
import { IngestionWorker } from '../../ingest/worker.ts'
import { FakeEmbedder, openStores, workerDeps } from './ingest-fixtures.ts'

const embedder = new FakeEmbedder()
embedder.delayMs = 25
const stores = await openStores(process.argv[2] ?? '', embedder)
process.stdout.write('ready\n')
await new IngestionWorker(workerDeps(stores, embedder)).runUntilIdle(new AbortController().signal)
process.exit(0)
