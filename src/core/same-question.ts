/**
 * Whether two questions ask for the same thing, so that the answer to one may be given for the other. In: their texts and, where an engine
 * embeds, their vectors of `question-vectors.ts`. Out: yes or no. Pure; the gap list groups by it, verified answers are found by it.
 * Invariant: questions of different numbers, codes or interrogatives (who, where, how often …) are never the same.
 *
 * Vectors alone do not tell: with multilingual-e5-small "changed" and "checked", "gloves" and "goggles" come out at 0.78 to 0.89 of centred
 * cosine, true paraphrases at 0.80 to 0.96. So within a language the words must agree; across languages there are only vectors, figures, names.
 */
import { stemmer } from 'stemmer'
import type { Language } from './document.ts'
import { foldText, functionWords } from './search-terms.ts'

export interface ComparedQuestion {
  readonly text: string
  readonly language: Language
  /** Centred, as `embedQuestions` makes it; undefined where no engine embeds. */
  readonly vector?: Float32Array | undefined
}

/**
 * Measured with multilingual-e5-small, every question of one language against every one of the other: xquad (250 parallel questions, English
 * and Chinese) 35 % of the right pairs and 2 of 62,250 wrong ones are taken for the same; neuron (100 headings of one manual, many alike but
 * for a word) 69 % and 17 of 9,900.
 */
const minAcrossLanguages = 0.62
/** Below it even the same words ask for something else. */
const minSameWords = 0.6
/** Other words for the same thing; only for the gap list, where a person looks at the group. */
const minOtherWords = 0.87

/** What is asked for. "What" and "which" may ask for anything. */
const interrogatives = {
  interval: /how (?:often|frequently)|interval|frequency|多久|多长时间|频率|频度|周期|间隔|频繁/g,
  duration: /how long|多久|多长时间|どのくらいの时间|何时间/g,
  person: /\bwho(?:m|se)?\b|谁|哪位|だれ|どなた/g,
  place: /\bwhere\b|在?哪[里儿]?|何处|どこ/g,
  time: /\bwhen\b|何时(?!间)|什么时候|几时|多久|いつ/g,
  amount: /how (?:much|many)|多少|几个|几次|いくつ|いくら|何个|何本|何回/g,
  reason: /\bwhy\b|为什么|为何|なぜ|どうして/g,
  way: /\bhow\b(?! (?:often|frequently|long|much|many))|怎么|怎样|如何|どうやって|どのように/g,
  thing: /\bwh(?:at|ich)\b|什么|哪些|哪个|何|どの|どれ|多大|多长|多高/g,
} as const

