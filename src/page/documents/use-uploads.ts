/**
 * The uploads of this page session: two files at a time, each with its bytes, its fate and, once accepted, its job. Lives
 * above the views, so that uploads go on while another view is open.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { isAbortError, type Problem, problemOf } from '../api/request.ts'
import { uploadFile } from '../api/upload-file.ts'

const maxSending = 2

export interface Upload {
  readonly key: number
  readonly file: File
  readonly collectionId: string
  readonly phase: 'waiting' | 'sending' | 'accepted' | 'duplicate' | 'failed' | 'cancelled'
  readonly sentBytes: number
  /** The document that was made, or the one that was there before; empty until then. */
  readonly documentId: string
  readonly jobId: string
  readonly problem: Problem | undefined
}

export interface UploadsControl {
  readonly uploads: readonly Upload[]
  readonly add: (files: readonly File[], collectionId: string) => void
  readonly cancel: (key: number) => void
  readonly retry: (key: number) => void
  /** Takes the given uploads off the list. */
  readonly forget: (keys: ReadonlySet<number>) => void
}

const waitingAgain = { phase: 'waiting', sentBytes: 0, documentId: '', jobId: '', problem: undefined } as const

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
      try {
        const made = await uploadFile(upload.collectionId, upload.file, {
          signal: controller.signal,
          onProgress: (sentBytes) => change(upload.key, { sentBytes }),
        })
        const documentId = made.duplicateOf || made.id
        change(upload.key, { phase: made.duplicateOf === '' ? 'accepted' : 'duplicate', documentId, jobId: made.jobId })
        accepted.current({ documentId, jobId: made.jobId })
      } catch (error) {
        change(
          upload.key,
          isAbortError(error) ? { phase: 'cancelled' } : { phase: 'failed', problem: problemOf(error) },
        )
      } finally {
        controllers.current.delete(upload.key)
      }
    },
    [change],
  )

  useEffect(() => {
    const free = maxSending - controllers.current.size
    const waiting = uploads.filter(({ key, phase }) => phase === 'waiting' && !controllers.current.has(key))
    for (const upload of waiting.slice(0, Math.max(0, free))) {
      void start(upload)
    }
  }, [uploads, start])

  const add = useCallback((files: readonly File[], collectionId: string) => {
    const added = files.map((file) => {
      lastKey.current += 1
      return { key: lastKey.current, file, collectionId, ...waitingAgain }
    })
    setUploads((all) => [...all, ...added])
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
