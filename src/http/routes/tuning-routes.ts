/** Tuning on own documents, as a job: begin, list, follow, cancel; switch a tuning on, go back to the untuned system. */
import { createRoute, z } from '@hono/zod-openapi'
import type { TuningId } from '../../core/ids.ts'
import type { HttpDeps } from '../deps.ts'
import type { HttpApp } from '../http-env.ts'
import { commonProblems, modelProblems, problemOf } from '../problem.ts'
import { presentTuning, tuningListSchema, tuningSchema } from '../tuning-schemas.ts'

const tags = ['Tuning']
const params = z.object({ id: z.string().describe('Id of the tuning.') })
const tuning = { 'application/json': { schema: tuningSchema } }
const tunings = { 'application/json': { schema: tuningListSchema } }
const notFound = problemOf('tuning_not_found')

const requestSchema = z
  .strictObject({
    collections: z
      .array(z.string().max(300))
      .min(1)
      .max(1000)
      .optional()
      .describe('Ids or names of the collections to make questions of; all that are readable where it is left out.'),
    limit: z
      .number()
      .int()
      .min(10)
      .max(2000)
      .optional()
      .describe(
        'Passages to make a question of each; as many as the model writes on in 40 minutes where it is left out, 60 to 200.',
      ),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31)
      .default(1)
      .describe('Of sampling, splitting and fitting.'),
  })
  .openapi('TuningRequest')

const start = createRoute({
  method: 'post',
  path: '/api/tunings',
  tags,
  summary: 'Tune on own documents',
  description:
    'Makes questions of the documents, fits ranking and refusals on a part of them, compares with the untuned system on the rest, and switches on what is better. It gives way to questions; one runs at a time.',
  request: { body: { required: true, content: { 'application/json': { schema: requestSchema } } } },
  responses: {
    202: { description: 'It has begun; `remainingSeconds` is the estimate.', content: tuning },
    400: problemOf('invalid_request'),
    404: problemOf('collection_not_found'),
    409: problemOf('tuning_running', 'nothing_to_tune'),
    413: problemOf('request_too_large'),
    415: problemOf('media_type_unsupported'),
    ...modelProblems,
    ...commonProblems,
  },
})

const list = createRoute({
  method: 'get',
  path: '/api/tunings',
  tags,
  summary: 'List the tunings',
  responses: { 200: { description: 'The tunings.', content: tunings }, ...commonProblems },
})

const get = createRoute({
  method: 'get',
  path: '/api/tunings/{id}',
  tags,
  summary: 'Read a tuning: progress, before and after',
  request: { params },
  responses: { 200: { description: 'The tuning.', content: tuning }, 404: notFound, ...commonProblems },
})

const cancel = createRoute({
  method: 'post',
  path: '/api/tunings/{id}/cancel',
  tags,
  summary: 'Cancel a tuning',
  description:
    'It ends within a second and changes nothing; its questions are kept. One that has ended stays as it is.',
  request: { params },
  responses: { 200: { description: 'The tuning.', content: tuning }, 404: notFound, ...commonProblems },
})

const activate = createRoute({
  method: 'post',
  path: '/api/tunings/{id}/activate',
  tags,
  summary: 'Switch a tuning on',
  description: 'From the next question on, without a restart. Only one that is better than the untuned system.',
  request: { params },
  responses: {
    200: { description: 'The tuning.', content: tuning },
    404: notFound,
    409: problemOf('tuning_not_applicable'),
    ...modelProblems,
    ...commonProblems,
  },
})

const revert = createRoute({
  method: 'post',
  path: '/api/tunings/revert',
  tags,
  summary: 'Go back to the untuned system',
  description: 'From the next question on, without a restart. The tunings are kept.',
  responses: { 200: { description: 'The tunings.', content: tunings }, ...commonProblems },
})

export const addTuningRoutes = (
  app: HttpApp,
  { tunings: desk, ledger }: Pick<HttpDeps, 'tunings'> & { readonly ledger: Pick<HttpDeps['ledger'], 'collections'> },
): void => {
  app.openapi(revert, async (c) => {
    const principal = c.get('principal')
    await desk.revert(principal)
    const { tunings: all, applied } = await desk.list(principal)
    return c.json({ tunings: all.map(presentTuning), applied }, 200)
  })
  app.openapi(start, async (c) => {
    const principal = c.get('principal')
    const { collections, limit, seed } = c.req.valid('json')
    const collectionIds = await ledger.collections.readable(principal, collections)
    return c.json(presentTuning(await desk.start(principal, { collectionIds, limit, seed })), 202)
  })
  app.openapi(list, async (c) => {
    const { tunings: all, applied } = await desk.list(c.get('principal'))
    return c.json({ tunings: all.map(presentTuning), applied }, 200)
  })
  app.openapi(get, async (c) =>
    c.json(presentTuning(await desk.get(c.get('principal'), c.req.valid('param').id as TuningId)), 200),
  )
  app.openapi(cancel, async (c) =>
    c.json(presentTuning(await desk.cancel(c.get('principal'), c.req.valid('param').id as TuningId)), 200),
  )
  app.openapi(activate, async (c) =>
    c.json(presentTuning(await desk.activate(c.get('principal'), c.req.valid('param').id as TuningId)), 200),
  )
}
