/**
 * The tuning that questions are answered with, kept at hand. In: the ledger's active tuning, read at the start and whenever it changes. Out: for an index, what
 * is applied to it. Invariant: a tuning is applied only to the index that it was fitted on; so another embedding model, or another cutting, is never bent by it.
 */
import type { EvidenceCalibration } from '../answer/calibration.ts'
import type { TuningId } from '../core/ids.ts'
import { defaultRankingParameters, type RankingParameters } from '../retrieval/ranking-parameters.ts'
import type { TuningStore } from '../store/tunings.ts'
import { adaptVector } from './query-adapter.ts'
import { parseStoredParts, type TunedParts } from './tuned-parts.ts'

export interface AppliedTuning {
  readonly id: TuningId
  readonly parameters: RankingParameters
  /** L2-normalised in, L2-normalised out. */
  readonly adaptQuery: (vector: Float32Array) => Float32Array
  /** undefined where the embedding model's own holds. */
  readonly calibration: EvidenceCalibration | undefined
}

export class ActiveTuning {
  readonly #store: Pick<TuningStore, 'active'>
  #fingerprint: string | undefined
  #applied: AppliedTuning | undefined

  private constructor(store: Pick<TuningStore, 'active'>) {
    this.#store = store
  }

  static async open(store: Pick<TuningStore, 'active'>): Promise<ActiveTuning> {
    const active = new ActiveTuning(store)
    await active.reload()
    return active
  }

  /** Holds from the next question on. */
  async reload(): Promise<void> {
    const stored = await this.#store.active()
    const parts = stored && parseStoredParts(stored.tuned)
    this.#fingerprint = stored?.fingerprint
    this.#applied = stored && parts && toApplied(stored.id, parts)
  }

  /** @param fingerprint of the index that a question is answered from; undefined where it is not known yet */
  appliedTo(fingerprint: string | undefined): AppliedTuning | undefined {
    return fingerprint !== undefined && fingerprint === this.#fingerprint ? this.#applied : undefined
  }
}

const toApplied = (id: TuningId, { parameters, adapter, calibration }: TunedParts): AppliedTuning => ({
  id,
  parameters: parameters ?? defaultRankingParameters,
  adaptQuery: adapter ? (vector) => adaptVector(adapter, vector) : (vector) => vector,
  calibration,
})
