/**
 * Questions made by rule, where no model may write: after a value of a table row, by its column's name and its own; else after what stands under a
 * heading. In: a chunk. Out: a question and the sentence or row that answers it. They use the documents' own words, so they tell less than written ones:
 * fit-ranking.ts does not fit the weight of headings on them.
 */
import { contentWords } from '../answer/content-words.ts'
import { cellsOf } from '../answer/table-row.ts'
import type { IndexedChunk, Language, Segment } from '../core/document.ts'
import { answerSegments } from './sample-passages.ts'
import type { WrittenQuestion } from './write-question.ts'

export interface RuleQuestion extends WrittenQuestion {
  readonly origin: 'heading' | 'row'
}

const maxLabelCharacters = 80
const askedLanguages = ['en', 'zh-Hant', 'zh-Hans', 'ja'] as const
type AskedLanguage = (typeof askedLanguages)[number]

const rowQuestion: Readonly<Record<AskedLanguage, (label: string, column: string) => string>> = {
  en: (label, column) => `What is the ${column} of ${label}?`,
  'zh-Hant': (label, column) => `${label}的${column}是什麼？`,
  'zh-Hans': (label, column) => `${label}的${column}是什么？`,
  ja: (label, column) => `${label}の${column}は何ですか？`,
}
const headingQuestion: Readonly<Record<AskedLanguage, (heading: string) => string>> = {
  en: (heading) => `What must be known about ${heading}?`,
  'zh-Hant': (heading) => `關於${heading}有什麼規定？`,
  'zh-Hans': (heading) => `关于${heading}有什么规定？`,
  ja: (heading) => `${heading}について何が定められていますか？`,
}

const isLabel = (text: string): boolean =>
  text !== '' && text.length <= maxLabelCharacters && /\p{L}/u.test(text) && contentWords(text).length > 0

const numbering = /^(?:第?[\dA-Z一二三四五六七八九十]{1,4}(?:[.-]\d+)*[章節节条條項款.)、．]?\s+|[\d.]+\s*)/u

const ofRow = (chunk: IndexedChunk, row: Segment, language: AskedLanguage): RuleQuestion | undefined => {
  const header = chunk.segments.slice(0, chunk.segments.indexOf(row)).findLast(({ kind }) => kind === 'header')
  const [answer, head] = [chunk.text.slice(row.start, row.end), header && chunk.text.slice(header.start, header.end)]
  const [label = '', ...values] = cellsOf(answer)
  const columns = head === undefined ? [] : cellsOf(head).slice(1)
  const at = values.findIndex((value, i) => value !== '' && isLabel(columns[i] ?? ''))
  const column = columns[at]
  if (column === undefined || !isLabel(label)) return undefined
  return { question: rowQuestion[language](label, column), answer, origin: 'row' }
}

const ofHeading = (chunk: IndexedChunk, language: AskedLanguage): RuleQuestion | undefined => {
  const heading = (chunk.headingPath.at(-1) ?? '').trim().replace(numbering, '')
  const [first] = answerSegments(chunk)
  if (!isLabel(heading) || !first) return undefined
  const answer = chunk.text.slice(first.start, first.end)
  return { question: headingQuestion[language](heading), answer, origin: 'heading' }
}

/** In the passage's language; undefined where it has neither a row with a name nor a heading that says something. */
export const makeByRule = (chunk: IndexedChunk, language: Language): RuleQuestion | undefined => {
  const asked = askedLanguages.find((each) => each === language)
  if (asked === undefined) return undefined
  for (const row of answerSegments(chunk).filter(({ kind }) => kind === 'row')) {
    const found = ofRow(chunk, row, asked)
    if (found) return found
  }
  return ofHeading(chunk, asked)
}
