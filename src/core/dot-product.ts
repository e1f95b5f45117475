/** Dot product of two vectors of the same length; of L2-normalised ones their cosine. */
export const dotProduct = (a: Float32Array, b: Float32Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}
