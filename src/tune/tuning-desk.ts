/**
 * Tunings as jobs in the API process: begun, followed, cancelled, switched on and back. In: requests of an administrator. Out: records of the ledger.
 * Invariants: one runs at a time; what has won is active when its job ends, and holds from the next question on; closing the process leaves it `interrupted`,
 * with its questions kept. Neighbours: make-questions.ts and fit-tuning.ts do the work, active-tuning.ts applies it, src/http and src/cli call.
 */
import { evidenceCalibration } from '../answer/calibration.ts'
import { readPrompt } from '../answer/prompt-template.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { CollectionId, TuningId } from '../core/ids.ts'
import type { Embedder, GenerationModelInfo } from '../core/models.ts'
import type { Principal } from '../core/principal.ts'
import { Retriever } from '../retrieval/retriever.ts'
import type { ChunkIndex } from '../store/chunk-index.ts'
import type { Ledger } from '../store/ledger.ts'
import type { TuningRecord, TuningReport, TuningStage } from '../store/tuning-records.ts'
import type { ActiveTuning } from './active-tuning.ts'
import { CachingEmbedder } from './caching-embedder.ts'
import { defaultQuestions, secondsPerQuestion, secondsToCompare } from './estimate-seconds.ts'
import { CandidateFinder } from './find-candidates.ts'
import { type FittedTuning, fitTuning } from './fit-tuning.ts'
import { type HeldWriter, type MadeQuestions, makeQuestions } from './make-questions.ts'
import { samplePassages } from './sample-passages.ts'
import { toCases } from './split-cases.ts'
import { toStoredParts } from './tuned-parts.ts'

/** An index and the embedding model that made it. */
export interface TuningTarget {
  readonly index: ChunkIndex
  readonly embedder: Embedder
  readonly fingerprint: string
}

export interface TuningDeskDeps {
  readonly ledger: Ledger
  readonly active: ActiveTuning
  /** What questions are answered from now. @throws model_unavailable, index_damaged */
  readonly target: () => Promise<TuningTarget>
  readonly holdGenerator: () => HeldWriter
  /** Whether somebody waits for an answer now. */
  readonly isBusy: () => boolean
  readonly logger: { error(fields: object, message: string): void }
}

export interface TuningWish {
  readonly collectionIds: readonly CollectionId[]
  /** @default as many as the model writes in 40 minutes, 60 to 200 */
  readonly limit?: number | undefined
  /** @default 1 */
  readonly seed?: number | undefined
}

const cancelPollMs = 300
const progressEveryMs = 500

interface Run {
  readonly record: TuningRecord
  readonly principal: Principal
  readonly target: TuningTarget
  readonly writer: GenerationModelInfo | undefined
  readonly signal: AbortSignal
}

export class TuningDesk implements AsyncDisposable {
  readonly #deps: TuningDeskDeps
  readonly #closing = new AbortController()
  readonly #runs = new Set<Promise<void>>()

  constructor(deps: TuningDeskDeps) {
    this.#deps = deps
  }

