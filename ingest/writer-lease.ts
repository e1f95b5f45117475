/**
 * The right to write the index, of which there is one between all processes. In: the lease store. Out: a held lease that renews
 * itself, and a signal that tells when it was lost nevertheless (the process was suspended for too long).
 * Neighbours: worker.
 */
import type { LeaseStore } from '../src/store/leases.ts'

const leaseName = 'index-writer'
const leaseMs = 30_000
const renewMs = 5_000

export class WriterLease implements AsyncDisposable {
  readonly #leases: LeaseStore
  readonly #owner: string
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout
  #validUntil = Date.now() + leaseMs

  private constructor(leases: LeaseStore, owner: string) {
    this.#leases = leases
    this.#owner = owner
    this.#timer = setInterval(() => void this.#renew(), renewMs)
  }

  /** @returns undefined while another process holds it */
  static async acquire(leases: LeaseStore, owner: string): Promise<WriterLease | undefined> {
    return (await leases.acquire(leaseName, owner, leaseMs)) ? new WriterLease(leases, owner) : undefined
  }

  /** Raised when another process may write: this one must stop. */
  get lost(): AbortSignal {
    return this.#controller.signal
  }

  async #renew(): Promise<void> {
    try {
      const held = await this.#leases.renew(leaseName, this.#owner, leaseMs)
      if (held) this.#validUntil = Date.now() + leaseMs
      else this.#controller.abort()
    } catch {
      // The ledger may be busy for a moment; what counts is whether the lease could run out before the next try.
      if (Date.now() + renewMs > this.#validUntil) this.#controller.abort()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#leases.release(leaseName, this.#owner)
  }
}
