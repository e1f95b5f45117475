/** A recorded answer given again, and what is different: by the sources of then, and from the documents of today. */
import { createRoute, z } from '@hono/zod-openapi'
import type { AnswerId } from '../../core/ids.ts'
import type { Replay, StatementChanges } from '../../core/replay.ts'
import {
  answerSchema,
  passageSchema,
  presentAnswer,
  presentPassage,
  presentStatement,
  statementSchema,
} from '../answer-schemas.ts'
import { withCallerSignal } from '../caller-signal.ts'
import type { HttpDeps } from '../deps.ts'
import type { HttpApp } from '../http-env.ts'
import { commonProblems, modelProblems, problemOf } from '../problem.ts'

const statementChangesSchema = z
  .object({
    kept: z.array(statementSchema).describe('Said then and now.'),
    gone: z.array(statementSchema).describe('Said then only.'),
    added: z.array(statementSchema).describe('Said now only.'),
  })
  .openapi('StatementChanges')

export const replaySchema = z
  .object({
    before: answerSchema.describe('The recorded answer.'),
    standalone: z.string().describe('The question as it was understood, without the turns before it.'),
    changes: z
      .array(
        z.object({
          what: z
            .enum(['model', 'adapter', 'prompt', 'embedding', 'ranking', 'kura'])
            .describe('What is not as it was.'),
          before: z.string().nullable().describe('As it was; null where there was none.'),
          now: z.string().nullable().describe('As it is; null where there is none.'),
        }),
      )
      .describe('What the answer depends on and has changed; empty where nothing has.'),
    again: z
      .object({
        model: z.string().describe('The model in use.'),
        drafts: z
          .array(
            z.object({
              promptId: z.string().describe('Id of the prompt.'),
              promptVersion: z.number().int().describe('Its version then, which was used again.'),
              before: z.string().describe('What the model wrote then, before the checks.'),
              now: z.string().describe('What the model writes now.'),
            }),
          )
          .describe('Each draft of then, and of now.'),
        statements: statementChangesSchema.describe(
          'What the checks of today leave of the drafts of then, and of those of now.',
        ),
      })
      .nullable()
      .describe('The same prompts, sources and settings with the model in use; null where no model wrote then.'),
    today: z
      .object({
        answer: answerSchema.describe('The new answer; it is not recorded, so its id names nothing.'),
        statements: statementChangesSchema.describe('Against those of then.'),
        passages: z
          .object({
            kept: z.array(passageSchema).describe('Found then and now.'),
            gone: z
              .array(
                z.object({
                  passage: passageSchema,
                  reason: z
                    .enum(['superseded', 'withdrawn', 'removed', 'found_no_more'])
                    .describe('What became of its revision; `found_no_more`: in force, but others came before it.'),
                  revisionNow: z.string().optional().describe('Label of the revision that took its place.'),
                }),
              )
              .describe('Found then only.'),
            added: z.array(passageSchema).describe('Found now only.'),
          })
          .describe('Against those of then.'),
      })
      .describe('The question asked anew, from the documents that are in force now.'),
    same: z.boolean().describe('Whether both say what was said then.'),
  })
  .openapi('Replay')

const replay = createRoute({
  method: 'post',
  path: '/api/answers/{id}/replay',
  tags: ['Questions'],
  summary: 'Give an answer again and show what is different',
  description:
    'Answers the recorded question from the recorded sources with the model in use, then from the documents of today. Nothing is recorded.',
  request: { params: z.object({ id: z.string().describe('Id of the answer.') }) },
  responses: {
    200: { description: 'What is different.', content: { 'application/json': { schema: replaySchema } } },
    404: problemOf('answer_not_found'),
    409: problemOf('answer_not_recorded'),
    ...modelProblems,
    ...commonProblems,
  },
})

export const addReplayRoutes = (app: HttpApp, { replayAnswer }: Pick<HttpDeps, 'replayAnswer'>): void => {
  app.openapi(replay, async (c) => {
    const id = c.req.valid('param').id as AnswerId
    const replayed = await withCallerSignal(c, (signal) => replayAnswer(c.get('principal'), id, { signal }))
    return c.json(presentReplay(replayed), 200)
  })
}

const presentStatementChanges = ({ kept, gone, added }: StatementChanges) => ({
  kept: kept.map(presentStatement),
  gone: gone.map(presentStatement),
  added: added.map(presentStatement),
})

const presentReplay = ({ before, standalone, changes, again, today, same }: Replay): z.infer<typeof replaySchema> => ({
  before: presentAnswer(before),
  standalone,
  changes: changes.map(({ what, before: former, now }) => ({ what, before: former, now })),
  again: again && {
    model: again.model,
    drafts: again.drafts.map(({ promptId, promptVersion, before: former, now }) => ({
      promptId,
      promptVersion,
      before: former,
      now,
    })),
    statements: presentStatementChanges(again.statements),
  },
  today: {
    answer: presentAnswer(today.answer),
    statements: presentStatementChanges(today.statements),
    passages: {
      kept: today.passages.kept.map(presentPassage),
      gone: today.passages.gone.map(({ passage, reason, revisionNow }) => ({
        passage: presentPassage(passage),
        reason,
        ...(revisionNow === undefined ? {} : { revisionNow }),
      })),
      added: today.passages.added.map(presentPassage),
    },
  },
  same,
})
