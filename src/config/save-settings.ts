/**
 * Writes settings into `<data>/config.json`, beside those that are there. In: names and values; undefined removes one. Out: a file that is
 * whole at every moment. Neighbours: settings.ts reads it at the next start.
 */
import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { wrapError } from '../core/errors.ts'
import { prepareDataFolder } from './data-folder.ts'
import { readConfigFile, type Settings } from './settings.ts'

/** @throws setting_invalid, data_not_writable, disk_full */
export const saveSettings = async (data: string, changes: Partial<Settings>): Promise<void> => {
  const file = path.join(data, 'config.json')
  // JSON leaves out what is undefined.
  const config = { ...readConfigFile(file), ...changes }
  await prepareDataFolder(data)
  try {
    await writeFile(`${file}.new`, `${JSON.stringify(config, undefined, 2)}\n`)
    await rename(`${file}.new`, file)
  } catch (error) {
    throw wrapError(error, 'data_not_writable', `${file} can not be written.`)
  }
}
