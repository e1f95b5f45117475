/** Whether the process is up (/healthz), whether all parts are (/readyz), and figures (/metrics). */
import { createRoute, z } from '@hono/zod-openapi'
import { componentStates, type HttpDeps } from '../deps.ts'
import type { HttpApp } from '../http-env.ts'
import type { HttpMetrics } from '../http-metrics.ts'
import { commonProblems } from '../problem.ts'

const tags = ['Health']

const healthSchema = z
  .object({
    ready: z.boolean().describe('Whether questions can be answered.'),
    components: z
      .array(
        z.object({
          name: z.string().describe('Part of the program.'),
          state: z.enum(componentStates).describe('How it is.'),
          detail: z.string().describe('One sentence about it.'),
        }),
      )
      .describe('The parts.'),
    degraded: z.array(z.string()).describe('Codes of what works less well than it should; empty when all is well.'),
  })
  .openapi('Health')

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  tags,
  summary: 'Is the process up?',
  responses: {
    200: {
      description: 'It is.',
      content: { 'application/json': { schema: z.object({ status: z.literal('ok').describe('Always `ok`.') }) } },
    },
    ...commonProblems,
  },
})

const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  tags,
  summary: 'Are all parts up?',
  responses: {
    200: { description: 'Questions can be answered.', content: { 'application/json': { schema: healthSchema } } },
    503: { description: 'They can not, yet.', content: { 'application/json': { schema: healthSchema } } },
    ...commonProblems,
  },
})

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  tags,
  summary: 'Figures in the Prometheus text format',
  responses: {
    200: { description: 'The figures.', content: { 'text/plain': { schema: z.string().describe('The figures.') } } },
    ...commonProblems,
  },
})

export const addHealthRoutes = (app: HttpApp, deps: Pick<HttpDeps, 'health'>, metrics: HttpMetrics): void => {
  app.openapi(healthz, (c) => c.json({ status: 'ok' as const }, 200))
  app.openapi(readyz, async (c) => {
    const { ready, components, degraded } = await deps.health()
    const body = {
      ready,
      components: components.map(({ name, state, detail }) => ({ name, state, detail })),
      degraded: [...degraded],
    }
    return ready ? c.json(body, 200) : c.json(body, 503)
  })
  app.openapi(metricsRoute, async (c) => {
    const { text, contentType } = await metrics.render()
    return c.text(text, 200, { 'content-type': contentType })
  })
}
