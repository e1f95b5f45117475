/**
 * Tells other processes that a question is being answered, so that work which nobody waits for gives way. In: questions begin and end. Out: a lease in the ledger,
 * which ends by itself when the process that answers is gone. Neighbours: the composition root marks questions, the ingestion worker looks before and while it reads scans.
 */
import type { LeaseStore } from './leases.ts'
import { processIdentity } from './process-identity.ts'

const leaseName = 'question'
/** Nobody gives way for longer, so it is not renewed. */
const leaseMs = 30_000

/** Whether any process answers a question now. */
export const isQuestionUnderWay = async (leases: Pick<LeaseStore, 'holder'>): Promise<boolean> =>
  (await leases.holder(leaseName)) !== undefined

export class QuestionLease implements AsyncDisposable {
  readonly #leases: LeaseStore
  readonly #owner = processIdentity()
  #open = 0
  /** Changes follow each other, else an end could overtake a begin. */
  #changes: Promise<unknown> = Promise.resolve()

  constructor(leases: LeaseStore) {
    this.#leases = leases
  }

  /** Returns at once. The question has ended when what is returned is disposed. */
  begin(): Disposable {
    this.#open += 1
    this.#change(() => this.#leases.acquire(leaseName, this.#owner, leaseMs))
    let isOpen = true
    return {
      [Symbol.dispose]: () => {
        if (!isOpen) return
        isOpen = false
        this.#open -= 1
        if (this.#open === 0) {
          this.#change(async () => this.#open === 0 && (await this.#leases.release(leaseName, this.#owner)))
        }
      },
    }
  }

  /** What began and ended until now is in the ledger then. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#changes
  }

  /** A ledger that is busy costs a question nothing: others only do not give way to it. */
  #change(change: () => Promise<unknown>): void {
    this.#changes = this.#changes.then(change).catch(() => undefined)
  }
}
