/**
 * Removes all tables of the index, also those that can not be opened any more; the ledger and the originals are what it is made anew from.
 * In: where it is. Neighbours: `kura doctor --rebuild-index`, which makes the ledger forget what the tables held before.
 */
import { rm } from 'node:fs/promises'
import { connect } from '@lancedb/lancedb'
import { wrapError } from '../core/errors.ts'

/**
 * @param uri a folder, or an address that LanceDB knows
 * @throws data_not_writable, index_failed
 */
export const dropIndex = async (uri: string): Promise<void> => {
  if (!uri.includes('://')) {
    await rm(uri, { recursive: true, force: true }).catch((error: unknown) => {
      throw wrapError(error, 'data_not_writable', `The index folder ${uri} can not be removed.`)
    })
    return
  }
  try {
    const connection = await connect(uri)
    await connection.dropAllTables()
    connection.close()
  } catch (error) {
    throw wrapError(error, 'index_failed', 'The tables of the index can not be removed.')
  }
}
