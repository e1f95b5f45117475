/**
 * Uploads one file by the tus protocol: in as many pieces as the network makes of it. What was sent before a loss of the network, or before
 * the page was reloaded, is not sent again: the browser keeps the address of an unfinished upload under the file's fingerprint (name, size,
 * date, destination, a sample of its bytes), never its content, and going on begins with choosing the same file again.
 */
import { type DetailedError, defaultOptions, type HttpResponse, type PreviousUpload, Upload } from 'tus-js-client'
import { readFields, readText } from './read-values.ts'
import { isAbortError, RequestFailed, readProblem } from './request.ts'

/** What may be said about a file beside its name. */
export interface UploadFields {
  readonly revisionOf?: string
  readonly revision?: string
  /** ISO 8601 date. */
  readonly effectiveFrom?: string
  readonly status?: 'draft' | 'effective'
}

export interface UploadedDocument {
  readonly id: string
  /** Empty where the file was a duplicate. */
  readonly jobId: string
  /** The document that holds the same content already; empty where there is none. */
  readonly duplicateOf: string
}

interface UploadOptions {
  readonly signal: AbortSignal
  /** Gets the bytes sent so far. */
  readonly onProgress: (sentBytes: number) => void
  /** Called when the connection is lost; the upload goes on by itself. */
  readonly onInterrupted: () => void
}

/** The first tries come soon, for a hiccup; the later ones go on for an hour, for a network that is gone. */
const retryDelays = [0, 1_000, 3_000, 5_000, 10_000, ...Array<number>(240).fill(15_000)]
/** The server keeps an unfinished upload for a day. */
const keptMs = 24 * 60 * 60 * 1000

const sampledBytes = 65_536
/** What this page is sending now. */
const underWay = new Set<Upload>()

const endpoint = (): string => new URL('/api/uploads', location.origin).href

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isDetailed = (error: Error): error is DetailedError => 'originalResponse' in error

const failureOf = (error: Error): RequestFailed => {
  const response = isDetailed(error) ? error.originalResponse : null
  if (response === null) return new RequestFailed(readProblem(undefined, 0))
  const requestId = response.getHeader('x-request-id') ?? ''
  return new RequestFailed(readProblem(parseJson(response.getBody()), response.getStatus(), requestId))
}

/** No answer, a server in trouble, or an upload that another connection still holds: worth another try. */
const isPassing = (error: DetailedError): boolean => {
  const { problem } = failureOf(error)
  return problem.status === 0 || problem.status >= 500 || problem.code === 'upload_conflict'
}

/** FNV-1a of the beginning and the end of the file: files of one name, size and date are not always the same. */
const sampleOf = async (file: File): Promise<string> => {
  let hash = 0x811c9dc5
  for (const part of [file.slice(0, sampledBytes), file.slice(-sampledBytes)]) {
    for (const byte of new Uint8Array(await part.arrayBuffer())) hash = Math.imul(hash ^ byte, 0x01000193)
  }
  return (hash >>> 0).toString(16)
}

const fingerprintOf = async (file: File, metadata: Readonly<Record<string, string>>): Promise<string> =>
  ['kura', file.size, file.lastModified, await sampleOf(file), ...Object.values(metadata)].join('-')

/** The unfinished upload of the same file to the same place, if the browser knows of one that is not under way here already. */
const findPrevious = async (upload: Upload): Promise<PreviousUpload | undefined> => {
  const busy = new Set([...underWay].map(({ url }) => url))
  const known = (await upload.findPreviousUploads()).filter(({ uploadUrl }) => !busy.has(uploadUrl))
  return known.sort((a, b) => Date.parse(b.creationTime) - Date.parse(a.creationTime))[0]
}

const deferred = <T>() => {
  let resolve: (value: T) => void = () => undefined
  let reject: (reason: unknown) => void = () => undefined
  const promise = new Promise<T>((fulfil, fail) => {
    resolve = fulfil
    reject = fail
  })
  return { promise, resolve, reject }
}

/** What became of the file; undefined where the server did not say. */
const readReceipt = (response: HttpResponse): UploadedDocument | undefined => {
  const receipt = readFields(parseJson(response.getHeader('upload-result') ?? ''))
  const id = readText(receipt.id)
  if (id === '') return undefined
  return { id, jobId: readText(receipt.jobId), duplicateOf: readText(receipt.duplicateOf) }
}

const resume = async (upload: Upload, signal: AbortSignal): Promise<void> => {
  const previous = await findPrevious(upload)
  signal.throwIfAborted()
  if (previous !== undefined) upload.resumeFromPreviousUpload(previous)
  underWay.add(upload)
  upload.start()
}

/** @throws RequestFailed with the server's problem; AbortError when the signal fires */
export const uploadFile = (
  collectionId: string,
  file: File,
  fields: UploadFields,
  { signal, onProgress, onInterrupted }: UploadOptions,
): Promise<UploadedDocument> => {
  const metadata = { filename: file.name, collection: collectionId, ...fields }
  const { promise, resolve, reject } = deferred<UploadedDocument>()
  const upload = new Upload(file, {
    endpoint: endpoint(),
    metadata,
    fingerprint: () => fingerprintOf(file, metadata),
    removeFingerprintOnSuccess: true,
    retryDelays,
    onProgress: (sent) => onProgress(sent),
    onShouldRetry: (error) => {
      const again = isPassing(error)
      if (again) onInterrupted()
      return again
    },
    onError: (error) => reject(failureOf(error)),
    onSuccess: ({ lastResponse }) => {
      const uploaded = readReceipt(lastResponse)
      if (uploaded === undefined) reject(failureOf(new Error('The server gave no receipt.')))
      else resolve(uploaded)
    },
  })
  const cancel = () => {
    // true: the server is told to forget it as well
    void upload.abort(true).catch(() => undefined)
    reject(new DOMException('The upload was cancelled.', 'AbortError'))
  }
  signal.addEventListener('abort', cancel, { once: true })
  resume(upload, signal).catch((error: unknown) => reject(isAbortError(error) ? error : failureOf(error as Error)))
  return promise.finally(() => {
    underWay.delete(upload)
    signal.removeEventListener('abort', cancel)
  })
}

/** An upload that was under way when the page was left. */
export interface InterruptedUpload {
  readonly key: string
  readonly name: string
  readonly bytes: number
  readonly address: string
}

/** What the browser knows of; those that the server no longer keeps are forgotten. */
export const listInterrupted = async (): Promise<InterruptedUpload[]> => {
  const storage = defaultOptions.urlStorage
  const kept: InterruptedUpload[] = []
  for (const { urlStorageKey: key, creationTime, metadata, size, uploadUrl } of await storage.findAllUploads()) {
    const name = readText(readFields(metadata).filename)
    if (uploadUrl === null || name === '' || Date.now() - Date.parse(creationTime) > keptMs) {
      await storage.removeUpload(key)
    } else {
      kept.push({ key, name, bytes: size ?? 0, address: uploadUrl })
    }
  }
  return kept
}

/** Gives an interrupted upload up, here and on the server. */
export const forgetInterrupted = async ({ key, address }: InterruptedUpload): Promise<void> => {
  await defaultOptions.urlStorage.removeUpload(key)
  await Upload.terminate(address).catch(() => undefined)
}
