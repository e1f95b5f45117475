/**
 * Uploads one file by XMLHttpRequest, the only way a browser tells how many bytes have gone out. One file a request, so each
 * has a progress and a fate of its own; the browser streams it from disk.
 */
import { readFields, readList, readText } from './read-values.ts'
import { RequestFailed, readProblem } from './request.ts'

export interface UploadedDocument {
  readonly id: string
  readonly name: string
  /** Empty where the file was a duplicate. */
  readonly jobId: string
  /** The document that holds the same content already; empty where there is none. */
  readonly duplicateOf: string
}

const readUploaded = (value: unknown): UploadedDocument => {
  const fields = readFields(value)
  return {
    id: readText(fields.id),
    name: readText(fields.name),
    jobId: readText(fields.jobId),
    duplicateOf: readText(fields.duplicateOf),
  }
}

const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * @param onProgress gets the bytes sent so far
 * @throws RequestFailed with the server's problem; AbortError when the signal fires
 */
export const uploadFile = (
  collectionId: string,
  file: File,
  options: { readonly signal: AbortSignal; readonly onProgress: (sentBytes: number) => void },
): Promise<UploadedDocument> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    options.signal.addEventListener('abort', abort, { once: true })
    request.upload.addEventListener('progress', (event) => options.onProgress(Math.min(event.loaded, file.size)))
    request.addEventListener('loadend', () => options.signal.removeEventListener('abort', abort))
    request.addEventListener('abort', () => reject(new DOMException('The upload was cancelled.', 'AbortError')))
    request.addEventListener('error', () => reject(new RequestFailed(readProblem(undefined, 0))))
    request.addEventListener('load', () => {
      const body = parseBody(request.responseText)
      const uploaded = readList(readFields(body).documents, readUploaded)[0]
      if (request.status >= 200 && request.status < 300 && uploaded !== undefined) resolve(uploaded)
      else reject(new RequestFailed(readProblem(body, request.status, request.getResponseHeader('x-request-id') ?? '')))
    })
    request.open('POST', `/api/collections/${encodeURIComponent(collectionId)}/documents`)
    request.setRequestHeader('accept', 'application/json')
    const form = new FormData()
    form.append('file', file, file.name)
    if (options.signal.aborted) reject(new DOMException('The upload was cancelled.', 'AbortError'))
    else request.send(form)
  })
