/**
 * What code demands of a generated question before it is used. In: a question, the answer's sentence that its writer names, the passage. Out: the sentence as
 * it stands in the passage, or why the question is thrown away. Whether it finds its passage at all is asked of the index (make-questions.ts).
 */
import { contentWords, holdsWord, wordGround } from '../answer/content-words.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { IndexedChunk, Language } from '../core/document.ts'
import { identifiersOf } from '../core/identifiers.ts'
import { foldText, questionTerms, searchTerms } from '../core/search-terms.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import { termCoverage } from '../retrieval/term-coverage.ts'
import type { QuestionRejection } from '../store/tuning-records.ts'
import { answerSegments } from './sample-passages.ts'

export type CheckedQuestion =
  | { readonly accepted: true; readonly answer: string }
  | { readonly accepted: false; readonly rejection: QuestionRejection }

const maxQuestionCharacters = 300
/** So much of the question's terms in the answer's sentence, and of the sentence's in the question, is the sentence with a question mark. */
const copiedShare = 0.85
const minNamingWords = 2
/** Of a sentence or row, without blanks and marks: a part that is as long is its own. */
const minPartCharacters = 10

/** Words that point at a text which the asker has not before him. */
const pointers = [
  /\b(?:this|that|the|these|above|following|given|provided) (?:\w+ )?(?:passage|text|document|section|chapter|table|row|paragraph|sentence|figure|excerpt|context|manual)\b/i,
  /\baccording to\b|\bmentioned\b|\bdescribed (?:above|here)\b/i,
  /(?:本|這|这|該|该|此|上述|以上|下列|以下)(?:個|个|段|份|張|张)*(?:文章|文檔|文档|文件|文本|文字|段落|章節|章节|句子|表格|表|圖|图|內容|内容|手冊|手册|資料|资料)/u,
  /(?:根據|根据|依據|依据|按照)(?:上|以上|文|資料|资料|內容|内容|段|表)/u,
  /(?:この|その|上記の?|以下の?|本)(?:文章|文書|文|段落|節|章|表|図|本文|資料|マニュアル|説明書)|本文(?:に|で)/u,
]

const squeezed = (text: string): string => foldText(text).replace(/[\s\p{P}\p{S}]+/gu, '')

/** The sentence or row that is meant: writers leave a mark out, or copy a part. */
const findAnswer = (chunk: IndexedChunk, named: string): string | undefined => {
  const wanted = squeezed(named)
  if (wanted.length < 4) return undefined
  const said = answerSegments(chunk).map(({ start, end }) => chunk.text.slice(start, end))
  return (
    said.find((text) => squeezed(text) === wanted) ??
    (wanted.length >= minPartCharacters ? said.find((text) => squeezed(text).includes(wanted)) : undefined) ??
    said.find((text) => wanted.includes(squeezed(text)))
  )
}

const isCopy = (question: string, answer: string, chunk: IndexedChunk): boolean => {
  const asked = squeezed(question)
  if (squeezed(chunk.text).includes(asked)) return true
  const [said, terms] = [searchTerms(answer), questionTerms(question)]
  return (
    termCoverage(terms, new Set(said)) >= copiedShare &&
    termCoverage([...new Set(questionTerms(answer))], new Set(searchTerms(question))) >= copiedShare
  )
}

/** In the passage's language its words must be there; in another one only codes and figures can be compared. */
const namesSomething = (question: string, chunk: IndexedChunk, isForeign: boolean): boolean => {
  const words = contentWords(question)
  const label = [chunk.documentName, ...chunk.headingPath, chunk.text].join('\n')
  const codes = identifiersOf(question)
  const held = new Set(identifiersOf(label).map(({ key }) => key))
  if (codes.some(({ key }) => !held.has(key))) return false
  if (isForeign) return codes.length > 0 || words.length >= minNamingWords
  const ground = wordGround(label)
  const named = words.filter((word) => holdsWord(word, ground))
  return codes.length > 0 || named.length >= Math.min(minNamingWords, Math.max(1, words.length))
}

export const checkQuestion = (
  chunk: IndexedChunk,
  asked: { readonly question: string; readonly answer: string; readonly language: Language },
): CheckedQuestion => {
  const { question, language } = asked
  const rejected = (rejection: QuestionRejection): CheckedQuestion => ({ accepted: false, rejection })
  if (question.length > maxQuestionCharacters || questionTerms(question).length === 0) return rejected('not_written')
  if (familyOf(detectLanguage(question, language)) !== familyOf(language)) return rejected('wrong_language')
  if (pointers.some((pointer) => pointer.test(question))) return rejected('points_to_text')
  const answer = findAnswer(chunk, asked.answer)
  if (answer === undefined) return rejected('answer_not_in_passage')
  if (isCopy(question, answer, chunk)) return rejected('copy')
  if (!namesSomething(question, chunk, familyOf(chunk.language) !== familyOf(language)))
    return rejected('names_nothing')
  return { accepted: true, answer }
}

/** Two questions of one key are the same. */
export const questionKey = squeezed

/** Whether the text, a passage or a chunk, says the answer. */
export const holdsAnswer = (text: string, answer: string): boolean => text.includes(answer)
