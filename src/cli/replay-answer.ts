/** `kura replay`: a recorded answer given again. Ends with 1 where other statements are made than then, as `diff` does. */

import type { z } from 'zod'
import { replaySchema } from '../http/routes/replay-routes.ts'
import type { ApiClient } from './api-client.ts'
import type { Output } from './output.ts'

type ReplayView = z.infer<typeof replaySchema>
type StatementsView = ReplayView['today']['statements']

const reasons: Readonly<Record<ReplayView['today']['passages']['gone'][number]['reason'], string>> = {
  superseded: 'superseded',
  withdrawn: 'withdrawn',
  removed: 'the document was removed',
  found_no_more: 'still in force, others came before it',
}

/** @throws answer_not_found, answer_not_recorded, model_missing, model_unavailable */
export const replayById = async (api: ApiClient, id: string, output: Output): Promise<void> => {
  output.progress('answering again…')
  const replay = await api.post(`/api/answers/${encodeURIComponent(id)}/replay`, {}, replaySchema)
  output.result(replay, replayText(replay))
  if (!replay.same) process.exitCode = 1
}

const replayText = ({ before, standalone, changes, again, today, same }: ReplayView): string =>
  [
    `${before.question}${standalone === before.question ? '' : `\n  understood as: ${standalone}`}`,
    '',
    changes.length === 0 ? 'Nothing that the answer depends on has changed.' : 'Changed since:',
    ...changes.map(({ what, before: former, now }) => `  ${what}: ${former ?? 'none'} -> ${now ?? 'none'}`),
    '',
    ...againLines(again),
    '',
    "From today's documents:",
    ...statementLines(today.statements),
    ...passageLines(today.passages),
    '',
    same ? 'The same statements as then.' : 'Not the same statements as then.',
  ].join('\n')

const againLines = (again: ReplayView['again']): string[] => {
  if (again === null) return ['No model wrote this answer: it is quotes, or was refused before.']
  const drafts = again.drafts.flatMap(({ promptId, promptVersion, before, now }) =>
    before === now
      ? [`  draft (${promptId} ${promptVersion}), then and now: ${oneLine(now)}`]
      : [
          `  draft (${promptId} ${promptVersion}) then: ${oneLine(before)}`,
          `  draft (${promptId} ${promptVersion}) now:  ${oneLine(now)}`,
        ],
  )
  return [`From the sources of then, by ${again.model}:`, ...drafts, ...statementLines(again.statements)]
}

const statementLines = ({ kept, gone, added }: StatementsView): string[] => {
  if (kept.length + gone.length + added.length === 0) return ['  no statement, then and now']
  return [
    ...kept.map(({ text }) => `    ${text}`),
    ...gone.map(({ text }) => `  - ${text}`),
    ...added.map(({ text }) => `  + ${text}`),
  ]
}

const passageLines = ({ kept, gone, added }: ReplayView['today']['passages']): string[] => [
  `  passages: ${kept.length} as then, ${gone.length} gone, ${added.length} new`,
  ...gone.map(
    ({ passage, reason, revisionNow }) =>
      `  - ${passage.documentName}, rev. ${passage.revision}, ${passage.heading || `page ${passage.pageStart}`} (${reasons[reason]}${revisionNow ? ` by ${revisionNow}` : ''})`,
  ),
  ...added.map(
    ({ documentName, revision, heading, pageStart }) =>
      `  + ${documentName}, rev. ${revision}, ${heading || `page ${pageStart}`}`,
  ),
]

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim() || '(nothing)'
