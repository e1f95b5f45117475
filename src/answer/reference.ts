/**
 * What "it", "this filter" and "in this case" stand for: something that a sentence before has named. In: canonical texts (number-words.ts) of a sentence and of those
 * before it in its passage. Out: whether it leans on them, and the words of a statement that name another thing than is meant. Pure. Neighbours: passage-grounds.ts joins
 * such sentences, judge-support.ts asks whether a statement takes them for what they mean.
 */
import { clausesOf, isBareCondition } from './clauses.ts'
import { contentWords, holdsExactly, type Word, wordGround } from './content-words.ts'
import { figuresOf, holdsCode } from './figures.ts'

const pronoun =
  /^\s*(?:(?:if|when|whenever|once|after|before|while|until|unless|as soon as)\s(?:[a-z]+ing\s)?)?(?:it(?! (?:is|was|has been|can be|must be|should be) (?:\w+ that|(?:recommended|necessary|important|possible|required|advisable|forbidden|allowed) to)\b)|they|this|these|those|its|their|he|she|his|her|both|such|(?:in|under|for) (?:this|that|these|those|such) (?:case|event|situation|condition)s?)\b|^\s*[a-z]+ (?:it|them)\b|^\s*(?:若|如果?|当|當|待|将|將|把|对|對)?(?:它|其(?!他|它|余|餘|中|次)|該|该|此|這|这|[他她](?!人))|^\s*(?:これ|それ|この|その|同|当該|彼(?!岸))/iu

/** Such a sentence says what it speaks of in the one before. */
export const beginsWithPronoun = (text: string): boolean => pronoun.test(text)

const inThisCase =
  /^\s*(?:in|under|for) (?:this|that|these|those|such) (?:case|event|situation|condition)s?\b|^\s*(?:[此這这]時|[此这]时|在?[此這这该該][種种]?(?:情況|情况)|(?:この|その)(?:場合|场合|際|际|時|时))/iu

/** What of a statement must be told where "in this case" is: not the case itself. */
export const withoutCase = (statement: string, pronounPart: string): string =>
  inThisCase.test(pronounPart)
    ? clausesOf(statement)
        .filter(({ text }) => !isBareCondition(text))
        .map(({ text }) => text)
        .join(' , ')
    : statement

/** "The oil must be changed" goes on about what has the oil, where the sentence before speaks of it. */
export const goesOnAboutThing = (text: string, before: string): boolean => {
  const thing = /^\s*the ([a-z]{2,})\b/i.exec(text)?.[1]
  const [word] = thing === undefined ? [] : contentWords(thing)
  return word !== undefined && holdsExactly(word, wordGround(before))
}

const latinTokens = (text: string): string[] => text.toLowerCase().match(/[a-zà-ɏ]+|[^\sa-zà-ɏ]/g) ?? []
const stemOf = (token: string): string => contentWords(token)[0]?.stem ?? token
const pointers = new Set(['the', 'this', 'that', 'these', 'those', 'such', 'said'])

/** Nouns that stand right behind "the" or "this", by their stems. */
const pointedAt = (tokens: readonly string[]): Set<string> =>
  new Set(
    tokens.flatMap((token, i) =>
      pointers.has(tokens[i - 1] ?? '') && contentWords(token).length > 0 ? [stemOf(token)] : [],
    ),
  )

/** What stands right before a noun and tells it from others of its kind: "return" of the return filter. */
const kindsOf = (tokens: readonly string[], noun: string): string[] =>
  tokens.flatMap((token, i) => {
    const before = tokens[i - 1]
    return stemOf(token) === noun && before !== undefined && contentWords(before).length > 0 ? [stemOf(before)] : []
  })

/** The words right before a noun that is pointed at: "oscillating cylinder steam" of "These engines are used in toys". */
export const lentNames = (statement: string, source: string): ReadonlySet<string> => {
  const said = latinTokens(source)
  const [nouns, own] = [pointedAt(said), new Set(said)]
  const tokens = latinTokens(statement)
  const lent = new Set<string>()
  for (const [i, token] of tokens.entries()) {
    if (!nouns.has(stemOf(token))) continue
    for (let at = i - 1; at >= 0 && contentWords(tokens[at] ?? '').length > 0; at -= 1)
      if (!own.has(tokens[at] ?? '')) lent.add(tokens[at] ?? '')
  }
  return lent
}

