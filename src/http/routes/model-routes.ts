/** Models: what is chosen for each role and why, what the catalog offers, how far the index of another embedding model is; and the choice. */
import { createRoute, z } from '@hono/zod-openapi'
import { choiceEffects, indexStates, modelRoles, modelStates } from '../../core/models-report.ts'
import type { HttpDeps } from '../deps.ts'
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
    adapters: z
      .array(
        z.object({
          name: z.string().describe('Name for the settings.'),
          base: z.string().describe('The generation model that it is laid over.'),
          bytes: z.number().int().describe('Size of the file.'),
          sha256: z.string().describe('Of the file.'),
          scale: z.number().describe('How strongly it counts; 1 as it was trained.'),
          installed: z.boolean().describe('Whether its file and its model are on this machine.'),
        }),
      )
      .describe('LoRA adapters, each used like a model of the catalog.'),
    indexes: z
      .array(
        z.object({
          model: z.string().describe('The embedding model that made it: catalog name, path, or URL#name.'),
          active: z.boolean().describe('Whether questions are answered from it.'),
          state: z
            .enum(indexStates)
            .describe('`building`: takes over when it is complete; `kept`: of a former model, to go back to.'),
          progress: z
            .object({
              done: z.number().int().describe('Revisions of documents that it holds.'),
              total: z.number().int().describe('All that are published.'),
            })
            .describe('How far it is built.'),
          detail: z.string().describe('One sentence about it.'),
        }),
      )
      .describe('The tables of the search index, newest first.'),
    change: z
      .object({
        model: z.string().describe('The embedding model that is to take over.'),
        detail: z.string().describe('How far that is, or why it can not be.'),
      })
      .nullable()
      .describe('The change of the embedding model that is under way; null where there is none.'),
  })
  .openapi('Models')

export const modelChoiceSchema = z
  .object({
    role,
    name: z.string().describe('The model as it was written into the settings.'),
    takesEffect: z
      .enum(choiceEffects)
      .describe(
        '`when_built`: the former embedding model answers until the index of this one is complete; `when_loaded`: the former generation model writes until this one is loaded, and ends the answers that it has begun.',
      ),
  })
  .openapi('ModelChoice')

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

const choose = createRoute({
  method: 'put',
  path: '/api/models/{role}',
  tags: ['Models'],
  summary: 'Choose the model for a role',
  description:
    'Another embedding model gets an index of its own, beside the one in use; questions are answered from the former until it is complete. Choosing the former one goes back. A generation model is loaded beside the one in use and takes over without a question being lost. Other roles change at the next start.',
  request: {
    params: z.object({ role: role.openapi({ param: { name: 'role', in: 'path' } }) }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.object({
            name: z
              .string()
              .min(1)
              .max(4096)
              .describe(
                'Catalog name, or path of a GGUF on the server; for generation also an adapter, `base+adapter` or `none`; URL#name for an embedding model of another engine.',
              ),
          }),
        },
      },
    },
  },
  responses: {
    200: { description: 'It is chosen.', content: { 'application/json': { schema: modelChoiceSchema } } },
    ...commonProblems,
  },
})

export const addModelRoutes = (app: HttpApp, deps: Pick<HttpDeps, 'listModels' | 'chooseModel'>): void => {
  app.openapi(choose, async (c) => {
    const { role: chosenRole } = c.req.valid('param')
    const { name, takesEffect } = await deps.chooseModel(chosenRole, c.req.valid('json').name)
    return c.json({ role: chosenRole, name, takesEffect }, 200)
  })
  app.openapi(list, async (c) => {
    const { chosen, catalog, adapters, indexes, change } = await deps.listModels()
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
        adapters: adapters.map(({ name, base, bytes, sha256, scale, installed }) => ({
          name,
          base,
          bytes,
          sha256,
          scale,
          installed,
        })),
        indexes: indexes.map(({ model, active, state, progress, detail }) => ({
          model,
          active,
          state,
          progress: { done: progress.done, total: progress.total },
          detail,
        })),
        change: change && { model: change.model, detail: change.detail },
      },
      200,
    )
  })
}
