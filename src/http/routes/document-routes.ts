/** Documents: list, read with the page ledger, read a page, read the file, delete. Uploading is in upload-routes.ts. */
import { createRoute, z } from '@hono/zod-openapi'
import { KuraError } from '../../core/errors.ts'
import type { DocumentId } from '../../core/ids.ts'
import { documentStatuses } from '../../store/records.ts'
import type { HttpDeps } from '../deps.ts'
import {
  documentDetailSchema,
  documentSchema,
  pageSchema,
  presentDocument,
  presentDocumentDetail,
  presentPage,
} from '../document-schemas.ts'
import type { HttpApp } from '../http-env.ts'
import { commonProblems, problemOf } from '../problem.ts'
import { sendOriginal } from '../send-original.ts'

const tags = ['Documents']
const params = z.object({ id: z.string().describe('Id of the document.') })
const notFound = problemOf('document_not_found')

const list = createRoute({
  method: 'get',
  path: '/api/documents',
  tags,
  summary: 'List documents',
  request: {
    query: z.strictObject({
      collection: z.string().max(300).optional().describe('Only of this collection, by id or name.'),
      status: z.enum(documentStatuses).optional().describe('Only in this status.'),
      q: z.string().max(255).optional().describe('Only whose name holds this text.'),
      cursor: z.string().max(500).optional().describe('`nextCursor` of the page before.'),
      limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at most.'),
    }),
  },
  responses: {
    200: {
      description: 'The documents, newest first.',
      content: {
        'application/json': {
          schema: z
            .object({
              documents: z.array(documentSchema).describe('The documents, newest first.'),
              nextCursor: z.string().optional().describe('Send it as `cursor` for more; missing on the last page.'),
            })
            .openapi('DocumentList'),
        },
      },
    },
    400: problemOf('invalid_request'),
    404: problemOf('collection_not_found'),
    ...commonProblems,
  },
})

const get = createRoute({
  method: 'get',
  path: '/api/documents/{id}',
  tags,
  summary: 'Read a document and its page ledger',
  request: { params },
  responses: {
    200: { description: 'The document.', content: { 'application/json': { schema: documentDetailSchema } } },
    404: notFound,
    ...commonProblems,
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/api/documents/{id}',
  tags,
  summary: 'Delete a document',
  description: 'It stops answering at once.',
  request: { params },
  responses: { 204: { description: 'It is deleted.' }, 404: notFound, ...commonProblems },
})

const file = createRoute({
  method: 'get',
  path: '/api/documents/{id}/file',
  tags,
  summary: 'Read the uploaded file',
  description: 'A single range of bytes is served. Markup is sent as plain text.',
  request: { params },
  responses: {
    200: { description: 'The file.', content: { '*/*': { schema: { type: 'string', format: 'binary' } } } },
    206: {
      description: 'The range that was asked for.',
      content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
    },
    304: { description: 'The caller has it already (If-None-Match).' },
    404: problemOf('document_not_found', 'file_not_found'),
    416: problemOf('range_not_satisfiable'),
    ...commonProblems,
  },
})

const page = createRoute({
  method: 'get',
  path: '/api/documents/{id}/pages/{number}',
  tags,
  summary: 'Read a page: its text and where each line stands',
  request: { params: params.extend({ number: z.string().describe('Number of the page, from 1.') }) },
  responses: {
    200: { description: 'The page.', content: { 'application/json': { schema: pageSchema } } },
    404: problemOf('document_not_found', 'page_not_found'),
    ...commonProblems,
  },
})

const parsePageNumber = (text: string): number => {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (number < 1) throw new KuraError('page_not_found', 'A page is asked for by its number, from 1.')
  return number
}

export const addDocumentRoutes = (
  app: HttpApp,
  { ledger, originals }: Pick<HttpDeps, 'ledger' | 'originals'>,
): void => {
  const { collections, documents, pages } = ledger
  app.openapi(list, async (c) => {
    const { collection, status, q, cursor, limit } = c.req.valid('query')
    const principal = c.get('principal')
    const within = collection ? (await collections.resolve(principal, collection)).id : undefined
    const found = await documents.list(principal, {
      limit,
      ...(within === undefined ? {} : { collectionId: within }),
      ...(status === undefined ? {} : { status }),
      ...(q ? { q } : {}),
      ...(cursor ? { cursor } : {}),
    })
    return c.json({ documents: found.documents.map(presentDocument), nextCursor: found.nextCursor }, 200)
  })
  app.openapi(get, async (c) => {
    const id = c.req.valid('param').id as DocumentId
    const principal = c.get('principal')
    const record = await documents.get(principal, id)
    return c.json(presentDocumentDetail(record, await pages.summary(principal, id)), 200)
  })
  app.openapi(remove, async (c) => {
    await documents.remove(c.get('principal'), c.req.valid('param').id as DocumentId)
    return c.body(null, 204)
  })
  app.openapi(file, async (c) => {
    const record = await documents.get(c.get('principal'), c.req.valid('param').id as DocumentId)
    return sendOriginal(c, record, originals.pathOf(record.sha256))
  })
  app.openapi(page, async (c) => {
    const { id, number } = c.req.valid('param')
    const principal = c.get('principal')
    await documents.get(principal, id as DocumentId)
    return c.json(presentPage(await pages.get(principal, id as DocumentId, parsePageNumber(number))), 200)
  })
}
