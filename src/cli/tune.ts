/** `kura tune`: begins a tuning and follows it, shows the last one, or goes back to the untuned system. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { tuningListSchema, tuningSchema } from '../http/tuning-schemas.ts'
import type { ApiClient } from './api-client.ts'
import type { Output } from './output.ts'

type TuningView = z.infer<typeof tuningSchema>
type Report = NonNullable<TuningView['report']>

export interface TuneOptions {
  readonly collection?: string
  readonly limit?: number
  readonly seed: number
  readonly status?: true
  readonly revert?: true
}

const pollMs = 500

const stages = {
  sampling: 'choosing passages',
  writing: 'making questions',
  fitting: 'fitting',
  comparing: 'comparing',
  done: 'done',
} as const

const outcomes = {
  won: 'better: switched on',
  not_better: 'not better than chance: left as it was',
  worse_in_class: 'worse in a language, or in refusing: left as it was',
  unchanged: 'nothing better was found: left as it was',
  too_few: 'too few questions to tell: left as it was',
  not_calibrated: 'the embedding model has no threshold that could be fitted',
} as const

const minutes = (seconds: number): string =>
  seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`

/** @throws tuning_running, collection_not_found, model_unavailable; what the tuning failed with */
export const tune = async (api: ApiClient, options: TuneOptions, output: Output): Promise<void> => {
  if (options.revert) return revert(api, output)
  if (options.status) return showStatus(api, output)
  const { collection, limit, seed } = options
  const begun = await api.post(
    '/api/tunings',
    {
      seed,
      ...(collection === undefined ? {} : { collections: [collection] }),
      ...(limit === undefined ? {} : { limit }),
    },
    tuningSchema,
  )
  const writer = begun.generationModel ? `written by ${begun.generationModel}` : 'made by rule, as no model may write'
  output.message(
    `${begun.id}: questions on ${begun.limit} passages, ${writer}; about ${minutes(begun.remainingSeconds ?? 0)}. Questions that people ask go first.`,
  )
  const ended = await follow(api, begun, output)
  output.result(ended, tuningText(ended))
  if (ended.state !== 'done') process.exitCode = 1
}

/** An interrupt cancels it; what was made until then is kept. */
const follow = async (api: ApiClient, begun: TuningView, output: Output): Promise<TuningView> => {
  const address = `/api/tunings/${encodeURIComponent(begun.id)}`
  let isInterrupted = false
  const interrupt = () => {
    isInterrupted = true
  }
  process.once('SIGINT', interrupt)
  try {
    let now = begun
    let isCancelled = false
    while (now.state === 'running') {
      const { stage, progress, remainingSeconds } = now
      output.progress(
        `${stages[stage]}: ${progress.done} of ${progress.total}; ${minutes(remainingSeconds ?? 0)} to go`,
      )
      await sleep(pollMs)
      if (isInterrupted && !isCancelled) await api.post(`${address}/cancel`, {}, tuningSchema)
      isCancelled = isInterrupted
      now = await api.get(address, tuningSchema)
    }
    return now
  } finally {
    process.off('SIGINT', interrupt)
  }
}

const revert = async (api: ApiClient, output: Output): Promise<void> => {
  const list = await api.post('/api/tunings/revert', {}, tuningListSchema)
  output.result(list, 'The untuned system answers from now on. The tunings are kept.')
}

const showStatus = async (api: ApiClient, output: Output): Promise<void> => {
  const list = await api.get('/api/tunings', tuningListSchema)
  const [last] = list.tunings
  const applied = list.applied === null ? 'No tuning is switched on.' : `${list.applied} is switched on.`
  output.result(list, last ? `${applied}\n\n${tuningText(last)}` : applied)
}

const tuningText = (tuning: TuningView): string => {
  const { id, state, stage, progress, seed, createdAt, embeddingModel, generationModel, report, error } = tuning
  const head = `${id}  ${state}  ${createdAt}  seed ${seed}, ${embeddingModel}, questions by ${generationModel ?? 'rule'}`
  if (report) return [head, '', ...reportLines(report)].join('\n')
  if (state === 'running') return `${head}\n${stages[stage]}: ${progress.done} of ${progress.total}`
  return `${head}\n${error ? `${error.message} [${error.code}]` : 'Its questions are kept; the next one with this seed goes on with them.'}`
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(8)
const row = (name: string, n: number | 'n', before: string, after: string): string =>
  `  ${name.padEnd(22)} ${String(n).padStart(5)}  ${before.padStart(9)}  ${after.padStart(9)}`

const reportLines = ({ questions, ranking, refusal }: Report): string[] => {
  const rejected = Object.entries(questions.rejected).map(([reason, count]) => `${count} ${reason}`)
  return [
    `Questions: ${questions.kept} of ${questions.tried} kept${rejected.length > 0 ? ` (thrown away: ${rejected.join(', ')})` : ''}; ${questions.fit} to fit on, ${questions.heldOut} held out.`,
    '',
    `Finding: ${outcomes[ranking.outcome]}`,
    ...(ranking.figures ? [row('held out', 'n', 'before', 'after')] : []),
    ...rankingRows(ranking),
    ...Object.entries(ranking.changed).map(([name, { before, after }]) => `  ${name}: ${before} -> ${after}`),
    ...(ranking.adapter ? ['  vectors of questions are moved'] : []),
    '',
    `Refusing: ${outcomes[refusal.outcome]}`,
    ...refusalRows(refusal),
  ]
}

const rankingRows = ({ figures, classes, difference }: Report['ranking']): string[] => {
  if (!figures) return []
  const { before, after } = figures
  return [
    row('answer first', before.n, percent(before.hit1), percent(after.hit1)),
    row('answer in first 5', before.n, percent(before.hit5), percent(after.hit5)),
    row('MRR@10', before.n, before.mrr10.toFixed(3), after.mrr10.toFixed(3)),
    ...Object.entries(classes).map(([name, each]) =>
      row(`  ${name} MRR@10`, each.before.n, each.before.mrr10.toFixed(3), each.after.mrr10.toFixed(3)),
    ),
    ...(difference
      ? [`  difference of MRR@10 ${difference.mean} (90 %: ${difference.low} to ${difference.high})`]
      : []),
  ]
}

const refusalRows = ({ figures, difference }: Report['refusal']): string[] => {
  if (!figures) return []
  const { before, after } = figures
  const share = (part: number, of: number) => percent(of === 0 ? 0 : part / of)
  return [
    row(
      'answerable, kept',
      before.answerable,
      share(before.kept, before.answerable),
      share(after.kept, after.answerable),
    ),
    row(
      'unanswerable, refused',
      before.unanswerable,
      share(before.refused, before.unanswerable),
      share(after.refused, after.unanswerable),
    ),
    ...(difference
      ? [`  difference of the balance ${difference.mean} (90 %: ${difference.low} to ${difference.high})`]
      : []),
  ]
}
