/**
 * Learns the adapter of query-adapter.ts: a contrastive loss over cached vectors, the passages that hold the answer against those that the lanes found beside
 * them (hard negatives) and the answers of other questions (in-batch negatives). In: cases. Out: an adapter, or undefined where none does better on
 * questions that it was not learnt on than to change nothing. Chance comes from a seed; the pull towards the identity is strong, as questions are few.
 * Neighbour: fit-tuning.ts tells whether it adds to what the parameters give by themselves.
 */

import { dotProduct } from '../core/dot-product.ts'
import { seededRandom, shuffled } from '../core/seeded-random.ts'
import { pairedDifference, reciprocalOf } from './figures.ts'
import { giveWay } from './give-way.ts'
import { moved, normOf, projected, type QueryAdapter } from './query-adapter.ts'
import { type SplitCases, splitCases, type TuningCase } from './split-cases.ts'

/** Few directions for few questions: 6,144 numbers with 384 dimensions. */
const rank = 8
/** Cosines of e5 models lie close together. */
const temperature = 0.03
const epochs = 12
const learningRate = 0.003
/** Adam (Kingma and Ba 2015), with its usual constants. */
const [meanDecay, squareDecay, tiny] = [0.9, 0.999, 1e-8]
/** Of the squared size of `outward`, for each question: holds the map near the identity. */
const identityPull = 0.02
const hardNegatives = 40
const batchNegatives = 15
const validationShare = 0.3
const minCases = 24

interface Example {
  /** Questions on one passage go together. */
  readonly cluster: string
  readonly query: Float32Array
  readonly vectors: readonly Float32Array[]
  /** Added to the cosines (language-bias.ts). */
  readonly bonuses: readonly number[]
  readonly isRight: readonly boolean[]
}

const toExamples = (cases: readonly TuningCase[], random: () => number): Example[] => {
  const answers = cases.map(({ candidates }) => {
    const at = candidates.features.candidates.findIndex(({ id }) => candidates.right.has(id))
    return { right: candidates.right, id: candidates.features.candidates[at]?.id, vector: candidates.vectors[at] }
  })
  return cases.map(({ candidates, question: { passageId: cluster } }) => {
    const { features, vectors, right, vector: query } = candidates
    const own = features.candidates.map(({ id, languageBonus }, i) => ({
      vector: vectors[i] ?? query,
      bonus: languageBonus,
      isRight: right.has(id),
      nearness: dotProduct(query, vectors[i] ?? query) + languageBonus,
    }))
    const negatives = own
      .filter(({ isRight }) => !isRight)
      .sort((a, b) => b.nearness - a.nearness)
      .slice(0, hardNegatives)
    const found = new Set(features.candidates.map(({ id }) => id))
    const others = shuffled(
      answers.flatMap(({ id, vector }) =>
        id && vector && !found.has(id) ? [{ vector, bonus: 0, isRight: false }] : [],
      ),
      random,
    ).slice(0, batchNegatives)
    const all = [...own.filter(({ isRight }) => isRight), ...negatives, ...others]
    return {
      cluster,
      query,
      vectors: all.map(({ vector }) => vector),
      bonuses: all.map(({ bonus }) => bonus),
      isRight: all.map((each) => each.isRight),
    }
  })
}

/** Softmax over the candidates: probabilities, and that of the right ones together. */
const judge = ({ vectors, bonuses, isRight }: Example, query: Float32Array) => {
  const logits = vectors.map((vector, i) => (dotProduct(query, vector) + (bonuses[i] ?? 0)) / temperature)
  const most = Math.max(...logits)
  const weights = logits.map((logit) => Math.exp(logit - most))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const probabilities = weights.map((weight) => weight / total)
  const right = probabilities.reduce((sum, p, i) => sum + (isRight[i] ? p : 0), 0)
  return { probabilities, right: Math.max(right, 1e-12) }
}

const unit = (vector: Float32Array): Float32Array => {
  const norm = normOf(vector) || 1
  return vector.map((value) => value / norm)
}

const lossOf = (adapter: QueryAdapter, examples: readonly Example[]): number =>
  examples.reduce((sum, example) => {
    const query = unit(moved(adapter, example.query, projected(adapter, example.query)))
    return sum - Math.log(judge(example, query).right)
  }, 0) / Math.max(1, examples.length)

/** By cosine alone. */
const reciprocalRankOf = (adapter: QueryAdapter, { query, vectors, bonuses, isRight }: Example): number => {
  const adapted = unit(moved(adapter, query, projected(adapter, query)))
  const scores = vectors.map((vector, i) => dotProduct(adapted, vector) + (bonuses[i] ?? 0))
  const best = Math.max(...scores.filter((_, i) => isRight[i]))
  return reciprocalOf(scores.filter((score) => score > best).length)
}

/** Moves one matrix against its gradient. */
class Adam {
  readonly #mean: Float32Array
  readonly #square: Float32Array
  #steps = 0

  constructor(length: number) {
    this.#mean = new Float32Array(length)
    this.#square = new Float32Array(length)
  }

