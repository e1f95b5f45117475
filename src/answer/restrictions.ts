/**
 * What a source limits, and a statement must not pass over: who alone may do it ("only electricians may", 由…, だけが), what is excepted ("except spare torches"), and that
 * something is done at once. Such statements hold all words of their source but the one that counts. In: canonical texts of a statement and its source (number-words.ts).
 * Out: the words that pass over a limit. Pure. Neighbour: judge-support.ts asks.
 */
import { nearestClauses } from './clause-overlap.ts'
import { clausesOf } from './clauses.ts'
import { contentWords, holdsWord, type Word, wordGround } from './content-words.ts'

const texts = (pattern: RegExp, text: string): string[] =>
  [...text.matchAll(pattern)].flatMap((match) => match.slice(1).filter((each) => each !== undefined))

/** Who alone is meant. */
const only =
  /\bonly (?:by )?((?:[a-z'-]+ ){0,4}?[a-z'-]+)(?= (?:may|can|must|shall|should|is|are|has|have)\b)|\bonly by ([^,;.]{3,40})|(?:(?:只能|只可|只准|仅限|仅能|只有)由?|限由)([^,，。;；]{1,12})|(?:^|[,、。はを])([^,、。はを]{1,16}?)(?:だけが|のみが|以外は)/giu

const namesNone = (words: readonly Word[], text: string): boolean => {
  const ground = wordGround(text)
  return words.length > 0 && !words.some((word) => holdsWord(word, ground))
}

const everybody =
  /\b(?:all|everyone|everybody|anyone|anybody)\b|\bany (?=type|kind|time|person|staff|employee|worker)|\bevery (?!1 )|所有|(?<![不无無没禁].{0,6})任何|全部|每[个位]人|谁でも|全员|皆|すべて|全て/iu
/** Says it of all in other words. */
const ofAll = /\b(?:each|both|always|whole|entire|never|no)\b|[各均皆都任每毎全]|一律|いずれ|どの|すべて|まで/iu

/** Whether a clause is of something that the statement does not speak of: "angle monitored; rework only by the team leader" says nothing of who tightens. */
const isOfOther = (clause: string, who: string, statement: string): boolean =>
  namesNone(contentWords(clause.replace(who, ' ')), statement)

/** "Only electricians may open the door" supports nothing of others, or of all. */
const othersThanOnly = (statement: string, source: string): string[] =>
  clausesOf(source).flatMap(({ text: clause }) =>
    texts(only, clause).flatMap((who) => {
      if (isOfOther(clause, who, statement)) return []
      const words = contentWords(who).slice(0, 3)
      return namesNone(words, statement) || (everybody.test(statement) && !everybody.test(source))
        ? words.slice(0, 1).map(({ text }) => text)
        : []
    }),
  )

/** Who does it: 由维修人员, by the operator. */
const agent = /由([^,，。;；]{1,12})|\bby (?:an? |the )?([a-z'-]{3,}(?: [a-z'-]{3,})?)/giu

/** Another one does it than the source says, where it speaks of the same. */
const otherAgents = (statement: string, source: string): string[] => {
  const clauses = clausesOf(source)
  return clausesOf(statement).flatMap(({ text }) => {
    const wanted = texts(agent, text).flatMap((who) => contentWords(who).slice(0, 1))
    if (wanted.length === 0) return []
    const held = nearestClauses(text, clauses).flatMap((each) => texts(agent, each.text))
    if (held.length === 0) return []
    const ground = wordGround(held.join('\n'))
    return wanted.filter((word) => !holdsWord(word, ground)).map((word) => word.text)
  })
}

const exception =
  /\b(?:except(?: for)?|with the exception of|apart from|excluding)\b([^,;.]+)|除(?!非)了?([^,，。;；]{2,20}?)(?:之?外|以外)|([^、。]{2,20}?)(?:を除き|を除いて|は除く|は対象外)/giu
const saysException = /\bexcept|\bapart from\b|\bexempt|\bexcluding\b|\bonly\b|除|不适用|対象外|だけ|のみ|只|仅|限/iu

/** What holds for all but some is not said of these. */
const excepted = (statement: string, source: string): string[] => {
  if (saysException.test(statement)) return []
  const spoken = wordGround(statement)
  return texts(exception, source).flatMap((span) => {
    const rest = wordGround(source.replace(span, ' '))
    const own = contentWords(span).filter((word) => !holdsWord(word, rest))
    const named = own.filter((word) => holdsWord(word, spoken))
    return named.length * 2 > own.length ? named.map(({ text }) => text) : []
  })
}

const atOnce =
  /\b(?:immediately|at once|instantly|promptly|without delay|right away)\b|立即|立刻|马上|即刻|随即|直ちに|すぐ|即座/iu

/** A limit that the source does not know. */
const saysOnly =
  /(?<!\bnot )\bonly\b|\bsolely\b|\bexclusively\b|只能|只有|只可|只准|仅|だけ(?!では?な)|のみ(?!なら)|に限/iu
const limits =
  /\bonly\b|\bsolely\b|\bexclusively\b|\bexcept|\bunless\b|\bother than\b|\buntil\b|\blimited to\b|只|仅|限|才|方可|だけ|のみ|以外|しか|まで/iu

/** @returns words of the statement; none where it keeps to what the source limits */
export const limitsPassed = (statement: string, source: string): string[] => [
  ...othersThanOnly(statement, source),
  ...otherAgents(statement, source),
  ...excepted(statement, source),
  ...(saysOnly.test(statement) && !limits.test(source) ? [saysOnly.exec(statement)?.[0] ?? ''] : []),
  ...(everybody.test(statement) && !everybody.test(source) && !ofAll.test(source)
    ? [everybody.exec(statement)?.[0] ?? '']
    : []),
  ...(atOnce.test(statement) && !atOnce.test(source) ? [atOnce.exec(statement)?.[0] ?? ''] : []),
]
