/**
 * Finds documents of nearly the same text: seven versions of a manual that were uploaded as seven documents should not go unnoticed.
 * In: texts. Out: signatures to be kept, and how similar two texts are by their signatures alone.
 * Bottom-k sketch (Cohen and Kaplan, "Summarizing data using bottom-k sketches", 2007): of the hashes of all word triples the
 * smallest are kept; the share of common ones among the smallest of both estimates the share of common triples. Exact for short texts.
 * Neighbours: ingest-document computes them, the ledger keeps them.
 */
import { searchTerms } from '../src/core/search-terms.ts'

/** Error about 1 / sqrt(k): 6 %. */
const sketchSize = 256
const shingleTerms = 3
/** Fewer triples say nothing: a form's heading, a cover. */
const minShingles = 30
/** A revision of a manual with changed values has more in common than that. */
export const nearDuplicateSimilarity = 0.7
/** Terms are made of slices of this length: the term splitter works on whole strings. */
const sliceLength = 100_000

/** FNV-1a over UTF-16 code units, then mixed (murmur3's finaliser) so that small values are as good as random. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** @returns base64 of the sorted sketch; '' for a text with too few words to compare */
export const signatureOf = (texts: Iterable<string>): string => {
  const hashes = new Set<number>()
  for (const text of texts) {
    for (let start = 0; start < text.length; start += sliceLength) {
      const terms = searchTerms(text.slice(start, start + sliceLength))
      for (let i = 0; i + shingleTerms <= terms.length; i += 1)
        hashes.add(hashOf(terms.slice(i, i + shingleTerms).join(' ')))
    }
  }
  if (hashes.size < minShingles) return ''
  const sketch = Uint32Array.from(hashes).sort().subarray(0, sketchSize)
  return Buffer.from(sketch.buffer, sketch.byteOffset, sketch.byteLength).toString('base64')
}

const sketchOf = (signature: string): Uint32Array => {
  const bytes = Buffer.from(signature, 'base64')
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(i * 4))
}

/** @returns 0 to 1, the estimated share of common word triples */
export const similarityOf = (a: string, b: string): number => {
  const [first, second] = [sketchOf(a), sketchOf(b)]
  const [inFirst, inSecond] = [new Set(first), new Set(second)]
  const union = Uint32Array.from(new Set([...first, ...second]))
    .sort()
    .subarray(0, sketchSize)
  return union.filter((hash) => inFirst.has(hash) && inSecond.has(hash)).length / union.length
}
