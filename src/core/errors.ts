/**
 * The one error class and the one table of codes. A code has a kind (who can do something about it), an HTTP status and a
 * remedy; the server shows the table at `/docs/errors`. Messages say what happened, the value or limit, and what to do; they never
 * hold document text, questions or secrets.
 */
import { engineErrors } from './engine-errors.ts'
import type { ErrorCodeEntry, ErrorKind } from './error-entry.ts'
import { fileErrors } from './file-errors.ts'
import { operationErrors } from './operation-errors.ts'
import { requestErrors } from './request-errors.ts'

const table = { ...requestErrors, ...fileErrors, ...engineErrors, ...operationErrors }

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
