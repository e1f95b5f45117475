/** A guard, not a goal: what was reached on the sets of ../data/neighbours must not be lost. Better is more refused and no more alarms; then write these numbers here. */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { isAskedOfAnother } from '../../src/answer/asked-of-another.ts'
import { citationOf } from '../../src/answer/cite.ts'
import { questionKind } from '../../src/answer/question-kind.ts'
import { isRelevant } from '../../src/answer/relevance.ts'
import { languages } from '../../src/core/document.ts'
import { passageOf } from './fakes.ts'

const schema = z.array(
  z.object({
    language: z.enum(languages),
    question: z.string(),
    heading: z.string(),
    quote: z.string(),
    answers: z.boolean(),
    kind: z.string(),
  }),
)
type Pair = z.infer<typeof schema>[number]

const readSet = async (set: number): Promise<Pair[]> =>
  schema.parse(JSON.parse(await readFile(new URL(`../data/neighbours/set-${set}.json`, import.meta.url), 'utf8')))

const isRefused = ({ language, question, heading, quote }: Pair): boolean => {
  const passage = passageOf('manual.pdf', [quote], { language, heading })
  const citations = passage.segments.slice(0, 1).map((segment) => citationOf(passage, segment))
  return !isRelevant(question, questionKind(question), { text: quote, citations }, [passage])
}

it.each([
  { set: 1, refused: 88, beside: 100, alarms: 0 },
  { set: 2, refused: 76, beside: 120, alarms: 0 },
  { set: 3, refused: 0, beside: 0, alarms: 1 },
])(
  'of set $set at least $refused of $beside on the thing beside are refused, and at most $alarms answers taken for such',
  async ({ set, refused, beside, alarms }) => {
    const pairs = await readSet(set)
    const others = pairs.filter(({ answers }) => !answers)
    expect(others).toHaveLength(beside)
    expect(others.filter(isRefused).length).toBeGreaterThanOrEqual(refused)
    const taken = pairs.filter(
      ({ answers, question, quote, heading }) => answers && isAskedOfAnother(question, quote, heading),
    )
    expect(taken.length).toBeLessThanOrEqual(alarms)
  },
)
