/** Collections: create, list, read, change, delete. */
import { createRoute, z } from '@hono/zod-openapi'
import type { HttpDeps } from '../deps.ts'
import { collectionSchema, presentCollection } from '../document-schemas.ts'
import type { HttpApp } from '../http-env.ts'
import { commonProblems, problemOf } from '../problem.ts'
import { cleanText } from '../question.ts'

const tags = ['Collections']
const params = z.object({ id: z.string().describe('Id or name of the collection.') })
const nameSchema = z
  .string()
  .transform(cleanText)
  .pipe(z.string().min(1).max(255))
  .describe('Its name; unique.')
  .openapi({ minLength: 1, maxLength: 255 })
const descriptionSchema = z
  .string()
  .transform(cleanText)
  .pipe(z.string().max(2000))
  .describe('What it holds, for people.')
  .openapi({ maxLength: 2000 })
const jsonOf = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } })
const notFound = problemOf('collection_not_found')

const create = createRoute({
  method: 'post',
  path: '/api/collections',
  tags,
  summary: 'Create a collection',
  request: {
    body: {
      required: true,
      content: jsonOf(
        z.strictObject({ name: nameSchema, description: descriptionSchema.optional() }).openapi('NewCollection'),
      ),
    },
  },
  responses: {
    201: { description: 'The new collection.', content: jsonOf(collectionSchema) },
    400: problemOf('invalid_request'),
    409: problemOf('collection_exists'),
    413: problemOf('request_too_large'),
    415: problemOf('media_type_unsupported'),
    ...commonProblems,
  },
})

const list = createRoute({
  method: 'get',
  path: '/api/collections',
  tags,
  summary: 'List the collections',
  responses: {
    200: {
      description: 'All collections, by name.',
      content: jsonOf(z.object({ collections: z.array(collectionSchema).describe('The collections, by name.') })),
    },
    ...commonProblems,
  },
})

const get = createRoute({
  method: 'get',
  path: '/api/collections/{id}',
  tags,
  summary: 'Read a collection',
  request: { params },
  responses: {
    200: { description: 'The collection.', content: jsonOf(collectionSchema) },
    404: notFound,
    ...commonProblems,
  },
})

const update = createRoute({
  method: 'patch',
  path: '/api/collections/{id}',
  tags,
  summary: 'Rename or describe a collection',
  request: {
    params,
    body: {
      required: true,
      content: jsonOf(
        z
          .strictObject({ name: nameSchema.optional(), description: descriptionSchema.optional() })
          .openapi('CollectionChange'),
      ),
    },
  },
  responses: {
    200: { description: 'The collection as it is now.', content: jsonOf(collectionSchema) },
    400: problemOf('invalid_request'),
    404: notFound,
    409: problemOf('collection_exists'),
    413: problemOf('request_too_large'),
    415: problemOf('media_type_unsupported'),
    ...commonProblems,
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/api/collections/{id}',
  tags,
  summary: 'Delete a collection with its documents',
  description: 'Its documents stop answering at once.',
  request: { params },
  responses: { 204: { description: 'It is deleted.' }, 404: notFound, ...commonProblems },
})

export const addCollectionRoutes = (app: HttpApp, { ledger: { collections } }: Pick<HttpDeps, 'ledger'>): void => {
  app.openapi(create, async (c) => {
    const { name, description } = c.req.valid('json')
    const record = await collections.create(c.get('principal'), {
      name,
      ...(description === undefined ? {} : { description }),
    })
    return c.json(presentCollection(record), 201, { location: `/api/collections/${record.id}` })
  })
  app.openapi(list, async (c) => {
    const records = await collections.list(c.get('principal'))
    return c.json({ collections: records.map(presentCollection) }, 200)
  })
  app.openapi(get, async (c) => {
    const record = await collections.resolve(c.get('principal'), c.req.valid('param').id)
    return c.json(presentCollection(record), 200)
  })
  app.openapi(update, async (c) => {
    const { name, description } = c.req.valid('json')
    const { id } = await collections.resolve(c.get('principal'), c.req.valid('param').id)
    const record = await collections.update(c.get('principal'), id, {
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
    })
    return c.json(presentCollection(record), 200)
  })
  app.openapi(remove, async (c) => {
    const { id } = await collections.resolve(c.get('principal'), c.req.valid('param').id)
    await collections.remove(c.get('principal'), id)
    return c.body(null, 204)
  })
}
