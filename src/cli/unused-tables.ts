/** Tables of the index that no question is answered from: those of former models, and those that the ledger knows nothing of. */
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Settings } from '../config/settings.ts'
import { tableNameOf } from '../store/chunk-table.ts'
import type { IndexRecord } from '../store/records.ts'

export interface UnusedTable {
  /** null where the ledger does not know the table. */
  readonly model: string | null
  readonly folder: string
  readonly bytes: number
}

/** None where the index lies in an object store: it can not be looked into cheaply. */
export const describeUnusedTables = async (
  { indexUri }: Pick<Settings, 'indexUri'>,
  records: readonly IndexRecord[],
): Promise<UnusedTable[]> => {
  if (indexUri.includes('://')) return []
  const known = new Map(records.map((record) => [`${tableNameOf(record.fingerprint)}.lance`, record]))
  const names = await readdir(indexUri).catch(() => [])
  const unused: UnusedTable[] = []
  for (const name of names.filter((each) => each.endsWith('.lance') && !known.get(each)?.active)) {
    const folder = path.join(indexUri, name)
    unused.push({ model: known.get(name)?.model ?? null, folder, bytes: await sizeOf(folder) })
  }
  return unused
}

const sizeOf = async (folder: string): Promise<number> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
