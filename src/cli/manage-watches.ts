/** `kura watch add`, `kura watch list`, `kura watch show`, `kura watch remove`. */
import path from 'node:path'
import { z } from 'zod'
import { watchedFolderDetailSchema, watchedFolderSchema } from '../http/routes/watch-routes.ts'
import type { ApiClient } from './api-client.ts'
import { ensureCollection } from './ingest-paths.ts'
import type { Output } from './output.ts'

type FolderView = z.infer<typeof watchedFolderSchema>
type FileView = z.infer<typeof watchedFolderDetailSchema>['files'][number]

const foldersSchema = z.object({ watchedFolders: z.array(watchedFolderSchema) })
const filesAtOnce = 1000

const folderText = ({ id, path: folder, state, reason, fileCount, failedCount, waitingCount }: FolderView): string => {
  const failed = failedCount > 0 ? `, ${failedCount} failed` : ''
  const waiting = waitingCount > 0 ? `, ${waitingCount} waiting` : ''
  return `${id}  ${state.padEnd(11)} ${folder}  (${fileCount} files${failed}${waiting})${reason ? `\n    ${reason}` : ''}`
}

const fileText = ({ path: file, documentId, error }: FileView): string =>
  `  ${(documentId ?? '-').padEnd(24)} ${file}${error ? `\n    ${error.message} [${error.code}]` : ''}`

/** The collection is created where there is none of the name. @throws watch_path_invalid, watch_exists */
export const addWatch = async (
  api: ApiClient,
  folder: string,
  { collection, whenRemoved }: { collection: string; whenRemoved: string },
  output: Output,
): Promise<void> => {
  await ensureCollection(api, collection)
  const body = { path: path.resolve(folder), collection, whenRemoved }
  const added = await api.post('/api/watched-folders', body, watchedFolderSchema)
  const text =
    added.state === 'off' ? `${added.path} is watched whenever the server runs.` : `${added.path} is watched.`
  output.result(added, `${text}  ${added.id}`)
}

export const listWatches = async (api: ApiClient, output: Output): Promise<void> => {
  const result = await api.get('/api/watched-folders', foldersSchema)
  const lines = result.watchedFolders.map(folderText)
  output.result(result, lines.length > 0 ? lines.join('\n') : 'No folder is watched.')
}

/** @throws watch_not_found */
export const showWatch = async (api: ApiClient, id: string, output: Output): Promise<void> => {
  const address = `/api/watched-folders/${encodeURIComponent(id)}`
  const read = (cursor: string | undefined) => {
    const query = new URLSearchParams({ limit: String(filesAtOnce), ...(cursor ? { cursor } : {}) })
    return api.get(`${address}?${query}`, watchedFolderDetailSchema)
  }
  let { nextCursor, ...folder } = await read(undefined)
  const files = [...folder.files]
  while (nextCursor) {
    const part = await read(nextCursor)
    files.push(...part.files)
    nextCursor = part.nextCursor
  }
  output.result({ ...folder, files }, [folderText(folder), ...files.map(fileText)].join('\n'))
}

/** @throws watch_not_found */
export const removeWatch = async (api: ApiClient, id: string, output: Output): Promise<void> => {
  await api.request(`/api/watched-folders/${encodeURIComponent(id)}`, { method: 'DELETE' })
  output.result({ removed: id }, `${id} is not watched any more; its documents stay.`)
}
