/**
 * Kysely's SQLite dialect with what the ledger needs: transactions that take the write lock at once, and SQLite's errors
 * turned into ours in this one place. Everything above speaks portable SQL through Kysely and knows nothing of SQLite.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import BetterSqlite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  SqliteDialect,
  SqliteDriver,
} from 'kysely'
import { type ErrorCode, KuraError, wrapError } from '../core/errors.ts'

/** How long a write waits for the write of another process before it is given up with `data_busy`. */
const busyTimeoutMs = 10_000
const maxPauseMs = 25

/**
 * Opens the file with WAL, synchronous=FULL (a commit that was reported survives a power cut) and foreign keys.
 * @throws data_damaged data_not_writable data_busy
 */
export const openSqlite = (file: string): BetterSqlite.Database => {
  try {
    const database = new BetterSqlite(file, { timeout: busyTimeoutMs })
    try {
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      database.pragma('foreign_keys = ON')
      // From here on RetryingConnection waits: SQLite's own waiting would stop the whole process meanwhile.
      database.pragma('busy_timeout = 0')
      return database
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    throw wrapSqliteError(error)
  }
}

export class LedgerDialect extends SqliteDialect {
  readonly #database: BetterSqlite.Database

  constructor(database: BetterSqlite.Database) {
    super({ database })
    this.#database = database
  }

  override createDriver(): Driver {
    return new LedgerDriver(this.#database)
  }
}

class LedgerDriver extends SqliteDriver {
  readonly #database: BetterSqlite.Database

  constructor(database: BetterSqlite.Database) {
    super({ database })
    this.#database = database
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return new RetryingConnection(await super.acquireConnection(), this.#database)
  }

  /**
   * `begin` alone takes a read lock, and a write that follows fails at once, without waiting, if another process wrote in
   * between; `immediate` waits for the other writer first.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** SQLite has rolled back by itself after some errors (a full disk); a second rollback would hide the first error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}

class RetryingConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection
  readonly #database: BetterSqlite.Database

  constructor(inner: DatabaseConnection, database: BetterSqlite.Database) {
    this.#inner = inner
    this.#database = database
  }

  /**
   * A statement that finds the ledger locked had no effect and is tried again. Not within a transaction: that has the lock already.
   */
  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const deadline = Date.now() + busyTimeoutMs
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      try {
        return await this.#inner.executeQuery<Row>(query)
      } catch (error) {
        const wrapped = wrapSqliteError(error)
        const isBusy = wrapped instanceof KuraError && wrapped.code === 'data_busy'
        if (!isBusy || this.#database.inTransaction || Date.now() > deadline) throw wrapped
      }
      // The random part keeps two processes from meeting again and again.
      await sleep(pauseMs * (0.5 + Math.random()))
    }
  }

  streamQuery<Row>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<Row>> {
    return this.#inner.streamQuery<Row>(query, chunkSize)
  }
}

const sentences: Partial<Record<ErrorCode, string>> = {
  data_damaged: 'The ledger is not a database, or it is damaged.',
  data_not_writable: 'The ledger can not be opened for writing.',
  data_busy: `Another process held the ledger for more than ${busyTimeoutMs / 1000} s.`,
  disk_full: 'The disk is full: nothing more can be written to the ledger.',
}

const codeOf = (sqliteCode: string): ErrorCode => {
  if (/^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(sqliteCode)) return 'data_damaged'
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(sqliteCode)) return 'data_not_writable'
  if (/^SQLITE_(BUSY|LOCKED)/.test(sqliteCode)) return 'data_busy'
  if (/^SQLITE_FULL/.test(sqliteCode)) return 'disk_full'
  return 'internal'
}

/** SQLite's messages name tables and columns, never values, so the code is all that is passed on; the cause is kept. */
const wrapSqliteError = (error: unknown): Error => {
  if (error instanceof BetterSqlite.SqliteError) {
    const code = codeOf(error.code)
    return new KuraError(code, sentences[code] ?? `The ledger refused a statement (${error.code}).`, { cause: error })
  }
  // better-sqlite3 throws a TypeError where the folder of the file does not exist.
  if (error instanceof TypeError && error.message.includes('directory')) {
    return new KuraError('data_not_writable', 'The folder of the ledger does not exist.', { cause: error })
  }
  return wrapError(error, 'internal', 'The ledger failed.')
}
