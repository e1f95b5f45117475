/**
 * A light map on the vectors of questions, which moves them nearer to where their passages lie: q' = (q + U V q) / |q + U V q|, U and V of a low rank. In: U
 * and V, as fitted (fit-adapter.ts) or read back. Out: a function for the retriever. Invariant: what comes out has the length and the norm of what came in
 * (dimensions; 1), so that cosines stay cosines. Passages are not touched: nothing is embedded again.
 */
import { z } from 'zod'

export interface QueryAdapter {
  readonly dimensions: number
  readonly rank: number
  /** Row-major, rank rows of `dimensions`: what of a question is looked at. */
  readonly inward: Float32Array
  /** Row-major, rank rows of `dimensions`: where it is moved. All 0: nothing is changed. */
  readonly outward: Float32Array
}

/** How far a question reaches into each of the directions that are looked at; length = rank. */
export const projected = ({ dimensions, rank, inward }: QueryAdapter, vector: Float32Array): Float32Array => {
  const hidden = new Float32Array(rank)
  for (let r = 0; r < rank; r += 1) {
    let sum = 0
    for (let i = 0; i < dimensions; i += 1) sum += (inward[r * dimensions + i] ?? 0) * (vector[i] ?? 0)
    hidden[r] = sum
  }
  return hidden
}

/** Before it is brought back to length 1. */
export const moved = (adapter: QueryAdapter, vector: Float32Array, hidden: Float32Array): Float32Array => {
  const { dimensions, rank, outward } = adapter
  const sum = Float32Array.from(vector)
  for (let r = 0; r < rank; r += 1) {
    const reach = hidden[r] ?? 0
    for (let i = 0; i < dimensions; i += 1) sum[i] = (sum[i] ?? 0) + reach * (outward[r * dimensions + i] ?? 0)
  }
  return sum
}

export const normOf = (vector: Float32Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))

/** @param vector of `adapter.dimensions` numbers, L2-normalised; another length comes back as it is */
export const adaptVector = (adapter: QueryAdapter, vector: Float32Array): Float32Array => {
  if (vector.length !== adapter.dimensions) return vector
  const sum = moved(adapter, vector, projected(adapter, vector))
  const norm = normOf(sum)
  return norm > 0 && Number.isFinite(norm) ? sum.map((value) => value / norm) : vector
}

const base64 = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')
const floats = (text: string): Float32Array => {
  const bytes = Buffer.from(text, 'base64')
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(4 * i))
}

/** As it is kept: 32-bit floats, little endian, base64. */
export const storedAdapter = z.strictObject({
  dimensions: z.number().int().positive(),
  rank: z.number().int().positive(),
  inward: z.string(),
  outward: z.string(),
})
export type StoredAdapter = z.infer<typeof storedAdapter>

export const toStoredAdapter = ({ dimensions, rank, inward, outward }: QueryAdapter): StoredAdapter => ({
  dimensions,
  rank,
  inward: base64(inward),
  outward: base64(outward),
})

/** undefined where the numbers are not as many as they should be, or not finite. */
export const fromStoredAdapter = ({ dimensions, rank, ...stored }: StoredAdapter): QueryAdapter | undefined => {
  const [inward, outward] = [floats(stored.inward), floats(stored.outward)]
  const isWhole = [inward, outward].every((each) => each.length === dimensions * rank && each.every(Number.isFinite))
  return isWhole ? { dimensions, rank, inward, outward } : undefined
}
