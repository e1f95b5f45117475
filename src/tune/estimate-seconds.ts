/** How long a tuning will take, said before it begins and while it runs. In: speeds of the engine. Out: seconds; a guess that errs on the long side. */
import type { GenerationModelInfo } from '../core/models.ts'

/** Of a written question: the prompt with its passage, and the JSON with question and answer. */
const promptTokens = 600
const outputTokens = 90
/** Where the engine does not tell: a model of 1.5B parameters on two cores. */
const slow = { promptTokensPerSecond: 60, outputTokensPerSecond: 8 }
/** To look a question up; to embed the sentences for its evidence, before and after, with and without its document; on two cores. */
const searchSeconds = 0.15
const evidenceSeconds = 1.8

const defaultMaxQuestions = 200
const defaultMinQuestions = 60
/** Writing takes no longer by default. */
const defaultWritingSeconds = 40 * 60

/** @param writer undefined where questions are made by rule */
export const secondsPerQuestion = (writer: GenerationModelInfo | undefined): number => {
  if (!writer) return searchSeconds
  const { promptTokensPerSecond, outputTokensPerSecond } = writer
  return (
    promptTokens / (promptTokensPerSecond ?? slow.promptTokensPerSecond) +
    outputTokens / (outputTokensPerSecond ?? slow.outputTokensPerSecond) +
    searchSeconds
  )
}

/** Of all that comes after the questions are there. */
export const secondsToCompare = (questions: number): number => Math.round(questions * evidenceSeconds + 10)

export const defaultQuestions = (writer: GenerationModelInfo | undefined): number =>
  Math.min(
    defaultMaxQuestions,
    Math.max(defaultMinQuestions, Math.floor(defaultWritingSeconds / secondsPerQuestion(writer))),
  )
