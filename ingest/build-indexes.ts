/**
 * Fills the tables of the index with what they lack: another model's new table, or rows that were lost. Works on the pages in the ledger, one
 * revision after the other; when the upcoming table lacks nothing, it takes over.
 * Invariant: the ledger says what is missing, so an interrupted build goes on where it was. Neighbours: worker -> here -> index-revision.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { KuraError } from '../src/core/errors.ts'
import type { RevisionId } from '../src/core/ids.ts'
import type { Ledger } from '../src/store/ledger.ts'
import { indexRevision } from './index-revision.ts'
import type { IndexTarget } from './index-target.ts'
import type { IndexWriter } from './index-writer.ts'
import { createPatientCall } from './patient-call.ts'

/** Between two looks for what the tables lack. */
const pollMs = 2_000

export interface IndexBuilderDeps {
  readonly ledger: Ledger
  readonly writer: IndexWriter
  /** The table that answers first. */
  readonly targets: readonly IndexTarget[]
  readonly logger: Logger
  readonly modelWaitsMs: readonly number[]
}

export class IndexBuilder {
  readonly #deps: IndexBuilderDeps
  /** Revisions that could not be indexed; tried again by the next process. */
  readonly #failed = new Set<RevisionId>()

  constructor(deps: IndexBuilderDeps) {
    this.#deps = deps
  }

  /** Until the signal is raised. Never throws: what goes wrong is tried again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (await this.#buildNext(signal)) continue
      } catch (error) {
        if (signal.aborted) return
        this.#deps.logger.warn({ err: error }, 'the building of the index is interrupted')
      }
      await sleep(pollMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Whether there is something left to build that has not failed. */
  async hasMissing(): Promise<boolean> {
    for (const target of this.#deps.targets) if ((await this.#findMissing(target)) !== undefined) return true
    return false
  }

  /** @returns whether there may be more */
  async #buildNext(signal: AbortSignal): Promise<boolean> {
    const { ledger, targets, logger } = this.#deps
    if (await ledger.jobs.isPaused()) return false
    for (const target of targets) {
      const revisionId = await this.#findMissing(target)
      if (revisionId === undefined) continue
      await this.#build(target, revisionId, signal)
      return true
    }
    const upcoming = targets.at(-1)
    if (upcoming === undefined || (await ledger.indexes.activeFingerprint()) === upcoming.fingerprint) return false
    await ledger.indexes.activate(upcoming.fingerprint)
    logger.info({ model: upcoming.model.name }, 'questions are answered from the new index from now on')
    return false
  }

  async #findMissing({ fingerprint }: IndexTarget): Promise<RevisionId | undefined> {
    const missing = await this.#deps.ledger.indexes.missing(fingerprint, this.#failed.size + 1)
    return missing.find((id) => !this.#failed.has(id))
  }

  async #build(target: IndexTarget, revisionId: RevisionId, signal: AbortSignal): Promise<void> {
    try {
      await buildRevision(this.#deps, target, revisionId, signal)
    } catch (error) {
      signal.throwIfAborted()
      // Deleted meanwhile, or an engine that is down: neither is the revision's fault.
      if (error instanceof KuraError && (error.retryable || error.code === 'document_not_found')) throw error
      this.#failed.add(revisionId)
      this.#deps.logger.error({ err: error, revisionId }, 'a document could not be indexed anew')
    }
  }
}

const ignore = (): void => undefined

const buildRevision = async (
  { ledger, writer, modelWaitsMs }: IndexBuilderDeps,
  target: IndexTarget,
  revisionId: RevisionId,
  signal: AbortSignal,
): Promise<void> => {
  const source = await ledger.documents.sourceOf(revisionId)
  const pages = await ledger.pages.read(revisionId)
  if (source.head === null || pages.length === 0) {
    // The pages are gone: the way from the original on.
    await ledger.jobs.enqueue(revisionId)
    throw new KuraError('data_damaged', 'The pages of the document are not in the ledger: it is read once more.')
  }
  const chunks = isIndexed(source.head.format)
    ? await indexRevision(
        { ...source, revisionId, documentName: source.name, document: { ...source.head, pages } },
        {
          target,
          writer,
          callModel: createPatientCall(signal, modelWaitsMs),
          signal,
          onProgress: ignore,
          onAdvance: ignore,
        },
      )
    : 0
  await ledger.indexes.recordIndexed(revisionId, { fingerprint: target.fingerprint, chunks })
}

/** An archive's page is its table of contents, for people: what lies in it are documents of their own. */
export const isIndexed = (format: string): boolean => format !== 'zip'
