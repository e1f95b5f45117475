/**
 * Named leases between processes: who may write the index now. A holder that dies loses its lease at once if it ran on this
 * host, else when the lease expires.
 * Invariant: a name has at most one holder; every change is one transaction.
 */
import { type LedgerDatabase, timestamp } from './ledger-schema.ts'
import { isProcessDead } from './process-identity.ts'

export class LeaseStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /**
   * True where the lease is the caller's now; it may have been before.
   * @param owner what `processIdentity()` returns
   */
  acquire(name: string, owner: string, leaseMs: number): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const now = Date.now()
      const held = await trx.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirst()
      if (held !== undefined && held.owner !== owner) {
        if (held.expiresAt > timestamp(now) && !isProcessDead(held.owner)) return false
      }
      const lease = { owner, expiresAt: timestamp(now + leaseMs) }
      await trx
        .insertInto('leases')
        .values({ name, ...lease })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(lease))
        .execute()
      return true
    })
  }

  /** False where it is not the caller's any more; the caller must stop what the lease is for. */
  async renew(name: string, owner: string, leaseMs: number): Promise<boolean> {
    const renewed = await this.#db
      .updateTable('leases')
      .set({ expiresAt: timestamp(Date.now() + leaseMs) })
      .where('name', '=', name)
      .where('owner', '=', owner)
      .returning('name')
      .executeTakeFirst()
    return renewed !== undefined
  }

  /** No effect where it is another's. */
  async release(name: string, owner: string): Promise<void> {
    await this.#db.deleteFrom('leases').where('name', '=', name).where('owner', '=', owner).execute()
  }

  /** The owner of a lease that has not run out. */
  async holder(name: string): Promise<string | undefined> {
    const held = await this.#db
      .selectFrom('leases')
      .select('owner')
      .where('name', '=', name)
      .where('expiresAt', '>', timestamp())
      .executeTakeFirst()
    return held === undefined || isProcessDead(held.owner) ? undefined : held.owner
  }
}
