/**
 * Takes one steady file of a watched folder in, or records why it can not be. In: a file and how it looked. Out: what must be looked at anew.
 * Neighbours: store-steady-file.ts copies it, mirror-files.ts decides what it means.
 */
import { KuraError } from '../core/errors.ts'
import type { Intake } from '../store/intake.ts'
import type { WatchedFolderRecord } from '../store/records.ts'
import type { WatchLogger } from './change-source.ts'
import type { FileState } from './file-state.ts'
import type { FileMirror, Place } from './mirror-files.ts'
import { storeSteadyFile } from './store-steady-file.ts'

export interface TakeDeps {
  readonly intake: Pick<Intake, 'store'>
  readonly mirror: FileMirror
  readonly logger: WatchLogger
  readonly maxFileBytes: number
}

interface WatchedFile {
  readonly folder: WatchedFolderRecord
  /** Relative to it, with slashes. */
  readonly path: string
  /** As it was seen; left out where it can not be told. */
  readonly state?: FileState
}

/** @returns `changed` where the file was changed meanwhile; else other files that this one concerns. @throws the signal's reason */
export const takeFile = async (
  deps: TakeDeps,
  file: Required<WatchedFile> & { readonly signal: AbortSignal },
): Promise<'changed' | readonly Place[]> => {
  const { folder, path, state, signal } = file
  try {
    const { maxFileBytes } = deps
    await using stored = await storeSteadyFile(deps.intake, { root: folder.path, path, state, maxFileBytes, signal })
    return stored ? await deps.mirror.present({ folder, path, state, stored }) : 'changed'
  } catch (error) {
    signal.throwIfAborted()
    await reportUnusable(deps, file, error)
    return []
  }
}

/** Says in the ledger and in the log why the file could not be taken in. */
export const reportUnusable = async (
  { logger, mirror }: Pick<TakeDeps, 'logger' | 'mirror'>,
  { folder, path, state }: WatchedFile,
  thrown: unknown,
): Promise<void> => {
  const isKnown = thrown instanceof KuraError
  const error = isKnown ? thrown : new KuraError('internal', 'The file could not be taken in.', { cause: thrown })
  const fields = { folder: folder.path, file: path, code: error.code, ...(isKnown ? {} : { err: thrown }) }
  logger.warn(fields, 'a file of a watched folder could not be taken in')
  await mirror.unusable({ folder, path, state }, error)
}
