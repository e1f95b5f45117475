/** Watched folders: list, add, look into, remove. Their files are kept in line with a collection by the server. */
import { createRoute, z } from '@hono/zod-openapi'
import type { WatchedFolderId } from '../../core/ids.ts'
import { removalRules, type WatchedFileRecord } from '../../store/records.ts'
import { type HttpDeps, type WatchedFolderInfo, watchStates } from '../deps.ts'
import type { HttpApp } from '../http-env.ts'
import { commonProblems, problemOf } from '../problem.ts'

const tags = ['Watched folders']
const params = z.object({ id: z.string().describe('Id of the watched folder.') })
const jsonOf = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } })
const notFound = problemOf('watch_not_found')
const defaultFiles = 200
const maxFiles = 1000

const whenRemoved = z
  .enum(removalRules)
  .describe(
    'What becomes of the document of a file that is gone: `keep` nothing, `withdraw` it answers no more, `remove` it is deleted.',
  )

const folderShape = {
  id: z.string().describe('Id of the watched folder.'),
  path: z.string().describe('Absolute path on the machine where Kura runs, without symbolic links.'),
  collectionId: z.string().describe('Collection of its documents.'),
  whenRemoved,
  state: z
    .enum(watchStates)
    .describe('`unavailable`: missing, unreadable or suddenly empty, nothing is done; `off`: no server watches.'),
  reason: z.string().nullable().describe('Why it is unavailable, in one sentence.'),
  fileCount: z.number().int().describe('Files that are there and known.'),
  failedCount: z.number().int().describe('Of these, those that could not be taken in.'),
  waitingCount: z.number().int().describe('Files that are still being written, or have not been reached yet.'),
  comparedAt: z.string().nullable().describe('When the whole folder was last compared with the ledger, ISO 8601 UTC.'),
  createdAt: z.string().describe('When it was added, ISO 8601 UTC.'),
}

export const watchedFolderSchema = z.object(folderShape).openapi('WatchedFolder')

export const watchedFolderDetailSchema = z
  .object({
    ...folderShape,
    files: z
      .array(
        z.object({
          path: z.string().describe('Relative to the folder, with slashes.'),
          documentId: z.string().nullable().describe('Its document; null where it could not be taken in.'),
          sha256: z.string().nullable().describe('SHA-256 of the content that was taken in, in hexadecimal.'),
          bytes: z.number().int().describe('Size of the file.'),
          modifiedAt: z.string().describe('When the file was last changed, ISO 8601 UTC.'),
          error: z
            .object({
              code: z
                .string()
                .describe('Code of the error; `file_not_found` where the file is gone and its document stays.'),
              message: z.string().describe('What happened, in one sentence.'),
            })
            .nullable()
            .describe('Why it could not be taken in; null where it was.'),
        }),
      )
      .describe('Files by path: those that are there, and those that are gone but whose document stays.'),
    nextCursor: z.string().optional().describe('For the next part of the files; absent with the last.'),
  })
  .openapi('WatchedFolderDetail')

const list = createRoute({
  method: 'get',
  path: '/api/watched-folders',
  tags,
  summary: 'List the watched folders',
  responses: {
    200: {
      description: 'All watched folders, in the order in which they were added.',
      content: jsonOf(z.object({ watchedFolders: z.array(watchedFolderSchema).describe('The watched folders.') })),
    },
    ...commonProblems,
  },
})

const add = createRoute({
  method: 'post',
  path: '/api/watched-folders',
  tags,
  summary: 'Watch a folder',
  description:
    'Its files become documents of the collection, and stay in line with it. Watched folders do not lie in each other.',
  request: {
    body: {
      required: true,
      content: jsonOf(
        z
          .strictObject({
            path: z.string().min(1).max(4096).describe('Absolute path of the folder on the machine where Kura runs.'),
            collection: z.string().min(1).max(255).describe('Id or name of the collection.'),
            whenRemoved: whenRemoved.default('keep'),
          })
          .openapi('NewWatchedFolder'),
      ),
    },
  },
  responses: {
    201: { description: 'It is watched.', content: jsonOf(watchedFolderSchema) },
    400: problemOf('invalid_request', 'watch_path_invalid'),
    404: problemOf('collection_not_found'),
    409: problemOf('watch_exists'),
    413: problemOf('request_too_large'),
    415: problemOf('media_type_unsupported'),
    ...commonProblems,
  },
})

const get = createRoute({
  method: 'get',
  path: '/api/watched-folders/{id}',
  tags,
  summary: 'Read a watched folder and what became of its files',
  request: {
    params,
    query: z.object({
      cursor: z.string().max(8192).optional().describe('`nextCursor` of the part before.'),
      limit: z.coerce.number().int().min(1).max(maxFiles).default(defaultFiles).describe('Files at most.'),
    }),
  },
  responses: {
    200: { description: 'The watched folder.', content: jsonOf(watchedFolderDetailSchema) },
    400: problemOf('invalid_request'),
    404: notFound,
    ...commonProblems,
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/api/watched-folders/{id}',
  tags,
  summary: 'Stop watching a folder',
  description: 'Its documents stay.',
  request: { params },
  responses: { 204: { description: 'It is not watched any more.' }, 404: notFound, ...commonProblems },
})

const present = (folder: WatchedFolderInfo): z.infer<typeof watchedFolderSchema> => ({
  id: folder.id,
  path: folder.path,
  collectionId: folder.collectionId,
  whenRemoved: folder.whenRemoved,
  state: folder.state,
  reason: folder.reason,
  fileCount: folder.fileCount,
  failedCount: folder.failedCount,
  waitingCount: folder.waitingCount,
  comparedAt: folder.comparedAt,
  createdAt: folder.createdAt,
})

const presentFile = (file: WatchedFileRecord) => ({
  path: file.path,
  documentId: file.documentId,
  sha256: file.sha256,
  bytes: file.bytes,
  modifiedAt: file.modifiedAt,
  error: file.error && { code: file.error.code, message: file.error.message },
})

/** A cursor is the last path of the part before it. */
const toCursor = (path: string): string => Buffer.from(path).toString('base64url')
const fromCursor = (cursor: string | undefined): string | undefined =>
  cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString()

export const addWatchRoutes = (
  app: HttpApp,
  { watches, ledger: { collections } }: Pick<HttpDeps, 'watches' | 'ledger'>,
): void => {
  app.openapi(list, async (c) => {
    const folders = await watches.list(c.get('principal'))
    return c.json({ watchedFolders: folders.map(present) }, 200)
  })
  app.openapi(add, async (c) => {
    const { path, collection, whenRemoved } = c.req.valid('json')
    const { id: collectionId } = await collections.resolve(c.get('principal'), collection)
    const folder = await watches.add(c.get('principal'), { path, collectionId, whenRemoved })
    return c.json(present(folder), 201, { location: `/api/watched-folders/${folder.id}` })
  })
  app.openapi(get, async (c) => {
    const id = c.req.valid('param').id as WatchedFolderId
    const { cursor, limit } = c.req.valid('query')
    const folder = await watches.get(c.get('principal'), id)
    const files = await watches.files(c.get('principal'), id, { after: fromCursor(cursor), limit: limit + 1 })
    const shown = files.slice(0, limit)
    const last = shown.at(-1)
    const next = files.length > limit && last ? { nextCursor: toCursor(last.path) } : {}
    return c.json({ ...present(folder), files: shown.map(presentFile), ...next }, 200)
  })
  app.openapi(remove, async (c) => {
    await watches.remove(c.get('principal'), c.req.valid('param').id as WatchedFolderId)
    return c.body(null, 204)
  })
}