  /**
   * Begins one; what is estimated is in the record.
   * @throws tuning_running, nothing_to_tune, model_unavailable, index_damaged
   */
  async start(principal: Principal, { collectionIds, limit, seed = 1 }: TuningWish): Promise<TuningRecord> {
    const { ledger, target: targetOf } = this.#deps
    if (collectionIds.length === 0) throw new KuraError('nothing_to_tune', 'There is no collection.')
    const target = await targetOf()
    const writer = await this.#writer()
    const questions = limit ?? defaultQuestions(writer)
    const record = await ledger.tunings.start(principal, {
      collectionIds,
      limit: questions,
      seed,
      embeddingModel: (await target.embedder.info()).name,
      fingerprint: target.fingerprint,
      generationModel: writer?.name ?? null,
      remainingSeconds: Math.round(questions * secondsPerQuestion(writer) + secondsToCompare(questions)),
    })
    const run = this.#run({ record, principal, target, writer })
    this.#runs.add(run)
    void run.finally(() => this.#runs.delete(run))
    return record
  }

  /** Newest first; `applied` is the one that questions are answered with now. */
  async list(principal: Principal): Promise<{ tunings: TuningRecord[]; applied: TuningId | null }> {
    const tunings = await this.#deps.ledger.tunings.list(principal)
    const active = tunings.find((each) => each.active)
    return { tunings, applied: this.#deps.active.appliedTo(active?.fingerprint)?.id ?? null }
  }

  /** @throws tuning_not_found */
  get(principal: Principal, id: TuningId): Promise<TuningRecord> {
    return this.#deps.ledger.tunings.get(principal, id)
  }

  /** It ends within a second, whichever process runs it; one that has ended stays as it is. @throws tuning_not_found */
  cancel(principal: Principal, id: TuningId): Promise<TuningRecord> {
    return this.#deps.ledger.tunings.requestCancel(principal, id)
  }

  /** @throws tuning_not_found, tuning_not_applicable where it has not won, or belongs to another index than the one in use */
  async activate(principal: Principal, id: TuningId): Promise<TuningRecord> {
    const { ledger, active, target } = this.#deps
    const record = await ledger.tunings.get(principal, id)
    const { fingerprint } = await target()
    if (record.fingerprint !== fingerprint) {
      throw new KuraError(
        'tuning_not_applicable',
        'It was fitted on another index: of another embedding model or version.',
      )
    }
    const activated = await ledger.tunings.activate(principal, id)
    await active.reload()
    return activated
  }

  /** The untuned system answers from the next question on. */
  async revert(principal: Principal): Promise<void> {
    await this.#deps.ledger.tunings.revert(principal)
    await this.#deps.active.reload()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await Promise.all(this.#runs)
  }

  /** undefined where no model may write. */
  async #writer(): Promise<GenerationModelInfo | undefined> {
    using writing = this.#deps.holdGenerator()
    return await writing.generator?.info()
  }

  /** Never throws: what fails is in the record. */
  async #run(begun: Omit<Run, 'signal'>): Promise<void> {
    const { ledger, logger } = this.#deps
    const { id } = begun.record
    const cancelling = new AbortController()
    const poll = setInterval(() => {
      ledger.tunings.isCancelRequested(id).then(
        (requested) => requested && cancelling.abort(),
        () => undefined,
      )
    }, cancelPollMs)
    const signal = AbortSignal.any([this.#closing.signal, cancelling.signal])
    try {
      await this.#tune({ ...begun, signal })
    } catch (error) {
      const isEnded = signal.aborted && (isAbort(error) || error instanceof KuraError)
      if (!isEnded && !(error instanceof KuraError)) logger.error({ err: error, tuning: id }, 'a tuning failed')
      const failure = error instanceof KuraError ? error : new KuraError('internal', 'The tuning failed.')
      const end = isEnded
        ? ledger.tunings.end(id, this.#closing.signal.aborted ? 'interrupted' : 'cancelled', null)
        : ledger.tunings.end(id, 'failed', { code: failure.code, message: failure.message })
      await end.catch((failed: unknown) => logger.error({ err: failed, tuning: id }, 'a tuning could not be ended'))
    } finally {
      clearInterval(poll)
    }
  }

  async #tune(run: Run): Promise<void> {
    const { ledger, active } = this.#deps
    const { record, principal, signal, target } = run
    const { collectionIds, limit, seed } = record
    const embedder = new CachingEmbedder(target.embedder)
    const passages = await samplePassages({ ledger, index: target.index }, principal, {
      collectionIds,
      limit,
      seed,
      signal,
    })
    if (passages.length === 0)
      throw new KuraError('nothing_to_tune', 'The collections hold no text that can be asked for.')
    const hidden = await ledger.documents.hidden(collectionIds)
    const finder = new CandidateFinder({ index: target.index, embedder, collectionIds, hidden })
    const prompt = await readPrompt('write-question')
    const making = { ...this.#deps, prompt, find: finder.find.bind(finder) }
    const model = record.generationModel
    const made = await makeQuestions(making, passages, { model, seed, signal, onProgress: this.#reportWriting(run) })
    const fitted = await fitTuning(toCases(made.found), {
      principal,
      collectionIds,
      signal,
      embedder,
      seed,
      calibration: await evidenceCalibration(record.embeddingModel),
      createRetriever: (tuned) => new Retriever({ ...tuned, ledger, embedder, index: async () => target.index }),
      onStage: this.#reportComparing(run, made.found.length),
    })
    signal.throwIfAborted()
    const isStillUsed = (await this.#deps.target()).fingerprint === record.fingerprint
    const tuned = fitted.parts && toStoredParts(fitted.parts)
    await ledger.tunings.finish(record.id, reportOf(made, fitted), { tuned, isActive: isStillUsed })
    await active.reload()
  }

  #reporter({ record }: Run) {
    let last = 0
    let lastStage: TuningStage | undefined
    return async (stage: TuningStage, done: number, total: number, remainingSeconds: number): Promise<void> => {
      if (stage === lastStage && done < total && Date.now() - last < progressEveryMs) return
      last = Date.now()
      lastStage = stage
      await this.#deps.ledger.tunings.setProgress(record.id, { stage, done, total, remainingSeconds })
    }
  }

  /** As fast as it has been so far; what the engine says of itself, at first. */
  #reportWriting(run: Run) {
    const report = this.#reporter(run)
    const begun = Date.now()
    return (done: number, total: number): Promise<void> => {
      const measured = done < 3 ? secondsPerQuestion(run.writer) : (Date.now() - begun) / 1000 / done
      return report('writing', done, total, measured * (total - done) + secondsToCompare(total))
    }
  }

  #reportComparing(run: Run, questions: number) {
    const report = this.#reporter(run)
    return (stage: 'fitting' | 'comparing', done: number, total: number): Promise<void> =>
      report(stage, done, total, secondsToCompare(questions) * (1 - done / Math.max(1, total)))
  }
}

const reportOf = (
  { tried, found, rejected }: MadeQuestions,
  { split, ranking, refusal }: FittedTuning,
): TuningReport => {
  const origins: Partial<Record<(typeof found)[number]['question']['origin'], number>> = {}
  for (const { question } of found) origins[question.origin] = (origins[question.origin] ?? 0) + 1
  const { fit, heldOut } = split
  return {
    questions: { tried, kept: found.length, fit: fit.length, heldOut: heldOut.length, rejected, origins },
    ranking,
    refusal,
  }
}
