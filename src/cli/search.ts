/** `kura search`: passages, best first. */
import { z } from 'zod'
import { passageSchema } from '../http/answer-schemas.ts'
import { searchTraceSchema } from '../http/search-trace-schema.ts'
import type { ApiClient } from './api-client.ts'
import { passageText } from './format-answer.ts'
import type { Output } from './output.ts'

const resultSchema = z.object({
  passages: z.array(passageSchema),
  degraded: z.array(z.string()),
  trace: searchTraceSchema.optional(),
})

type Trace = z.infer<typeof searchTraceSchema>

export interface SearchOptions {
  readonly collection?: string
  readonly limit: number
  readonly mode: string
  readonly asOf?: string
  readonly explain?: true
}

/** Candidates shown; `--json` has all. */
const shownCandidates = 10

/** How the passages were found: what was looked for, what counted, and each candidate's scores and ranks in the lanes. */
const traceText = (trace: Trace): string => {
  const score = (value: number | undefined) => value?.toFixed(3) ?? '-'
  const rankIn = (lane: keyof Trace['lanes'], id: string) =>
    trace.lanes[lane].find(({ passageId }) => passageId === id)?.rank ?? '-'
  const { vector, text, heading, identifier } = trace.weights
  const rows = trace.ranked.slice(0, shownCandidates).map((each) => {
    const lanes = (['vector', 'text', 'heading', 'identifier'] as const).map(
      (lane) => `${lane} ${score(each[lane])} (${rankIn(lane, each.passageId)})`,
    )
    return `   ${each.fused.toFixed(3)}  ${lanes.join('  ')}  ${each.passageId}`
  })
  const moved = (what: string, list: Trace['folded']) =>
    list.map(({ passageId, into }) => `   ${what} ${passageId} into ${into}`)
  return [
    `language ${trace.language}; terms: ${trace.terms.join(' ')}`,
    `codes: ${trace.identifiers.join(', ') || 'none'}; coverage ${score(trace.coverage)}`,
    `weights: vector ${score(vector)}, text ${score(text)}, heading ${score(heading)}, identifier ${score(identifier)}`,
    'candidates: fused, then score and (rank) in each lane',
    ...rows,
    ...moved('folded', trace.folded),
    ...moved('joined', trace.joined),
    `hidden hits: ${trace.hiddenHits}`,
  ].join('\n')
}

export const search = async (api: ApiClient, query: string, options: SearchOptions, output: Output): Promise<void> => {
  const { collection, ...rest } = options
  const body = { query, ...rest, ...(collection === undefined ? {} : { collections: [collection] }) }
  const result = await api.post('/api/search', body, resultSchema)
  for (const code of result.degraded) output.message(`degraded: ${code}`)
  const lines = result.passages.map((passage, i) => passageText(passage, i + 1))
  if (result.trace) lines.push('', traceText(result.trace))
  output.result(result, lines.length > 0 ? lines.join('\n') : 'Nothing was found.')
}
