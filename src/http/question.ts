/**
 * What a caller may ask: text made safe for the stores and models behind (no lone surrogates, no control characters), with at
 * least one letter or digit, and not longer than people's questions are.
 */
import { z } from '@hono/zod-openapi'
import { KuraError } from '../core/errors.ts'

/** Longest question or search, in characters (Unicode code points). */
const maxQuestionCharacters = 4000

const lonelySurrogates = /\p{Surrogate}/gu
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

/** Text without what no store or tokenizer takes, trimmed. */
export const cleanText = (text: string): string =>
  text.replace(lonelySurrogates, '\ufffd').replace(controlCharacters, ' ').trim()

/** The schema of a question, with its limits described; they are checked by `checkQuestion`, which has codes of its own. */
export const questionSchema = (what: string) =>
  z.string().describe(`${what}: at least one letter or digit, at most ${maxQuestionCharacters} characters.`).openapi({
    minLength: 1,
    maxLength: maxQuestionCharacters,
    example: 'How is the press locked out before maintenance?',
  })

/**
 * The question as it goes on from here.
 * @throws question_empty, question_too_long
 */
export const checkQuestion = (question: string): string => {
  // no text of this many UTF-16 units is short enough; counting code points of a huge one would cost time
  const tooLong = question.length > 4 * maxQuestionCharacters
  const cleaned = tooLong ? question : cleanText(question)
  if (tooLong || [...cleaned].length > maxQuestionCharacters) {
    throw new KuraError('question_too_long', `The question is longer than ${maxQuestionCharacters} characters.`)
  }
  if (!/[\p{L}\p{N}]/u.test(cleaned)) throw new KuraError('question_empty', 'The question has no letter and no digit.')
  return cleaned
}

export const collectionsSchema = z
  .array(z.string().min(1).max(300))
  .min(1)
  .max(100)
  .optional()
  .describe('Ids or names of the collections to ask; all where it is left out.')
