/**
 * `kura ingest PATH…`: finds the files, uploads them one by one, waits until each is searchable or has failed, and what was inside of it
 * too. A file that can not be used never stops the others; each gets a line in the result.
 */
import { openAsBlob } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { KuraError } from '../core/errors.ts'
import { collectionSchema, documentDetailSchema, documentSchema, jobSchema } from '../http/document-schemas.ts'
import { revisionListSchema } from '../http/revision-schemas.ts'
import type { ApiClient } from './api-client.ts'
import {
  collectionsSchema,
  type DocumentDetailView,
  type DocumentView,
  type JobView,
  jobsSchema,
  uploadSchema,
} from './api-views.ts'
import type { Output } from './output.ts'

interface IngestedDocument {
  readonly id: string | null
  readonly name: string
  readonly status: string
  readonly pages: DocumentView['pages']
  readonly chunks: number
  /** Label of its newest revision. */
  readonly revision?: string
  readonly duplicateOf?: string
  /** What it was inside of, and where. */
  readonly parent?: { readonly documentId: string; readonly entry: string }
  readonly nearDuplicates?: DocumentDetailView['nearDuplicates']
  readonly error: { readonly code: string; readonly message: string } | null
}

export interface IngestResult {
  readonly documents: readonly IngestedDocument[]
}

