/**
 * What an error that ended a job says about the document, the engine and the job. In: whatever was thrown. Out: the record that people read. Pure. Used by `worker.ts`.
 */
import { errorCodes, KuraError } from '../src/core/errors.ts'
import type { FailureRecord } from '../src/store/records.ts'

/** Deleted or cancelled in the moment in which a step looked. */
export const isGone = (error: unknown): boolean =>
  error instanceof KuraError && (error.code === 'document_not_found' || error.code === 'job_cancelled')

export const isEngineFailure = (error: unknown): boolean =>
  error instanceof KuraError && error.code.startsWith('model_')

/** What people read: never the text of a foreign error, which may quote the document. */
export const describeFailure = (error: unknown): FailureRecord =>
  error instanceof KuraError
    ? { code: error.code, message: error.message }
    : {
        code: 'internal',
        message: `${errorCodes.internal.title}: ${error instanceof Error ? error.name : typeof error}.`,
      }
