/** Drafts of manuals with one thing changed by a program: none may be shown; and true drafts must seldom be dropped. Seeded; counted by kind. */
import { describe, expect, it } from 'vitest'
import { checkStatement } from '../../src/answer/check-statement.ts'
import type { Passage } from '../../src/core/answer.ts'
import { drawSample } from '../../src/eval/question-set.ts'
import { type Draft, falseDraftsOf, falseRowDraftsOf, trueDraftsOf, trueRowDraftsOf } from './alter-draft.ts'
import { passageOf, TermEmbedder } from './fakes.ts'
import { passages, tables } from './manual-passages.ts'

const seed = 20_261_122
const alteredDrafts = 1_000

interface Trial {
  readonly draft: Draft
  readonly passages: readonly Passage[]
}

const sets = [
  ...passages.map((each) => ({
    read: [
      passageOf(
        'manual.pdf',
        each.sentences.map((sentence) => (typeof sentence === 'string' ? sentence : sentence[0])),
        { heading: each.heading, language: each.language },
      ),
    ],
    good: trueDraftsOf(each),
    bad: falseDraftsOf(each),
  })),
  ...tables.map((each) => ({
    read: [
      passageOf(
        'manual.pdf',
        [
          { text: each.head.join(' | '), kind: 'header' as const },
          ...each.rows.map((row) => ({ text: row.join(' | '), kind: 'row' as const })),
        ],
        { heading: each.heading, language: each.language },
      ),
    ],
    good: trueRowDraftsOf(each),
    bad: falseRowDraftsOf(each),
  })),
]

/** Kind → [shown, dropped], and the drafts that went the wrong way. */
const judge = async (trials: readonly Trial[], isTrue: boolean) => {
  const kinds = new Map<string, { right: number; wrong: string[] }>()
  for (const { draft, passages: read } of trials) {
    const checked = await checkStatement(draft.text, read, { embedder: new TermEmbedder() })
    const count = kinds.get(draft.kind) ?? { right: 0, wrong: [] }
    if (checked.supported === isTrue) count.right += 1
    else
      count.wrong.push(
        checked.supported
          ? `${draft.text} <- ${checked.statement.citations.map(({ quote }) => quote).join(' + ')}`
          : `${draft.text} (${checked.reason}: ${checked.missing.join(', ')})`,
      )
    kinds.set(draft.kind, count)
  }
  return kinds
}

const wrongOf = (kinds: Awaited<ReturnType<typeof judge>>): string[] =>
  [...kinds].flatMap(([kind, { wrong }]) => wrong.map((text) => `${kind}: ${text}`))

const trialsOf = (pick: 'good' | 'bad'): Trial[] => {
  const all = sets.flatMap((set) => set[pick].map((draft) => ({ draft, passages: set.read })))
  return [...new Map(all.map((each) => [`${each.passages[0]?.heading} ${each.draft.text}`, each])).values()]
}

describe('drafts of manuals', () => {
  it('shows none of a thousand drafts with one thing changed', async () => {
    const trials = drawSample(trialsOf('bad'), alteredDrafts, seed)
    expect(trials).toHaveLength(alteredDrafts)
    const kinds = await judge(trials, false)
    expect([...kinds.keys()].sort()).toEqual([
      'code',
      'column',
      'comparison',
      'force',
      'negation',
      'number',
      'opposite',
      'order',
      'row',
      'subject',
      'unit',
    ])
    expect(wrongOf(kinds)).toEqual([])
  }, 60_000)

  it('drops at most one in ten of the true ones', async () => {
    const trials = trialsOf('good')
    const wrong = wrongOf(await judge(trials, true))
    expect(trials.length).toBeGreaterThan(250)
    expect(wrong.length / trials.length, wrong.join('\n')).toBeLessThanOrEqual(0.1)
  }, 60_000)
})
