/**
 * Loads pdf.js when the first PDF is to be shown, and keeps one open document, so that going from citation to citation in the
 * same file is quick. Everything it needs (worker, character maps, fonts, decoders) comes from this server. Large files are
 * read in ranges, only what the page needs. A password is asked of the reader, and kept nowhere.
 */
import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'

const rangeBytes = 1 << 18

/** Answers with the password; the file is tried with it, and asked for again where it is wrong. */
export interface PasswordQuestion {
  /** A password was given that does not open the file. */
  readonly wrong: boolean
  readonly answer: (password: string) => void
}
export type AskPassword = (question: PasswordQuestion) => void

interface OpenPdf {
  readonly path: string
  readonly task: Promise<PDFDocumentLoadingTask>
  /** Who is asked: the view that shows the file now. */
  ask: AskPassword
  /** The question that is not answered yet: told again to a view that comes later. */
  question: PasswordQuestion | undefined
}

let open: OpenPdf | undefined

const asset = (path: string): string => new URL(`/assets/pdfjs/${path}`, location.origin).href

const startLoading = async (path: string, ask: AskPassword): Promise<PDFDocumentLoadingTask> => {
  const pdfjs = await import('pdfjs-dist')
  pdfjs.GlobalWorkerOptions.workerSrc = workerUrl
  const task = pdfjs.getDocument({
    url: new URL(path, location.origin).href,
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
  task.onPassword = (answer: (password: string) => void, reason: number) =>
    ask({ wrong: reason === pdfjs.PasswordResponses.INCORRECT_PASSWORD, answer })
  return task
}

const destroy = async (task: Promise<PDFDocumentLoadingTask>): Promise<void> => {
  try {
    await (await task).destroy()
  } catch {
    // a document that never opened holds nothing
  }
}

const begin = (path: string, ask: AskPassword): OpenPdf => {
  const opening: OpenPdf = {
    path,
    ask,
    question: undefined,
    task: startLoading(path, ({ wrong, answer }) => {
      const question: PasswordQuestion = {
        wrong,
        answer: (password) => {
          opening.question = undefined
          answer(password)
        },
      }
      opening.question = question
      opening.ask(question)
    }),
  }
  return opening
}

/**
 * The open document. The former one, if it was another, is destroyed. Rejects with the error of pdf.js.
 * @param path where the file is served
 */
export const loadPdf = async (path: string, ask: AskPassword): Promise<PDFDocumentProxy> => {
  if (open?.path !== path) {
    if (open !== undefined) void destroy(open.task)
    open = begin(path, ask)
  }
  const { task } = open
  open.ask = ask
  if (open.question !== undefined) ask(open.question)
  try {
    return await (await task).promise
  } catch (error) {
    if (open?.task === task) open = undefined
    throw error
  }
}
