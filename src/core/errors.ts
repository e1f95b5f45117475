/**
 * The one error class and the one table of codes. A code has a kind (who can do something about it), an HTTP status and a
 * remedy; the server shows the table at `/docs/errors`. Messages say what happened, the value or limit, and what to do; they never
 * hold document text, questions or secrets.
 */

/** Who can act: the caller, the operator of the machine, nobody but time, or the makers. */
export type ErrorKind = 'input' | 'operator' | 'transient' | 'bug'

interface ErrorCodeEntry {
  readonly kind: ErrorKind
  readonly status: number
  readonly title: string
  readonly remedy: string
}

const table = {
  invalid_request: {
    kind: 'input',
    status: 400,
    title: 'The request is not valid',
    remedy: 'Correct the named field and send it again.',
  },
  question_empty: {
    kind: 'input',
    status: 400,
    title: 'The question is empty',
    remedy: 'Write a question with at least one letter or digit.',
  },
  question_too_long: {
    kind: 'input',
    status: 413,
    title: 'The question is too long',
    remedy: 'Shorten it to the limit that is named.',
  },
  not_found: {
    kind: 'input',
    status: 404,
    title: 'There is nothing under this address',
    remedy: 'Check the address and the id.',
  },
  collection_not_found: {
    kind: 'input',
    status: 404,
    title: 'Unknown collection',
    remedy: 'List the collections, or create this one first.',
  },
  collection_exists: {
    kind: 'input',
    status: 409,
    title: 'A collection of this name exists',
    remedy: 'Use it, or choose another name.',
  },
  document_not_found: {
    kind: 'input',
    status: 404,
    title: 'Unknown document',
    remedy: 'List the documents; it may have been deleted.',
  },
  page_not_found: {
    kind: 'input',
    status: 404,
    title: 'The document has no such page',
    remedy: 'Ask for a page between 1 and its page count.',
  },
  job_not_found: { kind: 'input', status: 404, title: 'Unknown job', remedy: 'Check the id.' },
  job_not_retryable: {
    kind: 'input',
    status: 409,
    title: 'The job can not be retried in its state',
    remedy: 'Only failed, dead or cancelled jobs can be retried.',
  },
  answer_not_found: { kind: 'input', status: 404, title: 'Unknown answer', remedy: 'Check the id.' },
  conversation_not_found: {
    kind: 'input',
    status: 404,
    title: 'Unknown conversation',
    remedy: 'Leave conversationId out to begin a new one.',
  },
  method_not_allowed: {
    kind: 'input',
    status: 405,
    title: 'This method is not served here',
    remedy: 'See /openapi.json.',
  },
  host_not_allowed: {
    kind: 'input',
    status: 403,
    title: 'The Host or Origin header is not this server',
    remedy: 'Open Kura under its own address.',
  },
  request_cancelled: { kind: 'input', status: 499, title: 'The caller went away', remedy: 'Nothing to do.' },
  request_too_large: {
    kind: 'input',
    status: 413,
    title: 'The request body is too large',
    remedy: 'Keep JSON bodies below the limit that is named; send files as multipart/form-data.',
  },
  media_type_unsupported: {
    kind: 'input',
    status: 415,
    title: 'The body is not in a form that is served here',
    remedy: 'Send JSON with the header Content-Type: application/json.',
  },
  range_not_satisfiable: {
    kind: 'input',
    status: 416,
    title: 'The file has no such range of bytes',
    remedy: 'Ask for a range within the size that is named.',
  },

  file_missing: {
    kind: 'input',
    status: 400,
    title: 'No file was sent',
    remedy: 'Send multipart/form-data with at least one field named file.',
  },
  file_empty: {
    kind: 'input',
    status: 422,
    title: 'The file has no content',
    remedy: 'Check the file: it has 0 bytes.',
  },
  file_too_large: {
    kind: 'input',
    status: 413,
    title: 'The file is too large',
    remedy: 'Split it, or raise KURA_MAX_FILE_BYTES.',
  },
  file_name_invalid: {
    kind: 'input',
    status: 400,
    title: 'The file name can not be used',
    remedy: 'Give the file a name of 1 to 255 characters.',
  },
  format_unsupported: {
    kind: 'input',
    status: 415,
    title: 'Files of this kind can not be read',
    remedy: 'Convert it to PDF, DOCX, HTML, Markdown or text.',
  },
  file_not_found: { kind: 'input', status: 404, title: 'There is no such file', remedy: 'Check the path.' },
  pdf_damaged: {
    kind: 'input',
    status: 422,
    title: 'The PDF is damaged and can not be opened',
    remedy: 'Open and save it again in a PDF program, or export it anew.',
  },
  pdf_encrypted: {
    kind: 'input',
    status: 422,
    title: 'The PDF needs a password',
    remedy: 'Remove the password and upload it again.',
  },
  file_damaged: {
    kind: 'input',
    status: 422,
    title: 'The file is damaged',
    remedy: 'Open and save it again in the program that made it.',
  },
  file_bomb: {
    kind: 'input',
    status: 422,
    title: 'The file inflates beyond all measure',
    remedy: 'Save it again without embedded objects; such files are not opened.',
  },
  no_text: {
    kind: 'input',
    status: 422,
    title: 'No page of the file has text',
    remedy: 'If it is a scan, upload a version with a text layer.',
  },
  page_unreadable: {
    kind: 'input',
    status: 422,
    title: 'The page could not be read',
    remedy: 'Export the document anew.',
  },
  page_has_no_text: {
    kind: 'input',
    status: 422,
    title: 'The page shows something but has no text',
    remedy: 'It is probably a scan: upload a version with a text layer.',
  },
  parse_timeout: {
    kind: 'input',
    status: 422,
    title: 'Reading the file took too long',
    remedy: 'Split it, or raise KURA_PARSE_TIMEOUT_MS.',
  },
  parse_memory: {
    kind: 'input',
    status: 422,
    title: 'Reading the file took too much memory',
    remedy: 'Split it, or raise KURA_PARSE_MEMORY_BYTES.',
  },
  parse_crashed: {
    kind: 'input',
    status: 422,
    title: 'The parser crashed on this file',
    remedy: 'Export the document anew; please report it.',
  },
  parse_interrupted: {
    kind: 'transient',
    status: 503,
    title: 'Reading the file was interrupted from outside',
    remedy: 'It is tried again; if it stays, give the machine more memory, then retry the job.',
  },
  job_cancelled: {
    kind: 'input',
    status: 409,
    title: 'The job was cancelled',
    remedy: 'Retry the job if it was a mistake.',
  },

  input_too_long: {
    kind: 'input',
    status: 400,
    title: 'The input is longer than the model can read',
    remedy: 'Split it below the limit that is named.',
  },
  model_unknown: {
    kind: 'operator',
    status: 404,
    title: 'Unknown model',
    remedy: 'See `kura models` for the names, or give the path of a GGUF file.',
  },
  model_missing: {
    kind: 'operator',
    status: 503,
    title: 'The model file is not on this machine',
    remedy: 'Run `kura models pull NAME`, or copy the file into the models folder.',
  },
  model_invalid: {
    kind: 'operator',
    status: 503,
    title: 'The model file is not what it should be',
    remedy: 'Pull it again.',
  },
  model_download_failed: {
    kind: 'operator',
    status: 503,
    title: 'No source of the model could be reached',
    remedy: 'Check the network, or copy the GGUF file into the models folder.',
  },
  model_unavailable: {
    kind: 'transient',
    status: 503,
    title: 'The model engine is not up',
    remedy: 'Wait a few seconds and try again; see /readyz.',
  },
  model_busy: {
    kind: 'transient',
    status: 503,
    title: 'Too many requests wait for the model',
    remedy: 'Try again in a few seconds.',
  },
  model_failed: {
    kind: 'transient',
    status: 503,
    title: 'The model engine failed',
    remedy: 'Try again; if it stays, see `kura doctor`.',
  },
  embedding_mismatch: {
    kind: 'operator',
    status: 503,
    title: 'The index was made with another embedding model',
    remedy: 'Choose the former model again, or ingest the documents anew.',
  },
  model_too_large: {
    kind: 'operator',
    status: 503,
    title: 'The model does not fit into the memory of this machine',
    remedy: 'Choose a smaller model with `kura models use`, or free memory.',
  },

  setting_invalid: {
    kind: 'operator',
    status: 500,
    title: 'A setting is not valid',
    remedy: 'See `kura config` for what it may be.',
  },
  auth_required: {
    kind: 'operator',
    status: 500,
    title: 'Without login only a loopback address may be served',
    remedy: 'Set KURA_HOST to 127.0.0.1.',
  },
  port_in_use: {
    kind: 'operator',
    status: 500,
    title: 'The port is taken',
    remedy: 'Stop the other program, or set KURA_PORT.',
  },
  data_not_writable: {
    kind: 'operator',
    status: 500,
    title: 'The data folder can not be written',
    remedy: 'Check the owner and rights of the folder, or set KURA_DATA.',
  },
  data_newer: {
    kind: 'operator',
    status: 500,
    title: 'The data folder was written by a newer version',
    remedy: 'Install that version of Kura or a newer one.',
  },
  data_damaged: {
    kind: 'operator',
    status: 500,
    title: 'The ledger can not be read',
    remedy: 'Restore the data folder from a backup.',
  },
  original_missing: {
    kind: 'operator',
    status: 500,
    title: 'The uploaded file is not in the data folder any more',
    remedy: 'Restore the data folder from a backup, or upload the file again.',
  },
  disk_full: { kind: 'operator', status: 507, title: 'The disk is full', remedy: 'Free some space and try again.' },
  index_damaged: {
    kind: 'operator',
    status: 503,
    title: 'The index can not be read',
    remedy: 'Stop Kura, delete the index folder and start again: it is built anew from the originals.',
  },
  index_failed: {
    kind: 'transient',
    status: 503,
    title: 'The index did not do what was asked',
    remedy: 'Try again; if it stays, see `kura doctor`.',
  },
  data_busy: {
    kind: 'transient',
    status: 503,
    title: 'The ledger is in use by another process',
    remedy: 'Try again in a few seconds.',
  },
  job_abandoned: {
    kind: 'operator',
    status: 500,
    title: 'The worker ended several times while it worked on this document',
    remedy: 'Look for the reason in the log, then retry the job.',
  },
  server_unreachable: {
    kind: 'operator',
    status: 503,
    title: 'The Kura server can not be reached',
    remedy: 'Check --url and that the server runs.',
  },
  server_stopping: {
    kind: 'transient',
    status: 503,
    title: 'The server is being stopped',
    remedy: 'Ask again when it is up.',
  },
  internal: {
    kind: 'bug',
    status: 500,
    title: 'Something unexpected went wrong',
    remedy: 'See the log under the request id, and report it.',
  },
} as const satisfies Record<string, ErrorCodeEntry>

export type ErrorCode = keyof typeof table
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeEntry>> = table

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(table, code)

export class KuraError extends Error {
  override readonly name = 'KuraError'
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  /**
   * @param message what happened, with the value or limit, in one sentence
   * @param details data for programs; no document text
   */
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.details = options.details ?? {}
  }

  get kind(): ErrorKind {
    return errorCodes[this.code].kind
  }

  get status(): number {
    return errorCodes[this.code].status
  }

  get remedy(): string {
    return errorCodes[this.code].remedy
  }

  /** Whether the same call may succeed later with nothing changed. */
  get retryable(): boolean {
    return this.kind === 'transient'
  }
}

/** True for the exceptions that an aborted `AbortSignal` causes. */
export const isAbort = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')

/**
 * Wraps what a library threw, once, where the library is called. A `KuraError` and an abort pass unchanged.
 */
export const wrapError = (error: unknown, code: ErrorCode, message: string): Error => {
  if (error instanceof KuraError || isAbort(error)) return error as Error
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return new KuraError('disk_full', 'The disk is full: nothing more can be written.', { cause: error })
  }
  return new KuraError(code, message, { cause: error })
}
