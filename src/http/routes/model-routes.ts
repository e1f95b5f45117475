/** Models: what is chosen for each role and why, and what the catalog offers. */
import { createRoute, z } from '@hono/zod-openapi'
import { type HttpDeps, modelRoles, modelStates } from '../deps.ts'
import type { HttpApp } from '../http-env.ts'
import { commonProblems } from '../problem.ts'

const role = z.enum(modelRoles).describe('What the model is for.')

export const modelsReportSchema = z
  .object({
    chosen: z
      .array(
        z.object({
          role,
          name: z.string().nullable().describe('Catalog or file name; null where the role is off.'),
          state: z
            .enum(modelStates)
            .describe('`missing`: the file is not on this machine; `external`: another engine serves the role.'),
          reason: z.string().describe('Why this one was chosen, or why there is none.'),
        }),
      )
      .describe('The model in use for each role.'),
    catalog: z
      .array(
        z.object({
          name: z.string().describe('Name for `kura models pull` and the settings.'),
          role,
          title: z.string().describe('Name for people.'),
          licence: z.string().describe('SPDX id or name of the licence.'),
          bytes: z.number().int().describe('Size of the file.'),
          contextTokens: z.number().int().describe('Longest context in tokens.'),
          parameters: z.number().describe('Count of parameters.'),
          quantization: z.string().describe('How the weights are stored.'),
          installed: z.boolean().describe('Whether the file is on this machine.'),
        }),
      )
      .describe('The models that Kura knows.'),
  })
  .openapi('Models')

const list = createRoute({
  method: 'get',
  path: '/api/models',
  tags: ['Models'],
  summary: 'Show the models in use and the catalog',
  responses: {
    200: { description: 'The models.', content: { 'application/json': { schema: modelsReportSchema } } },
    ...commonProblems,
  },
})

export const addModelRoutes = (app: HttpApp, deps: Pick<HttpDeps, 'listModels'>): void => {
  app.openapi(list, async (c) => {
    const { chosen, catalog } = await deps.listModels()
    return c.json(
      {
        chosen: chosen.map(({ role, name, state, reason }) => ({ role, name, state, reason })),
        catalog: catalog.map((entry) => ({
          name: entry.name,
          role: entry.role,
          title: entry.title,
          licence: entry.licence,
          bytes: entry.bytes,
          contextTokens: entry.contextTokens,
          parameters: entry.parameters,
          quantization: entry.quantization,
          installed: entry.installed,
        })),
      },
      200,
    )
  })
}
