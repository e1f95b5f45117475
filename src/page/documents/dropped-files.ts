/**
 * The files of a drop, those inside folders too, in the order of their names. What systems put into folders for themselves is left out.
 * Must be called within the event: afterwards the browser forgets what was dropped.
 */
const systemFiles = new Set(['thumbs.db', 'desktop.ini'])

/** False for files that no person put there: hidden ones, and what file managers leave behind. */
export const isForPeople = (name: string): boolean =>
  !name.startsWith('.') && !name.startsWith('~$') && !systemFiles.has(name.toLowerCase())

const readFile = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))

/** A browser gives the entries of a folder a hundred at a time, until there are none. */
const readFolder = async (folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> => {
  const reader = folder.createReader()
  const entries: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return entries.sort((a, b) => a.name.localeCompare(b.name))
    entries.push(...some)
  }
}

/** A file or folder that can not be read is left out, so that the others come in. */
const filesOf = async (entry: FileSystemEntry): Promise<File[]> => {
  if (!isForPeople(entry.name)) return []
  try {
    if (entry.isFile) return [await readFile(entry as FileSystemFileEntry)]
    const files: File[] = []
    for (const child of await readFolder(entry as FileSystemDirectoryEntry)) files.push(...(await filesOf(child)))
    return files
  } catch {
    return []
  }
}

export const droppedFiles = async (
  items: Iterable<Pick<DataTransferItem, 'kind' | 'getAsFile' | 'webkitGetAsEntry'>>,
): Promise<File[]> => {
  const dropped = [...items].filter(({ kind }) => kind === 'file')
  // all entries at once, before the first pause
  const found = dropped.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const files = await Promise.all(
    found.map(({ entry, file }) => (entry === null ? (file === null ? [] : [file]) : filesOf(entry))),
  )
  return files.flat()
}
