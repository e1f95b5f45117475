/**
 * What a question takes for granted and a source speaks against: who asks where the parliament sat in 2010 must not be told of 2000, nor what may be used who
 * asks what must not. In: the question and what a statement rests on, in one language. Out: whether they go together. Codes are near-miss.ts's.
 */
import { type Figures, figuresOf, holdsCode } from './figures.ts'
import { denies, isDeniedIn } from './polarity.ts'

const isYear = /^(?:1[5-9]|20)\d{2}$/
const isDate = /^(?:\d{4}-\d{2}(?:-\d{2})?|--\d{2}-\d{2})$/

/** 2026, 2026-11, 2026-11-22, --11-22. */
const datesOf = ({ measures, codes }: Figures): string[] => [
  ...measures
    .filter(({ value, unit }) => isYear.test(value) && (unit === 'year' || unit === ''))
    .map(({ value }) => value),
  ...codes.filter(({ value }) => isDate.test(value)).map(({ value }) => value),
]

/** Whether the source tells of another time than the one that is asked about. */
const isOfAnotherTime = (question: string, quote: string, surroundings: string): boolean => {
  const asked = datesOf(figuresOf(question))
  if (asked.length === 0) return false
  const { canonical } = figuresOf(`${surroundings}\n${quote}`)
  const isThere = (date: string) => holdsCode(date, canonical) || new RegExp(`(?<!\\d)${date}(?!\\d)`).test(canonical)
  return datesOf(figuresOf(quote)).length > 0 && !asked.some(isThere)
}

/** Asks for a thing, a place, a time or an amount: not whether, why or how. */
const open = /\b(?:what|which|who|whom|whose|where)\b|什[么麼]|[哪谁誰]|何[がをにのはで]|どの|どれ|どこ|誰|だれ/iu
/** After these something is denied that is not what is asked for: "What is wrong when the pump does not start?" */
const aside =
  /\b(?:if|when|why|how|because|cause[sd]?|reason|happens?|wrong)\b|如果|若|[时時]|[为為]什[么麼]|[为為]何|原因|怎|如何|なぜ|どうして|どう|とき|場合|原因|たら|れば/iu

/** "What must not be used?" is not answered by what is told to be used. */
const isAskedOfDenied = (question: string): boolean => {
  const [main = question] = question.split(/[,，、]/).filter((clause) => open.test(clause))
  return open.test(main) && !aside.test(main) && denies(main)
}

/**
 * @param quote the words of the source, and of the statement on it
 * @param surroundings the passage of the quote with its headings and the name of its document
 */
export const keepsPremise = (question: string, quote: string, surroundings: string): boolean =>
  !isOfAnotherTime(question, quote, surroundings) && !(isAskedOfDenied(question) && !isDeniedIn(question, quote))
