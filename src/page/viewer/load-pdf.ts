/**
 * Loads pdf.js when the first PDF is to be shown, and keeps one open document, so that going from citation to citation in the
 * same file is quick. Everything it needs (worker, character maps, fonts, decoders) comes from this server. Large files are
 * read in ranges, only what the page needs.
 */
import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { originalPath } from '../api/documents.ts'

const rangeBytes = 1 << 18

let open: { readonly documentId: string; readonly task: Promise<PDFDocumentLoadingTask> } | undefined

const asset = (path: string): string => new URL(`/assets/pdfjs/${path}`, location.origin).href

const startLoading = async (documentId: string): Promise<PDFDocumentLoadingTask> => {
  const pdfjs = await import('pdfjs-dist')
  pdfjs.GlobalWorkerOptions.workerSrc = workerUrl
  return pdfjs.getDocument({
    url: new URL(originalPath(documentId), location.origin).href,
    cMapUrl: asset('cmaps/'),
    cMapPacked: true,
    standardFontDataUrl: asset('standard_fonts/'),
    wasmUrl: asset('wasm/'),
    isEvalSupported: false,
    enableXfa: false,
    disableAutoFetch: true,
    disableStream: true,
    rangeChunkSize: rangeBytes,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  })
}

const destroy = async (task: Promise<PDFDocumentLoadingTask>): Promise<void> => {
  try {
    await (await task).destroy()
  } catch {
    // a document that never opened holds nothing
  }
}

/** The open document. The former one, if it was another, is destroyed. Rejects with the error of pdf.js. */
export const loadPdf = async (documentId: string): Promise<PDFDocumentProxy> => {
  if (open?.documentId !== documentId) {
    if (open !== undefined) void destroy(open.task)
    open = { documentId, task: startLoading(documentId) }
  }
  const { task } = open
  try {
    return await (await task).promise
  } catch (error) {
    if (open?.task === task) open = undefined
    throw error
  }
}