/** The last sentence before that names the noun with a kind is the one that is meant. */
const kindsMeant = (noun: string, preceding: readonly (readonly string[])[]): string[] => {
  for (const tokens of preceding.toReversed()) {
    const kinds = kindsOf(tokens, noun)
    if (kinds.length > 0) return kinds
  }
  return []
}

const otherKinds = (statement: string, source: string, preceding: readonly string[]): string[] => {
  const told = latinTokens(statement)
  const said = latinTokens(source)
  const before = preceding.map(latinTokens)
  return [...pointedAt(said)].flatMap((noun) => {
    const own = kindsOf(said, noun)
    const wanted = kindsOf(told, noun).filter((kind) => !own.includes(kind))
    const meant = wanted.length > 0 ? kindsMeant(noun, before) : []
    return meant.length > 0 ? wanted.filter((kind) => meant.some((each) => each !== kind)) : []
  })
}

/** 該濾芯, このフィルタ: what is pointed at, as far as it is written in one script. */
const pointedAtHan = /(?:[該该此這这]個?个?|この|その|当該)(\p{Script=Han}{1,4}|[\p{Script=Katakana}ー]{2,})/gu
const compound = '(?:(?![的之与和及在于将把被为是该此这那本每各])[\\p{Script=Han}\\p{Script=Katakana}ー]){1,8}'

/** The same of Chinese and Japanese, where the kind and the noun are one word: 回油濾芯, エアフィルタ. */
const otherKindsHan = (statement: string, source: string, preceding: readonly string[]): string[] =>
  [...source.matchAll(pointedAtHan)].flatMap(([, pointed = '']) => {
    // 該濾芯每500小時: how long the noun is, the sentences before tell.
    const lengths = Array.from({ length: pointed.length }, (_, i) => pointed.length - i)
    for (const length of lengths) {
      const noun = pointed.slice(0, length)
      const named = new RegExp(`${compound}${noun}`, 'gu')
      const meant = preceding.toReversed().find((text) => text.match(named) !== null)
      if (meant === undefined) continue
      const kinds = meant.match(named) ?? []
      const told = statement.match(named) ?? []
      return told.filter((each) => !kinds.every((kind) => kind.endsWith(each) || each.endsWith(kind)))
    }
    return []
  })

const singular =
  /^\s*(?:it|its|he|she|his|her|this(?= (?:is|was|has|must|shall|should|can|may|will)))\b|^\s*(?:它(?!们)|其|(?:これ|それ)(?!ら)|その)/iu
/** Whatever is introduced by these is what is spoken of next. */
const introduces = /\b(?:there (?:is|are)|contains?|includes?|called|named)\b|設有|设有|裝有|装有|具有|がある|があり/iu

/** What a sentence is about, as far as that can be told without parsing it: the first words of "The main pump delivers oil", what は, が, 將 or 在 follow. */
const subjectOf = (text: string): readonly Word[] => {
  if (/^\s*(?:the|an?|this|each|every)\s/i.test(text)) return contentWords(text).slice(0, 2)
  const [topic] = /^[^,，、]{2,16}?(?=は|が|[将把在由与为是有可应须会])/u.exec(text) ?? []
  return topic === undefined || /[a-z]{2}/i.test(topic) ? [] : contentWords(topic)
}

/** A pronoun means what the sentence before is about, rather than what else it names. */
const otherSubject = (statement: string, leaning: string, before: string): string[] => {
  if (!singular.test(leaning) || introduces.test(before)) return []
  const subject = subjectOf(before)
  const spoken = wordGround(statement)
  const own = wordGround(leaning)
  const isAboutCode = figuresOf(before).codes.some(({ value }) => holdsCode(value, figuresOf(statement).canonical))
  if (subject.length === 0 || isAboutCode || subject.some((word) => holdsExactly(word, spoken))) return []
  return contentWords(before)
    .filter((word) => holdsExactly(word, spoken) && !holdsExactly(word, own))
    .map(({ text }) => text)
}

/**
 * Words by which the statement takes a pronoun or a noun that is pointed at for another thing than it means.
 * @param pronounPart the part of `source` that begins with a pronoun; '' where none does
 * @param preceding the sentences before that part, in order
 */
export const misreferred = (
  statement: string,
  source: string,
  { pronounPart, preceding }: { readonly pronounPart: string; readonly preceding: readonly string[] },
): string[] => {
  const leaning = pronounPart === '' ? source : pronounPart
  return [
    ...otherKinds(statement, leaning, preceding),
    ...otherKindsHan(statement, leaning, preceding),
    ...otherSubject(statement, leaning, preceding.at(-1) ?? ''),
  ]
}
