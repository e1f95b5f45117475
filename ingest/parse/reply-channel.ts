/**
 * The child's end of the channel to its parent. In: replies. Out: one JSON document a line on file descriptor 3, written at once: what may hold
 * this thread for ever begins when its announcement is out. Threads of one process share the channel, and its lock keeps their lines apart.
 * Neighbours: `child.ts`, `pdf-helper.ts`; `parser-process.ts` reads the other end.
 */
import { writeSync } from 'node:fs'
import type { ParseReply } from './parse-messages.ts'

const descriptor = 3
const retryMs = 5

export class ReplyChannel {
  /** Shared by all threads that write: 0 free, 1 taken. */
  readonly lock: Int32Array<SharedArrayBuffer>

  readonly job: number

  /** @param job its id, which goes with every reply */
  constructor(job: number, lock = new Int32Array(new SharedArrayBuffer(4))) {
    this.job = job
    this.lock = lock
  }

  /** Waits until the parent has taken what came before: pages do not pile up. */
  send(reply: ParseReply): void {
    const line = Buffer.from(`${JSON.stringify({ job: this.job, ...reply })}\n`)
    while (Atomics.compareExchange(this.lock, 0, 0, 1) !== 0) Atomics.wait(this.lock, 0, 1)
    try {
      for (let written = 0; written < line.length; ) written += writeSome(line, written)
    } finally {
      Atomics.store(this.lock, 0, 0)
      Atomics.notify(this.lock, 0, 1)
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4))

const writeSome = (bytes: Buffer, from: number): number => {
  try {
    return writeSync(descriptor, bytes, from)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    Atomics.wait(pause, 0, 0, retryMs)
    return 0
  }
}
