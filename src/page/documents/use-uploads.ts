/**
 * The uploads of this page session: two files at a time, each with its bytes, its fate and, once accepted, its job. Lives
 * above the views, so that uploads go on while another view is open.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { isAbortError, type Problem, problemOf } from '../api/request.ts'
import { type UploadFields, uploadFile } from '../api/upload-file.ts'

const maxSending = 2

export interface Upload {
  readonly key: number
  readonly file: File
  readonly collectionId: string
  readonly fields: UploadFields
  readonly phase: 'waiting' | 'sending' | 'accepted' | 'duplicate' | 'failed' | 'cancelled'
  readonly sentBytes: number
  /** The connection is lost; it goes on by itself. */
  readonly interrupted: boolean
  /** The document that was made, or the one that was there before; empty until then. */
  readonly documentId: string
  readonly jobId: string
  readonly problem: Problem | undefined
}

export interface UploadsControl {
  readonly uploads: readonly Upload[]
  /** Files that are under way to the same place already are passed over. */
  readonly add: (files: readonly File[], collectionId: string, fields?: UploadFields) => void
  readonly cancel: (key: number) => void
  readonly retry: (key: number) => void
  /** Takes the given uploads off the list. */
  readonly forget: (keys: ReadonlySet<number>) => void
}

const waitingAgain = {
  phase: 'waiting',
  sentBytes: 0,
  interrupted: false,
  documentId: '',
  jobId: '',
  problem: undefined,
} as const

export const isUnderWay = ({ phase }: Upload): boolean => phase === 'waiting' || phase === 'sending'

const isSame = (upload: Upload, file: File, collectionId: string): boolean =>
  upload.collectionId === collectionId &&
  upload.file.name === file.name &&
  upload.file.size === file.size &&
  upload.file.lastModified === file.lastModified

type Change = (key: number, fields: Partial<Upload>) => void

/** Sends one file and reports what becomes of it. */
const sendFile = async (upload: Upload, signal: AbortSignal, change: Change) => {
  const { key, collectionId, file, fields } = upload
  try {
    const made = await uploadFile(collectionId, file, fields, {
      signal,
      onProgress: (sentBytes) => change(key, { sentBytes, interrupted: false }),
      onInterrupted: () => change(key, { interrupted: true }),
    })
    const documentId = made.duplicateOf || made.id
    change(key, { phase: made.duplicateOf === '' ? 'accepted' : 'duplicate', documentId, jobId: made.jobId })
    return { documentId, jobId: made.jobId }
  } catch (error) {
    change(key, isAbortError(error) ? { phase: 'cancelled' } : { phase: 'failed', problem: problemOf(error) })
    return undefined
  }
}

export const useUploads = (onAccepted: (upload: { documentId: string; jobId: string }) => void): UploadsControl => {
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const controllers = useRef(new Map<number, AbortController>())
  const lastKey = useRef(0)
  const accepted = useRef(onAccepted)
  accepted.current = onAccepted

  const change = useCallback((key: number, fields: Partial<Upload>) => {
    setUploads((all) => all.map((upload) => (upload.key === key ? { ...upload, ...fields } : upload)))
  }, [])
  const start = useCallback(
    async (upload: Upload) => {
      const controller = new AbortController()
      controllers.current.set(upload.key, controller)
      change(upload.key, { phase: 'sending' })
      const made = await sendFile(upload, controller.signal, change)
      controllers.current.delete(upload.key)
      // a waiting upload may begin now
      setUploads((all) => [...all])
      if (made !== undefined) accepted.current(made)
    },
    [change],
  )
  useEffect(() => {
    const free = maxSending - controllers.current.size
    const waiting = uploads.filter(({ key, phase }) => phase === 'waiting' && !controllers.current.has(key))
    for (const upload of waiting.slice(0, Math.max(0, free))) void start(upload)
  }, [uploads, start])

  const add = useCallback((files: readonly File[], collectionId: string, fields: UploadFields = {}) => {
    setUploads((all) => {
      const fresh = files.filter((file) => !all.some((known) => isUnderWay(known) && isSame(known, file, collectionId)))
      const added = fresh.map((file) => {
        lastKey.current += 1
        return { key: lastKey.current, file, collectionId, fields, ...waitingAgain }
      })
      return [...all, ...added]
    })
  }, [])
  const cancel = useCallback(
    (key: number) => {
      const controller = controllers.current.get(key)
      if (controller === undefined) change(key, { phase: 'cancelled' })
      else controller.abort()
    },
    [change],
  )
  const retry = useCallback((key: number) => change(key, waitingAgain), [change])
  const forget = useCallback((keys: ReadonlySet<number>) => {
    setUploads((all) => all.filter(({ key }) => !keys.has(key)))
  }, [])
  return useMemo(() => ({ uploads, add, cancel, retry, forget }), [uploads, add, cancel, retry, forget])
}
