/**
 * Makes the data folder and checks that it can be worked in. In: its path. Out: a folder that is there, for its owner only.
 * Neighbours: the composition root and the commands that write settings.
 */
import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { KuraError } from '../core/errors.ts'

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** Not `recursive`: Node 20 tries for ever where the system makes no folders, as in /proc. */
const makeFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return
    const parent = path.dirname(folder)
    if (!hasCode(error, 'ENOENT') || parent === folder) throw error
    await makeFolder(parent)
    await mkdir(folder, { mode: 0o700 })
  }
}

/** @throws data_not_writable */
export const prepareDataFolder = async (folder: string): Promise<void> => {
  try {
    await makeFolder(folder)
    await access(`${folder}${path.sep}`, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    if (hasCode(error, 'ENOTDIR')) {
      throw new KuraError('data_not_writable', `The data folder ${folder} is a file, or lies below one.`, {
        cause: error,
      })
    }
    throw new KuraError('data_not_writable', `The data folder ${folder} can not be written.`, { cause: error })
  }
}