const cjk = /[\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}ー]/u
const content = /[\p{Script=Han}\p{Script=Katakana}ー]|[\p{Script=Latin}\p{M}'’-]+|\p{Script=Hangul}+/gu
/** Grammar and politeness of Chinese and Japanese questions. */
const grammar = new Set([...'的了吗呢吧是在有要会能可以请问应该须需得把被将为个次一时候使用放和与及所之其'])
const light = new Set(
  ['need', 'find', 'must', 'please', 'tell', 'get', 'got', 'mean', 'meaning', 'there', 'used', 'use', 'value'].map(
    (word) => stemmer(word),
  ),
)
/** Where these stand, it matters what comes first. */
const ordering = /\b(?:before|after|than|instead|from|between)\b|前|后|比|先|から|より/

/** The text without what does not tell questions apart: width, case, script variants, blanks, marks. */
export const questionKey = (text: string): string => foldText(text).replaceAll(/[^\p{L}\p{N}]+/gu, '')

interface Parts {
  readonly kinds: ReadonlySet<string>
  readonly words: readonly string[]
  readonly figures: string
  /** Latin words of a text in another script, which are names there. */
  readonly names: readonly string[]
}

/** Numbers, and codes without their hyphens: `e302`, `60`. */
const figuresOf = (folded: string): string =>
  [...folded.matchAll(/(?:\b[a-z]{1,4}[- ]?)?\d[\d.,/-]*(?:[a-z]{1,3}\b)?/g)]
    .map(([figure]) => figure.replaceAll(/[^a-z\d.]/g, '').replace(/\.$/, ''))
    .map((figure) => /^([a-z]*)(.*?)([a-z]*)$/.exec(figure)?.slice(1) ?? [])
    .map(([before = '', number = '']) => (functionWords.has(before) ? number : before + number))
    .sort()
    .join(' ')

const partsOf = (text: string): Parts => {
  const folded = foldText(text)
  const kinds = new Set<string>()
  let rest = folded
  for (const [kind, pattern] of Object.entries(interrogatives)) {
    if (kind !== 'thing' && folded.search(pattern) >= 0) kinds.add(kind)
    rest = rest.replaceAll(pattern, ' ')
  }
  const words: string[] = []
  const names: string[] = []
  for (const [run] of rest.replaceAll(/['’](?:s|re|ll|ve|d|m)\b/g, '').matchAll(content)) {
    if (cjk.test(run)) {
      if (!grammar.has(run)) words.push(run)
      continue
    }
    const stem = stemmer(run.replaceAll(/[^\p{L}\p{M}]/gu, ''))
    if (stem === '' || functionWords.has(run) || light.has(stem)) continue
    words.push(stem)
    if (stem.length > 1) names.push(run)
  }
  return { kinds, words, figures: figuresOf(folded), names }
}

const hasSameKind = (a: Parts, b: Parts): boolean =>
  a.kinds.size === 0 || b.kinds.size === 0 || [...a.kinds].some((kind) => b.kinds.has(kind))

const hasSameWords = (a: Parts, b: Parts, areOrdered: boolean): boolean => {
  if (a.words.length === 0 || b.words.length === 0) return false
  if (areOrdered) return a.words.join(' ') === b.words.join(' ')
  const [inA, inB] = [new Set(a.words), new Set(b.words)]
  return inA.size === inB.size && [...inA].every((word) => inB.has(word))
}

const isCjkText = (text: string): boolean => cjk.test(text)

/** A plain loop: it runs once for each gap of a collection. */
const cosine = (a: Float32Array, b: Float32Array): number => {
  if (a.length !== b.length) return 0
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

/** A name in a Chinese question ("AWS", "CNC") stands in the English one as well. */
const hasNamesOf = (east: Parts, west: Parts): boolean => {
  const known = new Set(west.names)
  return east.names.every((name) => known.has(name))
}

interface Comparison {
  readonly similarity: number | undefined
  readonly sameWords: boolean
  readonly isAcross: boolean
}

const similarityOf = ({ vector: a }: ComparedQuestion, { vector: b }: ComparedQuestion): number | undefined =>
  a && b && cosine(a, b)

/** Nothing of the words can make these the same: a look at the vectors spares the rest, which takes 0.1 to 0.5 ms. */
const isFarApart = (a: ComparedQuestion, b: ComparedQuestion): boolean => (similarityOf(a, b) ?? 1) < minSameWords

/** undefined where something decisive differs. */
const compare = (a: ComparedQuestion, b: ComparedQuestion): Comparison | undefined => {
  const [ofA, ofB] = [partsOf(a.text), partsOf(b.text)]
  if (ofA.figures !== ofB.figures || !hasSameKind(ofA, ofB)) return undefined
  const similarity = similarityOf(a, b)
  const [cjkA, cjkB] = [isCjkText(a.text), isCjkText(b.text)]
  const isAcross = cjkA !== cjkB || (cjkA && (a.language === 'ja') !== (b.language === 'ja'))
  if (cjkA !== cjkB && !(cjkA ? hasNamesOf(ofA, ofB) : hasNamesOf(ofB, ofA))) return undefined
  const areOrdered = ordering.test(foldText(a.text)) || ordering.test(foldText(b.text))
  return { similarity, sameWords: hasSameWords(ofA, ofB, areOrdered), isAcross }
}

/** Whether the answer to one may be given for the other without anybody looking. */
export const isSameQuestion = (a: ComparedQuestion, b: ComparedQuestion): boolean => {
  if (isFarApart(a, b)) return false
  if (questionKey(a.text) === questionKey(b.text)) return true
  const found = compare(a, b)
  if (found === undefined) return false
  if (found.sameWords) return true
  return found.isAcross && (found.similarity ?? 0) >= minAcrossLanguages
}

/**
 * How much a question belongs to the group of another, 0 to 1; undefined where it does not. Looser than `isSameQuestion`: other words for the
 * same thing count, as a person sees the group before anything is answered.
 */
export const groupLikeness = (a: ComparedQuestion, b: ComparedQuestion): number | undefined => {
  if (isFarApart(a, b)) return undefined
  if (questionKey(a.text) === questionKey(b.text)) return 1
  if (isSameQuestion(a, b)) return 0.99
  const similarity = compare(a, b)?.similarity ?? 0
  return similarity >= minOtherWords ? similarity : undefined
}
