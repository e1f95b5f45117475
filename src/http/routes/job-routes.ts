/**
 * Ingestion jobs: list, read, follow, cancel, retry; pause and resume all of them. Jobs are worked on in other processes: following one means looking at the
 * ledger again and again, and telling what changed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createRoute, z } from '@hono/zod-openapi'
import type { JobId } from '../../core/ids.ts'
import type { Principal } from '../../core/principal.ts'
import { type JobState, jobStates } from '../../store/records.ts'
import type { HttpDeps } from '../deps.ts'
import { jobSchema, presentJob } from '../document-schemas.ts'
import { eventStream, type ServerSentEvent } from '../event-stream.ts'
import type { HttpApp } from '../http-env.ts'
import type { JobsPort } from '../ledger-ports.ts'
import { commonProblems, describeProblem, problemOf } from '../problem.ts'

const tags = ['Jobs']
const params = z.object({ id: z.string().describe('Id of the job.') })
const job = { 'application/json': { schema: jobSchema } }
const pollMs = 300
const paused = z
  .boolean()
  .describe('Whether ingestion is paused: no job is begun, and those that ran have been given back.')
const counts = z.object(
  Object.fromEntries(
    jobStates.map((state) => [state, z.number().int().describe(`Jobs in the state ${state}.`)]),
  ) as Record<JobState, z.ZodNumber>,
)
const finalStates: ReadonlySet<string> = new Set<JobState>(['done', 'failed', 'cancelled', 'dead'])

const list = createRoute({
  method: 'get',
  path: '/api/jobs',
  tags,
  summary: 'List ingestion jobs',
  request: {
    query: z.strictObject({
      state: z.enum(jobStates).optional().describe('Only jobs in this state.'),
      limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at most.'),
    }),
  },
  responses: {
    200: {
      description: 'The jobs, newest first.',
      content: {
        'application/json': {
          schema: z
            .object({
              paused,
              counts: counts.describe('All jobs, by state.'),
              jobs: z.array(jobSchema).describe('The jobs, newest first.'),
            })
            .openapi('JobList'),
        },
      },
    },
    400: problemOf('invalid_request'),
    ...commonProblems,
  },
})

const get = createRoute({
  method: 'get',
  path: '/api/jobs/{id}',
  tags,
  summary: 'Read a job',
  request: { params },
  responses: {
    200: { description: 'The job.', content: job },
    404: problemOf('job_not_found'),
    ...commonProblems,
  },
})

const follow = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/events',
  tags,
  summary: 'Follow a job',
  description:
    'Events are `job` (Job, at once and at every change; the stream ends after the state in which it stays) and `error` ' +
    '(Problem, the last). A browser that connects again after the end gets 204, which stops it.',
  request: { params },
  responses: {
    200: {
      description: 'The events.',
      content: { 'text/event-stream': { schema: z.string().describe('Server-sent events whose data is JSON.') } },
    },
    204: { description: 'The caller has seen the end already (Last-Event-ID).' },
    404: problemOf('job_not_found'),
    ...commonProblems,
  },
})

const cancel = createRoute({
  method: 'post',
  path: '/api/jobs/{id}/cancel',
  tags,
  summary: 'Cancel a job',
  description: 'A queued job is cancelled at once, a running one at its next step; others stay as they are.',
  request: { params },
  responses: {
    200: { description: 'The job as it is now.', content: job },
    404: problemOf('job_not_found'),
    ...commonProblems,
  },
})

const retry = createRoute({
  method: 'post',
  path: '/api/jobs/{id}/retry',
  tags,
  summary: 'Retry a job',
  request: {
    params,
    body: {
      required: false,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              password: z.string().min(1).max(1000).optional().describe('Opens the file, where it is encrypted.'),
            })
            .openapi('JobRetry'),
        },
      },
    },
  },
  responses: {
    200: { description: 'The job as it is now.', content: job },
    400: problemOf('invalid_request'),
    404: problemOf('job_not_found'),
    409: problemOf('job_not_retryable'),
    413: problemOf('request_too_large'),
    ...commonProblems,
  },
})

const queue = { 'application/json': { schema: z.object({ paused }).openapi('JobQueue') } }

const pause = createRoute({
  method: 'post',
  path: '/api/jobs/pause',
  tags,
  summary: 'Pause ingestion',
  description:
    'Jobs that run are given back with what they have done; it stays so over restarts. Questions are answered on.',
  responses: { 200: { description: 'Ingestion is paused.', content: queue }, ...commonProblems },
})

const resume = createRoute({
  method: 'post',
  path: '/api/jobs/resume',
  tags,
  summary: 'Resume ingestion',
  responses: { 200: { description: 'Ingestion goes on.', content: queue }, ...commonProblems },
})

async function* jobEvents(
  jobs: JobsPort,
  p: Principal,
  id: JobId,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  let last = ''
  for (;;) {
    const record = await jobs.get(p, id)
    const data = JSON.stringify(presentJob(record))
    if (data !== last) yield { event: 'job', id: record.state, data }
    if (finalStates.has(record.state)) return
    last = data
    await sleep(pollMs, undefined, { signal })
  }
}

export const addJobRoutes = (app: HttpApp, { ledger: { jobs }, logger }: Pick<HttpDeps, 'ledger' | 'logger'>): void => {
  app.openapi(list, async (c) => {
    const { state, limit } = c.req.valid('query')
    const records = await jobs.list(c.get('principal'), { limit, ...(state === undefined ? {} : { states: [state] }) })
    const [counts, paused] = await Promise.all([jobs.counts(), jobs.isPaused()])
    return c.json({ paused, counts, jobs: records.map(presentJob) }, 200)
  })
  app.openapi(get, async (c) => {
    return c.json(presentJob(await jobs.get(c.get('principal'), c.req.valid('param').id as JobId)), 200)
  })
  app.openapi(follow, async (c) => {
    const id = c.req.valid('param').id as JobId
    const principal = c.get('principal')
    const seen = c.req.header('last-event-id')
    if (seen && finalStates.has(seen) && (await jobs.get(principal, id)).state === seen) return c.body(null, 204)
    return eventStream(
      c,
      (signal) => jobEvents(jobs, principal, id, signal),
      (error) => ({ event: 'error', data: JSON.stringify(describeProblem(c, logger, error)) }),
    )
  })
  app.openapi(cancel, async (c) => {
    return c.json(presentJob(await jobs.cancel(c.get('principal'), c.req.valid('param').id as JobId)), 200)
  })
  app.openapi(retry, async (c) => {
    const { password } = c.req.valid('json')
    const id = c.req.valid('param').id as JobId
    return c.json(presentJob(await jobs.retry(c.get('principal'), id, password)), 200)
  })
  app.openapi(pause, async (c) => {
    await jobs.pause(c.get('principal'))
    return c.json({ paused: await jobs.isPaused() }, 200)
  })
  app.openapi(resume, async (c) => {
    await jobs.resume(c.get('principal'))
    return c.json({ paused: await jobs.isPaused() }, 200)
  })
}
