/**
 * Builds the table of another model while the model of the table that answers can not be had, so that no document can be published: what is
 * published already goes into the new table, which takes over when it lacks nothing; new documents wait until then.
 * Neighbours: main runs this in place of the worker; build-indexes does the work.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Ledger } from '../src/store/ledger.ts'
import type { Originals } from '../src/store/originals.ts'
import { processIdentity } from '../src/store/process-identity.ts'
import { IndexBuilder } from './build-indexes.ts'
import type { IndexTarget } from './index-target.ts'
import { IndexWriter } from './index-writer.ts'
import { defaultModelWaitsMs } from './patient-call.ts'
import { reconcile } from './reconcile.ts'
import { WriterLease } from './writer-lease.ts'

/** Between two tries to get the right to write. */
const pollMs = 300

export interface BuildAloneDeps {
  readonly ledger: Ledger
  readonly originals: Originals
  readonly target: IndexTarget
  readonly logger: Logger
}

/** Until the signal is raised. */
export const buildAlone = async (deps: BuildAloneDeps, signal: AbortSignal): Promise<void> => {
  const { ledger, target } = deps
  while (!signal.aborted) {
    const lease = await WriterLease.acquire(ledger.leases, processIdentity())
    if (lease === undefined) {
      await sleep(pollMs, undefined, { signal }).catch(() => undefined)
      continue
    }
    try {
      const held = AbortSignal.any([signal, lease.lost])
      const writer = new IndexWriter({ ledger, indexes: [target.index] })
      await reconcile({ ...deps, targets: [target], writer }, held)
      await new IndexBuilder({ ...deps, writer, targets: [target], modelWaitsMs: defaultModelWaitsMs }).run(held)
    } finally {
      await lease[Symbol.asyncDispose]()
    }
  }
}
