/**
 * Makes a follow-up understandable on its own ("and for the 100-ton one?"), as retrieval sees only the question. In: the turns so far
 * and the question. Out: a question; the same one where there is no conversation.
 */
import { z } from 'zod'
import { isAbort, KuraError } from '../core/errors.ts'
import type { Generator } from '../core/models.ts'
import { figuresMissing } from './figures.ts'
import { readPrompt } from './prompt-template.ts'

export interface ConversationTurn {
  readonly question: string
  /** The answer's statements as one text; empty where nothing was found. */
  readonly answer: string
}

/** Turns that the model sees; older ones rarely matter and cost reading time on a CPU. */
const turnLimit = 3
const answerCharacters = 200
const rewrittenSchema = z.object({ question: z.string().trim().min(1) })

/** Models, materials and codes in capitals, and words in katakana: what one thing is asked of after another. */
const name = /(?<![A-Za-z0-9])(?:[A-Z]{2,}[A-Z0-9-]*|[A-Za-z]+-?\d[A-Za-z0-9-]*)|[\p{Script=Katakana}ー]{2,}/gu
/** "And PC?", 那 PC 呢？, AL-23は？: another name in the place of the one that was asked for. */
const another =
  /^(?:(?:and|what about|how about|or)\b|那(?:么|麼)?|では|じゃあ?|それでは)?\s*[,，、]?\s*(?:for |the )?(\S{1,30}?)\s*(?:呢|は|なら|の場合は)?\s*[?？]\s*$/iu

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** What is called by as many characters, of which the last is the same: 日班 where 夜班 is asked for. Whole words: 模具溫度 has no 具溫. */
const ofOneKind = (text: string, asked: string): string[] => {
  const [length, kind] = [[...asked].length, asked.at(-1)]
  if (length < 2 || length > 4 || !/^[\p{Script=Han}\d]+$/u.test(asked)) return []
  const borders = new Set([...segmenter.segment(text)].map(({ index }) => index)).add(text.length)
  const alike = [...text.matchAll(new RegExp(`(?=([\\p{Script=Han}\\d]{${length - 1}}${kind}))`, 'gu'))]
    .filter(({ 1: each = '', index }) => borders.has(index) && borders.has(index + each.length))
    .map(([, each = '']) => each)
  return [...new Set(alike)].filter((each) => each !== asked)
}

/** The question before with the name that is asked for now; undefined where more than that has changed. */
const withAnotherName = (turns: readonly ConversationTurn[], question: string): string | undefined => {
  const last = turns.at(-1)?.question ?? ''
  const asked = another.exec(question)?.[1]
  if (asked === undefined) return undefined
  const [alike, ...others] = ofOneKind(last, asked)
  if (alike !== undefined && others.length === 0) return last.replaceAll(alike, asked)
  const names = [...new Set(last.match(name))].filter((each) => !question.includes(each))
  const [former, ...more] = names
  if (former === undefined || more.length > 0 || asked.match(name)?.join() !== asked) return undefined
  return last.replaceAll(former, asked)
}

/** What stands in for a rewritten question where no model can rewrite: the question before, of the other name or with this one after it. */
export const joinedQuestion = (turns: readonly ConversationTurn[], question: string): string => {
  const last = turns.at(-1)
  return last ? (withAnotherName(turns, question) ?? `${last.question}\n${question}`) : question
}

/** Whether nothing of the follow-up has come in. */
const isRepeated = (rewritten: string, turns: readonly ConversationTurn[]): boolean =>
  turns.some((turn) => turn.question.trim() === rewritten)

/**
 * The model may only put in what the conversation holds: a rewritten question with a figure from nowhere is not used.
 */
export const standaloneQuestion = async (
  turns: readonly ConversationTurn[],
  question: string,
  options: { readonly generator: Generator | undefined; readonly signal?: AbortSignal | undefined },
): Promise<string> => {
  if (turns.length === 0) return question
  const { generator, signal } = options
  if (!generator) return joinedQuestion(turns, question)
  const conversation = turns
    .slice(-turnLimit)
    .map((turn) => `Q: ${turn.question}\nA: ${turn.answer.slice(0, answerCharacters) || '(not found)'}`)
    .join('\n')
  const prompt = await readPrompt('standalone-question')
  const messages = prompt.render({ conversation, question })
  const schema = {
    name: 'standalone_question',
    schema: {
      type: 'object',
      properties: { question: { type: 'string' } },
      required: ['question'],
      additionalProperties: false,
    },
  }
  try {
    let json = ''
    for await (const piece of generator.generate(
      { messages, maxTokens: 160, schema },
      { signal, priority: 'question' },
    ))
      json += piece
    const rewritten = rewrittenSchema.parse(JSON.parse(json)).question
    const invented = figuresMissing(rewritten, `${conversation}\n${question}`)
    const lost = figuresMissing(question, rewritten)
    // A small model likes to repeat the question before.
    if (invented.length + lost.length > 0 || (rewritten !== question && isRepeated(rewritten, turns)))
      return joinedQuestion(turns, question)
    // Nor does 那夜班呢？ stand alone because a model leaves it as it is.
    return rewritten === question ? (withAnotherName(turns, question) ?? question) : rewritten
  } catch (error) {
    if (isAbort(error)) throw error
    // Broken JSON or a dead engine: the question is still answerable.
    if (error instanceof KuraError || error instanceof SyntaxError || error instanceof z.ZodError)
      return joinedQuestion(turns, question)
    throw error
  }
}
