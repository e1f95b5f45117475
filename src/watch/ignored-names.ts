/**
 * Which files and folders inside a watched folder are nobody's documents: hidden ones, lock files, downloads and copies under way, what
 * operating systems and network storages leave behind. Pure.
 */

/** Left by Windows, macOS and network storages: settings, pictures of previews, and bins of what was deleted. */
const systemNames = new Set([
  'thumbs.db',
  'desktop.ini',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '#recycle',
  '@recycle',
  '@eadir',
])

const unfinished = /\.(tmp|part|partial|filepart|crdownload)$/i

/** @param name of a file or folder, without its path */
export const isIgnoredName = (name: string): boolean =>
  name.startsWith('.') || name.startsWith('~$') || unfinished.test(name) || systemNames.has(name.toLowerCase())

/** @param path relative to the watched folder; '' is the folder itself */
export const isIgnoredPath = (path: string): boolean => path !== '' && path.split(/[\\/]/).some(isIgnoredName)
