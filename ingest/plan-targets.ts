/**
 * Which tables of the index are to be written with which engine. In: the table that answers and the engines that are up. Out: the engine for
 * that table, and the table that is to take over.
 * Invariant: a table never gets vectors of another model than it was made with; a new way to cut chunks may go into it.
 * Neighbours: main opens what is planned here.
 */
import type { Embedder, EmbeddingModelInfo } from '../src/core/models.ts'
import { hasSameVectors, indexFingerprint } from './chunk/index-fingerprint.ts'

export interface ReadyEngine {
  /** What the ledger calls the model. */
  readonly name: string
  readonly embedder: Embedder
  readonly model: EmbeddingModelInfo
}

export interface PlannedTarget {
  readonly engine: ReadyEngine
  readonly fingerprint: string
}

export interface TargetPlan {
  /** The table that answers; undefined where no engine that is up has its model. */
  readonly answering?: PlannedTarget
  readonly upcoming?: PlannedTarget
}

/** @param wished the engine whose table is to answer; undefined while it is not up */
export const planTargets = (
  active: { readonly fingerprint: string } | undefined,
  engines: readonly ReadyEngine[],
  wished: ReadyEngine | undefined,
): TargetPlan => {
  const own = wished && { engine: wished, fingerprint: indexFingerprint(wished.model) }
  // In a new data folder there is nothing that another table could take over from.
  if (active === undefined) return own ? { answering: own } : {}
  const { fingerprint } = active
  const engine = engines.find(({ model }) => hasSameVectors(indexFingerprint(model), fingerprint))
  return {
    ...(engine && { answering: { engine, fingerprint } }),
    ...(own && own.fingerprint !== fingerprint && { upcoming: own }),
  }
}
