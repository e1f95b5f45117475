/** Whether a folder may be watched at all. Neighbours: the ledger refuses those that lie in each other. */
import { opendir, realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, sep } from 'node:path'
import { KuraError } from '../core/errors.ts'
import { untilAborted } from '../store/until-aborted.ts'
import { hasCode } from './file-state.ts'

const answerWithinMs = 10_000

/**
 * @param dataFolder Kura's own: what it writes must not come in as documents
 * @returns the path without symbolic links
 * @throws watch_path_invalid
 */
export const checkFolder = async (path: string, dataFolder: string): Promise<string> => {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new KuraError('watch_path_invalid', 'The path of the folder must be absolute.')
  }
  const real = await resolveFolder(path)
  const data = await realpath(dataFolder)
  if (isInside(real, data) || isInside(data, real)) {
    throw new KuraError('watch_path_invalid', "The folder is Kura's own data folder, lies in it, or holds it.")
  }
  return real
}

const resolveFolder = async (path: string): Promise<string> => {
  try {
    return await untilAborted(openFolder(path), AbortSignal.timeout(answerWithinMs))
  } catch (error) {
    if (error instanceof KuraError) throw error
    const reason = hasCode(error, 'ENOENT', 'ENOTDIR')
      ? 'There is no such folder on the machine where Kura runs.'
      : hasCode(error, 'EACCES', 'EPERM')
        ? 'Kura has no right to read the folder.'
        : 'The folder can not be read.'
    throw new KuraError('watch_path_invalid', reason, { cause: error })
  }
}

const openFolder = async (path: string): Promise<string> => {
  const real = await realpath(path)
  if (!(await stat(real)).isDirectory()) throw new KuraError('watch_path_invalid', 'The path is not that of a folder.')
  await (await opendir(real)).close()
  return real
}

/** A folder lies in itself. */
const isInside = (path: string, folder: string): boolean => {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