/** What may be said about the files: the form fields of an upload. */
export interface UploadFields {
  readonly revisionOf?: string | undefined
  readonly revision?: string | undefined
  readonly effectiveFrom?: string | undefined
  readonly status?: 'draft' | undefined
  readonly language?: string | undefined
  readonly password?: string | undefined
  readonly encoding?: string | undefined
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

const unitOf: Partial<Record<JobView['stage'], string>> = { parsing: 'pages', reading: 'pages', embedding: 'chunks' }

const progressText = ({ stage, progress: { done, total } }: JobView): string =>
  total > 0 ? `${stage} ${done}/${total} ${unitOf[stage] ?? ''}`.trim() : stage

/** Waits for a job by its events; where the stream ends early, asks again. */
const waitForJob = async (api: ApiClient, jobId: string, name: string, output: Output): Promise<void> => {
  for (;;) {
    for await (const event of api.events(`/api/jobs/${jobId}/events`)) {
      const job = jobSchema.safeParse(JSON.parse(event.data)).data
      if (!job) continue
      output.progress(`${name}: ${progressText(job)}`)
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
  fields: UploadFields,
): Promise<{ id: string; revisionId: string; jobId: string | undefined; duplicateOf: string | undefined }> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value)
  form.append('file', await openAsBlob(file), path.basename(file))
  const response = await api.request(`/api/collections/${collectionId}/documents`, { method: 'POST', body: form })
  const [document] = uploadSchema.parse(await response.json()).documents
  if (!document) throw new KuraError('internal', 'The server accepted the file but named no document.')
  const { id, revisionId, jobId, duplicateOf } = document
  return { id, revisionId, jobId: jobId ?? undefined, duplicateOf }
}

/** Waits for the document and for what was inside of it; all of them, the outer one first. */
const awaitDocument = async (
  api: ApiClient,
  of: { id: string; name: string; jobId: string | undefined; duplicateOf?: string | undefined },
  output: Output,
): Promise<IngestedDocument[]> => {
  const { id, name, duplicateOf } = of
  const waiting = of.jobId ?? (await unfinishedJob(api, id))
  if (waiting) await waitForJob(api, waiting, name, output)
  const detail = await api.get(`/api/documents/${id}`, documentDetailSchema)
  const { status, pages, chunks, error, revision, parent, nearDuplicates, children } = detail
  const document = {
    ...{ id, name, status, pages, chunks, revision, error },
    ...(duplicateOf ? { duplicateOf } : {}),
    ...(parent ? { parent } : {}),
    ...(nearDuplicates.length > 0 ? { nearDuplicates } : {}),
  }
  output.message(documentLine(document))
  const inside: IngestedDocument[] = []
  for (const child of children) {
    inside.push(...(await awaitDocument(api, { id: child.id, name: child.name, jobId: undefined }, output)))
  }
  return [document, ...inside]
}

/** The collection that is named; without a name that of the document to be revised, else the one called default. */
const resolveCollection = async (
  api: ApiClient,
  collection: string | undefined,
  { revisionOf }: UploadFields,
): Promise<string> => {
  if (collection !== undefined || revisionOf === undefined) return ensureCollection(api, collection ?? 'default')
  return (await api.get(`/api/documents/${encodeURIComponent(revisionOf)}`, documentSchema)).collectionId
}

/** @throws file_not_found, document_not_found, server_unreachable */
export const ingestPaths = async (
  api: ApiClient,
  paths: readonly string[],
  collection: string | undefined,
  output: Output,
  fields: UploadFields = {},
): Promise<IngestResult> => {
  const files = await findFiles(paths)
  if (files.length === 0) throw new KuraError('file_not_found', 'There is no file in what was named.')
  const collectionId = await resolveCollection(api, collection, fields)
  const uploads: { name: string; received: Awaited<ReturnType<typeof upload>> | KuraError }[] = []
  for (const file of files) {
    const name = path.basename(file)
    output.progress(`${name}: uploading`)
    try {
      uploads.push({ name, received: await upload(api, collectionId, file, fields) })
    } catch (error) {
      if (!(error instanceof KuraError) || error.code === 'server_unreachable') throw error
      uploads.push({ name, received: error })
    }
  }
  if ((await api.get('/api/jobs?limit=1', jobsSchema)).paused) {
    output.message('Ingestion is paused; it goes on after: kura jobs resume')
  }
  const documents: IngestedDocument[] = []
  for (const { name, received } of uploads) {
    if (received instanceof KuraError) {
      const error = { code: received.code, message: received.message }
      const refused = { id: null, name, status: 'failed', pages: noPages, chunks: 0, error }
      documents.push(refused)
      output.message(documentLine(refused))
    } else {
      const ingested = await awaitDocument(api, { name, ...received }, output)
      if (fields.revisionOf !== undefined) await hintAtValidity(api, received.id, received.revisionId, output)
      else if (ingested[0]) hintAtRevision(ingested[0], output)
      documents.push(...ingested)
    }
  }
  return { documents }
}

const documentLine = (document: IngestedDocument): string => {
  const { name, status, pages, chunks, duplicateOf, parent, error } = document
  const label = parent ? `  ${parent.entry}` : name
  if (error) return `${label}: ${status} [${error.code}] ${error.message}`
  const read = pages.ocr > 0 ? ` (${pages.ocr} by OCR)` : ''
  const failed = pages.failed > 0 ? `, ${pages.failed} pages failed` : ''
  return `${label}: ${duplicateOf ? 'already there, ' : ''}${status}, ${pages.text + pages.ocr} pages with text${read}${failed}, ${chunks} chunks`
}

/** A new revision with a time before that of the one in force is taken for an old one that is brought in later. */
const hintAtValidity = async (api: ApiClient, id: string, revisionId: string, output: Output): Promise<void> => {
  const { revisions } = await api.get(`/api/documents/${encodeURIComponent(id)}/revisions`, revisionListSchema)
  const own = revisions.find((each) => each.id === revisionId)
  const current = revisions.find(({ validity }) => validity === 'effective')
  if (own?.validity !== 'superseded' || !current) return
  output.message(
    `${own.label} is superseded: ${current.label} is in force since ${current.effectiveFrom}. To put it in force now: ` +
      `kura document revise ${id} ${own.label} --status effective`,
  )
}

/** Two documents of nearly the same text answer side by side, the old values with the new ones. */
const hintAtRevision = ({ name, duplicateOf, nearDuplicates }: IngestedDocument, output: Output): void => {
  const nearest = nearDuplicates?.[0]
  if (!nearest || duplicateOf) return
  const { documentName, documentId, similarity } = nearest
  output.message(
    `${name} is ${Math.floor(similarity * 100)} % the same as ${documentName}: is it a new revision? kura ingest --revision-of ${documentId}`,
  )
}
