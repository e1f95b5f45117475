/** `kura gaps`, `kura gap show`, `answer`, `missing`, `dismiss`, `reopen`. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { jobSchema } from '../http/document-schemas.ts'
import { gapAnsweredSchema, gapDetailSchema, gapListSchema } from '../http/gap-schemas.ts'
import type { ApiClient } from './api-client.ts'
import type { Output } from './output.ts'

type GapView = z.infer<typeof gapListSchema>['gaps'][number]
type GapDetailView = z.infer<typeof gapDetailSchema>

const gapsAtOnce = '200'
const lookEveryMs = 200

const pathOf = (id: string): string => `/api/gaps/${encodeURIComponent(id)}`

const gapText = ({ id, state, asked, votedDown, question, note }: GapView): string => {
  const down = votedDown > 0 ? ` (${votedDown} voted down)` : ''
  return `${id}  ${state.padEnd(16)} ${String(asked).padStart(4)}×${down}  ${question}${note ? `\n    ${note}` : ''}`
}

const answerText = ({ answer }: GapDetailView): string[] => {
  if (answer === null) return []
  const { documentId, text, by, at, inForce, status, citations } = answer
  return [
    `Verified answer ${documentId} by ${by}, ${at}: ${inForce ? 'in force' : `not in force (${status})`}`,
    ...text.split('\n').map((line) => `    ${line}`),
    ...citations.map(
      ({ documentName, revision, page, quote, inForce: holds }) =>
        `  ${documentName}, revision ${revision}, page ${page}${holds ? '' : ' (not in force)'}: "${quote}"`,
    ),
  ]
}

const detailText = (gap: GapDetailView): string =>
  [
    gapText(gap),
    'Asked:',
    ...gap.examples.flatMap(({ question, askedAt, comment, correction }) => [
      `  ${askedAt}  ${question}`,
      ...(comment === null ? [] : [`      comment: ${comment}`]),
      ...(correction === null ? [] : [`      correction: ${correction}`]),
    ]),
    ...(gap.nearest.length > 0 ? ['Nearest passages:'] : []),
    ...gap.nearest.map(
      ({ id, documentName, pageStart, text }) =>
        `  ${id}  ${documentName}, page ${pageStart}: ${text.replace(/\s+/g, ' ').slice(0, 120)}`,
    ),
    ...answerText(gap),
  ].join('\n')

export const listGaps = async (
  api: ApiClient,
  { collection, state }: { readonly collection?: string; readonly state?: string },
  output: Output,
): Promise<void> => {
  const read = (cursor: string | undefined) => {
    const query = new URLSearchParams({ limit: gapsAtOnce })
    for (const [name, value] of Object.entries({ collection, state, cursor })) if (value) query.set(name, value)
    return api.get(`/api/gaps?${query}`, gapListSchema)
  }
  let { nextCursor, ...list } = await read(undefined)
  const gaps = [...list.gaps]
  while (nextCursor) {
    const part = await read(nextCursor)
    gaps.push(...part.gaps)
    nextCursor = part.nextCursor
  }
  output.result({ ...list, gaps }, gaps.length === 0 ? 'There are none.' : gaps.map(gapText).join('\n'))
}

/** @throws gap_not_found */
export const showGap = async (api: ApiClient, id: string, output: Output): Promise<void> => {
  const gap = await api.get(pathOf(id), gapDetailSchema)
  output.result(gap, detailText(gap))
}

export interface GapAnswerOptions {
  readonly text: string
  readonly cite: readonly string[]
  readonly question: readonly string[]
  readonly sign?: string
}

/** `PASSAGE`, or `DOCUMENT#PAGE`. */
const toCitation = (cited: string) => {
  const [, documentId, page] = /^(.+)#(\d+)$/.exec(cited) ?? []
  return documentId === undefined ? { passageId: cited } : { documentId, page: Number(page) }
}

/** Waits until the answer is searchable, or can not be made so. */
const waitForJob = async (api: ApiClient, id: string): Promise<void> => {
  for (;;) {
    const { state } = await api.get(`/api/jobs/${encodeURIComponent(id)}`, jobSchema)
    if (state !== 'queued' && state !== 'running') return
    await sleep(lookEveryMs)
  }
}

/** @throws gap_not_found, signature_missing, passage_not_found, quote_not_found, citation_not_allowed */
export const answerGap = async (
  api: ApiClient,
  id: string,
  { text, cite, question, sign }: GapAnswerOptions,
  output: Output,
): Promise<void> => {
  const body = {
    text,
    citations: cite.map(toCitation),
    ...(question.length > 0 ? { questions: question } : {}),
    ...(sign === undefined ? {} : { signedBy: sign }),
  }
  const { jobId } = await api.post(`${pathOf(id)}/answer`, body, gapAnsweredSchema)
  if (jobId !== null) await waitForJob(api, jobId)
  await showGap(api, id, output)
}

const settle = async (api: ApiClient, id: string, action: string, body: object, output: Output): Promise<void> => {
  const gap = await api.post(`${pathOf(id)}/${action}`, body, gapDetailSchema)
  output.result(gap, gapText(gap))
}

/** @throws gap_not_found, gap_not_changeable */
export const markGapMissing = (api: ApiClient, id: string, note: string, output: Output): Promise<void> =>
  settle(api, id, 'missing-document', { note }, output)

/** @throws gap_not_found, gap_not_changeable */
export const dismissGap = (api: ApiClient, id: string, note: string | undefined, output: Output): Promise<void> =>
  settle(api, id, 'dismiss', note === undefined ? {} : { note }, output)

/** @throws gap_not_found, gap_not_changeable */
export const reopenGap = (api: ApiClient, id: string, output: Output): Promise<void> =>
  settle(api, id, 'reopen', {}, output)
