/**
 * The life of a child that reads one file after the other. In: jobs, one JSON document a line, on file descriptor 4, where no other user of the machine can read them (they may
 * hold passwords). Invariants: it ends itself when the parent is gone, even while a reader loops; no file can leave anything for the next one in what all objects share.
 * `file-child.ts` is the other end.
 */
import { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { readLines } from './read-lines.ts'

/** The parent holds the other end of standard input and never writes: the read returns when the parent is gone. */
const endWithParent = `require('node:fs').readSync(0, Buffer.alloc(1)); process.kill(process.pid, 'SIGKILL')`

/**
 * Never returns while the parent lives.
 * @param work one job after the other; what it throws ends the child
 * @param beforehand while nothing has to wait for it
 */
export const serveJobs = async (
  work: (job: unknown) => Promise<void>,
  beforehand: () => Promise<void> = async () => undefined,
): Promise<void> => {
  new Worker(endWithParent, { eval: true, execArgv: [] })
  Object.preventExtensions(Object.prototype)
  await beforehand()
  for await (const line of readLines(new Socket({ fd: 4 }))) await work(JSON.parse(line))
}
