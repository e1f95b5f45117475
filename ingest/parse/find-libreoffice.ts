/**
 * Where LibreOffice is installed, if it is. Out: the path of its program. It is looked for where packages and installers put it, not on PATH: parsing
 * processes have no environment. Used by `parse-legacy.ts` and `kura doctor`.
 */
import { constants } from 'node:fs'
import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'

const usualPlaces = [
  '/usr/bin/soffice',
  '/usr/bin/libreoffice',
  '/usr/local/bin/soffice',
  '/usr/local/bin/libreoffice',
  '/usr/lib/libreoffice/program/soffice',
  '/usr/lib64/libreoffice/program/soffice',
  '/snap/bin/libreoffice',
  '/Applications/LibreOffice.app/Contents/MacOS/soffice',
]

/** The makers' own packages install every version into a folder of its own. */
const placesUnderOpt = async (): Promise<string[]> => {
  const names = await readdir('/opt').catch(() => [])
  return names
    .filter((name) => /^libreoffice/i.test(name))
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => join('/opt', name, 'program', 'soffice'))
}

/** The newest that is found; undefined where none is installed. */
export const findLibreOffice = async (): Promise<string | undefined> => {
  for (const path of [...usualPlaces, ...(await placesUnderOpt())]) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return undefined
}
