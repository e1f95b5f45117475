/**
 * Source `file:`: a file that lies on this machine already, on a disk that was carried in or among the bundled models.
 */
import { constants } from 'node:fs'
import { copyFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { KuraError } from '../../core/errors.ts'
import { bundledModelsFolder } from '../model-file.ts'
import type { SourceContext } from './source.ts'

/** @throws model_download_failed where the file is not there */
export const fetchFromFile = async (source: string, { workFolder, report }: SourceContext): Promise<string> => {
  const from = path.resolve(bundledModelsFolder, source)
  const found = await stat(from).catch(() => undefined)
  if (!found?.isFile()) throw new KuraError('model_download_failed', `there is no file ${from}`)
  const to = path.join(workFolder, 'copy.gguf')
  await rm(to, { force: true })
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  report(found.size)
  return to
}
