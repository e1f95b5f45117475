/** Synthetic cases for the tests of tuning: questions and candidates made of numbers by a seed. */
import type { ChunkId, CollectionId, DocumentId, RevisionId } from '../../src/core/ids.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import type { CandidateFeatures } from '../../src/retrieval/rank-candidates.ts'
import { type TuningCase, toCases } from '../../src/tune/split-cases.ts'

const dimensions = 32
const candidateCount = 20

const unit = (vector: Float32Array): Float32Array => {
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}

export const randomUnit = (random: () => number): Float32Array =>
  unit(Float32Array.from({ length: dimensions }, () => random() * 2 - 1))

export const cosineOf = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)

/** A vector of a question for the vector of its passage. */
type Ask = (right: Float32Array, random: () => number) => Float32Array

/** @param words BM25 of the right and of the other candidates */
export const makeCases = (
  count: number,
  ask: Ask,
  words: { readonly right: number; readonly others: number } = { right: 0, others: 0 },
  seed = 1,
): TuningCase[] => {
  const random = seededRandom(seed)
  return toCases(
    Array.from({ length: count }, (_, i) => {
      const vectors = Array.from({ length: candidateCount }, () => randomUnit(random))
      const vector = unit(ask(vectors[0] as Float32Array, random))
      const ids = vectors.map((_vector, k) => `rev_${i}.${k}` as ChunkId)
      const candidates = ids.map(
        (id, k): CandidateFeatures => ({
          id,
          languageBonus: 0,
          vector: cosineOf(vector, vectors[k] as Float32Array),
          text: (k === 0 ? words.right : words.others) + random() * 0.1,
        }),
      )
      const question = {
        collectionId: 'col_1' as CollectionId,
        documentId: `doc_${i % 12}` as DocumentId,
        revisionId: `rev_${i}` as RevisionId,
        passageId: `rev_${i}.0` as ChunkId,
        ordinal: i,
        question: `Question ${i}?`,
        language: 'en',
        passageLanguage: 'en',
        answer: `Answer ${i}.`,
        origin: 'model',
        model: 'fake',
      } as const
      return {
        question,
        candidates: {
          vector,
          vectors,
          features: { coverage: 0.2, coveredInOwnLanguage: true, candidates },
          chunks: new Map(),
          right: new Set([ids[0] as ChunkId]),
        },
      }
    }),
  )
}
