/**
 * `npm run eval [FOLDER]`: retrieval on every question set of a folder, within the language and across languages, in one table. In: the folder
 * (../shared/eval). Out: hit@5 and MRR@10 of plain BM25, of the vector lane and of the search. All questions are asked, so no seed is drawn.
 */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { Output } from '../cli/output.ts'
import { projectFolder, resolveSettings, type Settings } from '../config/settings.ts'
import { ingestCorpus } from './ingest-corpus.ts'
import { type MeasuredRetrieval, measureRetrieval } from './measure-retrieval.ts'
import { percentiles, type RetrievalMetrics } from './metrics.ts'
import { withThrowAwayKura } from './open-evaluation.ts'
import { type CorpusRecord, type QuestionSet, readQuestionSet } from './question-set.ts'

/** Sets of the same ids in two languages. */
const parallelSets: readonly (readonly [string, string])[] = [
  ['xquad-en', 'xquad-zh'],
  ['neuron-en', 'neuron-zh-Hans'],
]
/** Their questions are titles: with the titles in the index they would find themselves. */
const titlesAreQuestions = /^neuron-/

interface Run {
  readonly name: string
  readonly corpus: readonly CorpusRecord[]
  readonly questions: readonly { readonly name: string; readonly set: Pick<QuestionSet, 'queries'> }[]
}

const withoutTitles = (name: string, corpus: readonly CorpusRecord[]): readonly CorpusRecord[] =>
  titlesAreQuestions.test(name) ? corpus.map((record, i) => ({ ...record, title: `record ${i + 1}` })) : corpus

/** The first half of the documents in one language, the rest in the other; a document is what stands before the last mark of its id. */
const mixedRun = (names: readonly [string, string], sets: readonly [QuestionSet, QuestionSet]): Run => {
  const documentOf = (id: string) => id.replace(/[-#][^-#]*$/, '')
  const documents = [...new Set(sets[0].corpus.map(({ id }) => documentOf(id)))]
  const isFirst = new Set(documents.filter((_, i) => i % 2 === 0))
  const half = (side: number) => (id: string) => isFirst.has(documentOf(id)) === (side === 0)
  const questions = sets.flatMap((set, asked) =>
    [0, 1].map((found) => ({
      name: `${names[asked]} on the half in ${names[found]}`,
      set: { queries: set.queries.filter(({ relevant }) => relevant.some(half(found))) },
    })),
  )
  const corpus = sets.flatMap((set, side) =>
    withoutTitles(names[side] ?? '', set.corpus).filter(({ id }) => half(side)(id)),
  )
  return { name: `mixed ${names.join(' and ')}`, corpus, questions }
}

const planRuns = (sets: ReadonlyMap<string, QuestionSet>): Run[] => {
  const partnerOf = (name: string) => parallelSets.find((pair) => pair.includes(name))?.find((other) => other !== name)
  const single = [...sets].map(([name, set]): Run => {
    const other = partnerOf(name)
    const questions = [name, ...(other ? [other] : [])].flatMap((each) => {
      const asked = sets.get(each)
      return asked ? [{ name: each, set: asked }] : []
    })
    return { name, corpus: withoutTitles(name, set.corpus), questions }
  })
  const mixed = parallelSets.flatMap(([one, two]) => {
    const [first, second] = [sets.get(one), sets.get(two)]
    return first && second ? [mixedRun([one, two], [first, second])] : []
  })
  return [...single, ...mixed]
}

const row = (corpus: string, questions: string, { retrieval, lanes, times }: MeasuredRetrieval): string => {
  const pair = ({ hit5, mrr10 }: RetrievalMetrics) => `${hit5.toFixed(3)} / ${mrr10.toFixed(3)}`
  const { p50, p95 } = percentiles(times)
  const measures = [pair(lanes.text), pair(lanes.vector), pair(retrieval), retrieval.hit1.toFixed(3), `${p50} / ${p95}`]
  return `| ${[corpus, questions, retrieval.n, ...measures].join(' | ')} |`
}

const measureAll = async (settings: Settings, folder: string, output: Output): Promise<void> => {
  const sets = new Map<string, QuestionSet>()
  for (const { name } of (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    const files = await readdir(path.join(folder, name))
    if (files.includes('corpus.jsonl')) sets.set(name, await readQuestionSet(path.join(folder, name)))
  }
  const rows = [
    '| corpus | questions | n | BM25 hit@5 / MRR@10 | vector | Kura | Kura hit@1 | search p50 / p95 ms |',
    '|---|---|---|---|---|---|---|---|',
  ]
  for (const run of planRuns(sets)) {
    await withThrowAwayKura(settings, { generation: false, output }, async (kura, signal) => {
      const corpus = await ingestCorpus(kura, run.corpus, { output, signal })
      for (const { name, set } of run.questions) {
        rows.push(row(run.name, name, await measureRetrieval(kura, corpus, set.queries, output)))
        output.message(rows.at(-1) ?? '')
      }
    })
  }
  output.result(rows, rows.join('\n'))
}

const output = new Output({ json: false })
await measureAll(
  resolveSettings(),
  path.resolve(process.argv[2] ?? path.join(projectFolder, '../shared/eval')),
  output,
).catch((error: unknown) => {
  output.failure(error)
  process.exitCode = 1
})
