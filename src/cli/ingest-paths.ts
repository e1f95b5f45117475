/**
 * `kura ingest PATH…`: finds the files, uploads them one by one, waits until each is searchable or has failed. A file that can not be
 * used never stops the others; each gets a line in the result.
 */
import { openAsBlob } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { KuraError } from '../core/errors.ts'
import { collectionSchema, documentSchema, jobSchema } from '../http/document-schemas.ts'
import type { ApiClient } from './api-client.ts'
import { collectionsSchema, type DocumentView, uploadSchema } from './api-views.ts'
import type { Output } from './output.ts'

export interface IngestResult {
  readonly documents: readonly {
    readonly id: string | null
    readonly name: string
    readonly status: string
    readonly pages: DocumentView['pages']
    readonly chunks: number
    readonly duplicateOf?: string
    readonly error: { readonly code: string; readonly message: string } | null
  }[]
}

const noPages = { text: 0, ocr: 0, blank: 0, failed: 0 }
const finished = new Set(['done', 'failed', 'cancelled', 'dead'])

/**
 * Files of the paths, folders walked in name order. Hidden files and symbolic links inside folders are left out.
 * @throws file_not_found
 */
export const findFiles = async (paths: readonly string[]): Promise<string[]> => {
  const files: string[] = []
  for (const each of paths) {
    const info = await stat(each).catch((error: unknown) => {
      throw new KuraError('file_not_found', `${each} does not exist or can not be read.`, { cause: error })
    })
    if (!info.isDirectory()) {
      files.push(each)
      continue
    }
    const entries = await readdir(each, { withFileTypes: true })
    const inside = entries
      .filter((entry) => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()))
      .map((entry) => path.join(each, entry.name))
      .sort()
    files.push(...(await findFiles(inside)))
  }
  return files
}

/** The id of the collection of this name; it is created where there is none. */
export const ensureCollection = async (api: ApiClient, name: string): Promise<string> => {
  const { collections } = await api.get('/api/collections', collectionsSchema)
  const known = collections.find((each) => each.name === name || each.id === name)
  return known?.id ?? (await api.post('/api/collections', { name }, collectionSchema)).id
}

/** Waits for a job by its events; where the stream ends early, asks again. */
const waitForJob = async (api: ApiClient, jobId: string, name: string, output: Output): Promise<void> => {
  for (;;) {
    for await (const event of api.events(`/api/jobs/${jobId}/events`)) {
      const job = jobSchema.safeParse(JSON.parse(event.data)).data
      if (!job) continue
      const { done, total } = job.progress
      output.progress(`${name}: ${job.stage}${total > 0 ? ` ${done}/${total}` : ''}`)
      if (finished.has(job.state)) return
    }
    const job = await api.get(`/api/jobs/${jobId}`, jobSchema)
    if (finished.has(job.state)) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** A duplicate may be of a document that is still being read, by another upload or by one that was interrupted. */
const unfinishedJob = async (api: ApiClient, documentId: string): Promise<string | undefined> => {
  const { status, jobId } = await api.get(`/api/documents/${documentId}`, documentSchema)
  return status === 'queued' || status === 'processing' ? (jobId ?? undefined) : undefined
}

const upload = async (
  api: ApiClient,
  collectionId: string,
  file: string,
  name: string,
): Promise<{ id: string; jobId: string | undefined; duplicateOf: string | undefined }> => {
  const form = new FormData()
  form.append('file', await openAsBlob(file), name)
  const response = await api.request(`/api/collections/${collectionId}/documents`, { method: 'POST', body: form })
  const [document] = uploadSchema.parse(await response.json()).documents
  if (!document?.id) throw new KuraError('internal', 'The server accepted the file but named no document.')
  return { id: document.id, jobId: document.jobId ?? undefined, duplicateOf: document.duplicateOf }
}

export const ingestPaths = async (
  api: ApiClient,
  paths: readonly string[],
  collection: string,
  output: Output,
): Promise<IngestResult> => {
  const files = await findFiles(paths)
  if (files.length === 0) throw new KuraError('file_not_found', 'There is no file in what was named.')
  const collectionId = await ensureCollection(api, collection)
  const uploads: {
    name: string
    id?: string
    jobId?: string | undefined
    duplicateOf?: string | undefined
    error?: KuraError
  }[] = []
  for (const file of files) {
    const name = path.basename(file)
    output.progress(`${name}: uploading`)
    try {
      uploads.push({ name, ...(await upload(api, collectionId, file, name)) })
    } catch (error) {
      if (!(error instanceof KuraError) || error.code === 'server_unreachable') throw error
      uploads.push({ name, error })
    }
  }
  const documents: IngestResult['documents'][number][] = []
  for (const { name, id, jobId, duplicateOf, error } of uploads) {
    if (id === undefined) {
      const failure = error ? { code: error.code, message: error.message } : null
      documents.push({ id: null, name, status: 'failed', pages: noPages, chunks: 0, error: failure })
    } else {
      const waiting = jobId ?? (await unfinishedJob(api, id))
      if (waiting) await waitForJob(api, waiting, name, output)
      const { status, pages, chunks, error: failure } = await api.get(`/api/documents/${id}`, documentSchema)
      documents.push({ id, name, status, pages, chunks, error: failure, ...(duplicateOf ? { duplicateOf } : {}) })
    }
    output.message(documentLine(documents.at(-1)))
  }
  return { documents }
}

const documentLine = (document: IngestResult['documents'][number] | undefined): string => {
  if (!document) return ''
  const { name, status, pages, chunks, duplicateOf, error } = document
  if (error) return `${name}: ${status} [${error.code}] ${error.message}`
  const failed = pages.failed > 0 ? `, ${pages.failed} pages failed` : ''
  return `${name}: ${duplicateOf ? 'already there, ' : ''}${status}, ${pages.text + pages.ocr} pages with text${failed}, ${chunks} chunks`
}
