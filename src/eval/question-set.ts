/**
 * Reads a question set: `corpus.jsonl` and `queries.jsonl` of a folder. In: a folder. Out: records and questions, drawn by a seed.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { ConversationTurn } from '../answer/standalone-question.ts'
import { languages } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import { seededRandom, shuffled } from '../core/seeded-random.ts'

const languageSchema = z.enum(languages).catch('und')

const recordSchema = z.object({
  id: z.string().min(1),
  title: z.string().default(''),
  text: z.string(),
  lang: languageSchema.default('und'),
})

const querySchema = z.object({
  id: z.string().min(1),
  text: z.string().min(1),
  lang: languageSchema.default('und'),
  /** Ids of the records that answer it. */
  relevant: z.array(z.string()).default([]),
  /** Accepted answers; none where only retrieval can be measured. */
  answers: z.array(z.string()).default([]),
  answerable: z.boolean().default(true),
})

export type CorpusRecord = z.infer<typeof recordSchema>
export type EvaluationQuery = z.infer<typeof querySchema>

export interface QuestionSet {
  readonly corpus: readonly CorpusRecord[]
  readonly queries: readonly EvaluationQuery[]
}

const readLines = async <T>(file: string, schema: z.ZodType<T>): Promise<T[]> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new KuraError(
      'file_not_found',
      `${file} can not be read; the folder must hold corpus.jsonl and queries.jsonl.`,
      { cause: error },
    )
  })
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return []
    try {
      return [schema.parse(JSON.parse(line))]
    } catch (error) {
      throw new KuraError('invalid_request', `${file}, line ${i + 1} is not a record of a question set.`, {
        cause: error,
      })
    }
  })
}

/** `limit` of the items in their order, drawn by the seed; all where there is no limit. */
export const drawSample = <T>(items: readonly T[], limit: number | undefined, seed: number): T[] => {
  if (limit === undefined || limit >= items.length) return [...items]
  const drawn = new Set(shuffled([...items.keys()], seededRandom(seed)).slice(0, limit))
  return items.filter((_, index) => drawn.has(index))
}

/** @throws file_not_found, invalid_request */
export const readQuestionSet = async (folder: string): Promise<QuestionSet> => ({
  corpus: await readLines(path.join(folder, 'corpus.jsonl'), recordSchema),
  queries: await readLines(path.join(folder, 'queries.jsonl'), querySchema),
})

const speakerLine = /^(user|agent|assistant): /

/** Some sets write a conversation as `user: …` and `agent: …` lines; the last line is the question. */
export const parseConversation = (text: string): { history: ConversationTurn[]; question: string } => {
  if (!speakerLine.test(text)) return { history: [], question: text }
  const messages: { role: 'user' | 'assistant'; content: string }[] = []
  for (const line of text.split('\n')) {
    const speaker = speakerLine.exec(line)
    const last = messages.at(-1)
    if (speaker)
      messages.push({ role: speaker[1] === 'user' ? 'user' : 'assistant', content: line.slice(speaker[0].length) })
    else if (last) last.content += `\n${line}`
  }
  const question = messages.pop()?.content ?? text
  const history: ConversationTurn[] = []
  for (const { role, content } of messages) {
    if (role === 'user') history.push({ question: content, answer: '' })
    else history.push({ question: history.pop()?.question ?? '', answer: content })
  }
  return { history, question }
}