  step(values: Float32Array, gradient: Float32Array): void {
    this.#steps += 1
    const [meanScale, squareScale] = [1 - meanDecay ** this.#steps, 1 - squareDecay ** this.#steps]
    for (let i = 0; i < values.length; i += 1) {
      const slope = gradient[i] ?? 0
      const mean = meanDecay * (this.#mean[i] ?? 0) + (1 - meanDecay) * slope
      const square = squareDecay * (this.#square[i] ?? 0) + (1 - squareDecay) * slope * slope
      this.#mean[i] = mean
      this.#square[i] = square
      values[i] = (values[i] ?? 0) - (learningRate * (mean / meanScale)) / (Math.sqrt(square / squareScale) + tiny)
    }
  }
}

const startAdapter = (dimensions: number, random: () => number): QueryAdapter => ({
  dimensions,
  rank,
  // Directions at random, of length about 1; nothing is moved along them yet.
  inward: Float32Array.from(
    { length: rank * dimensions },
    () => ((random() * 2 - 1) * Math.sqrt(3)) / Math.sqrt(dimensions),
  ),
  outward: new Float32Array(rank * dimensions),
})

/** Gradients of the loss of one example and of the pull, by hand: softmax, then the norm, then the two matrices. */
const gradientsOf = (adapter: QueryAdapter, example: Example) => {
  const { dimensions } = adapter
  const hidden = projected(adapter, example.query)
  const sum = moved(adapter, example.query, hidden)
  const norm = normOf(sum) || 1
  const query = sum.map((value) => value / norm)
  const { probabilities, right } = judge(example, query)
  const byQuery = new Float32Array(dimensions)
  for (const [j, p] of probabilities.entries()) {
    const slope = (p - (example.isRight[j] ? p / right : 0)) / temperature
    const vector = example.vectors[j]
    if (vector) for (let i = 0; i < dimensions; i += 1) byQuery[i] = (byQuery[i] ?? 0) + slope * (vector[i] ?? 0)
  }
  const along = dotProduct(byQuery, query)
  const bySum = byQuery.map((value, i) => (value - along * (query[i] ?? 0)) / norm)
  const outward = adapter.outward.map((value) => 2 * identityPull * value)
  const inward = new Float32Array(rank * dimensions)
  for (let r = 0; r < rank; r += 1) {
    const [reach, row] = [hidden[r] ?? 0, r * dimensions]
    let pushed = 0
    for (let i = 0; i < dimensions; i += 1) {
      outward[row + i] = (outward[row + i] ?? 0) + reach * (bySum[i] ?? 0)
      pushed += (bySum[i] ?? 0) * (adapter.outward[row + i] ?? 0)
    }
    for (let i = 0; i < dimensions; i += 1) inward[row + i] = pushed * (example.query[i] ?? 0)
  }
  return { inward, outward }
}

/** @param afterEpoch told the adapter as it is after each epoch */
const train = async (
  examples: readonly Example[],
  options: { readonly epochs: number; readonly seed: number; readonly signal: AbortSignal },
  afterEpoch: (adapter: QueryAdapter, epoch: number) => void,
): Promise<QueryAdapter> => {
  const random = seededRandom(options.seed)
  const adapter = startAdapter(examples[0]?.query.length ?? 0, random)
  const [inward, outward] = [new Adam(adapter.inward.length), new Adam(adapter.outward.length)]
  for (let epoch = 1; epoch <= options.epochs; epoch += 1) {
    for (const [i, example] of shuffled(examples, random).entries()) {
      if (i % 8 === 0) await giveWay(options.signal)
      const gradients = gradientsOf(adapter, example)
      outward.step(adapter.outward, gradients.outward)
      inward.step(adapter.inward, gradients.inward)
    }
    afterEpoch(adapter, epoch)
  }
  return adapter
}

export interface LearntAdapter {
  /** Learnt on all cases. */
  readonly adapter: QueryAdapter
  /** The same learnt on `fit`, to be tried on `heldOut`. */
  readonly trial: SplitCases & { readonly adapter: QueryAdapter }
}

const copyOf = (adapter: QueryAdapter): QueryAdapter => ({
  ...adapter,
  inward: adapter.inward.slice(),
  outward: adapter.outward.slice(),
})

/**
 * How long to learn, and whether it helps more than by chance, is found out on a part of the cases that is left out; then it is learnt on all of them.
 * @throws AbortError
 */
export const fitAdapter = async (
  cases: readonly TuningCase[],
  options: { readonly seed: number; readonly signal: AbortSignal },
): Promise<LearntAdapter | undefined> => {
  const { seed, signal } = options
  const split = splitCases(cases, seed + 1, validationShare)
  const { fit, heldOut } = split
  if (fit.length + heldOut.length < minCases || fit.length === 0 || heldOut.length === 0) return undefined
  const examplesOf = (some: readonly TuningCase[]) => toExamples(some, seededRandom(seed))
  const [learnt, judged] = [examplesOf(fit), examplesOf(heldOut)]
  const identity = startAdapter(learnt[0]?.query.length ?? 0, seededRandom(seed))
  let best = { loss: lossOf(identity, judged), epochs: 0, adapter: identity }
  await train(learnt, { epochs, seed, signal }, (adapter, epoch) => {
    const loss = lossOf(adapter, judged)
    if (loss < best.loss) best = { loss, epochs: epoch, adapter: copyOf(adapter) }
  })
  // The loss also falls where the map only makes everything less sure.
  const pairs = judged.map((each) => ({
    cluster: each.cluster,
    before: reciprocalRankOf(identity, each),
    after: reciprocalRankOf(best.adapter, each),
  }))
  if (pairedDifference(pairs, seed).low <= 0) return undefined
  const adapter = await train(examplesOf(cases), { epochs: best.epochs, seed, signal }, () => undefined)
  return { adapter, trial: { ...split, adapter: best.adapter } }
}
