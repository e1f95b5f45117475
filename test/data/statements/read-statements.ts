/** The sets beside this file. Out: passages with their statements, and how the checks judge them. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { checkStatement } from '../../../src/answer/check-statement.ts'
import { languages } from '../../../src/core/document.ts'
import { passageOf, TermEmbedder } from '../../unit/fakes.ts'

const schema = z.array(
  z.object({
    language: z.enum(languages),
    title: z.string(),
    heading: z.string(),
    sentences: z.array(z.string()),
    statements: z.array(z.object({ text: z.string(), true: z.boolean(), kind: z.string() })),
  }),
)

export interface Judged {
  readonly text: string
  readonly isTrue: boolean
  readonly kind: string
  readonly isShown: boolean
}

export const statementSets = [1, 2, 3]

export const judgeSet = async (set: number): Promise<Judged[]> => {
  const file = new URL(`set-${set}.json`, import.meta.url)
  const embedder = new TermEmbedder()
  const judged: Judged[] = []
  for (const { title, heading, language, sentences, statements } of schema.parse(
    JSON.parse(await readFile(file, 'utf8')),
  )) {
    const passages = [passageOf(title, sentences, { language, heading })]
    for (const { text, kind, true: isTrue } of statements) {
      const { supported: isShown } = await checkStatement(text, passages, { embedder })
      judged.push({ text, kind, isTrue, isShown })
    }
  }
  return judged
}
