/**
 * Compares revisions in a process of its own, one pair after the other, so that a thousand pages do not hold up the server's other callers.
 * In: the pages' texts. Out: their difference. Neighbours: compare-child.ts is the other end; revision-routes.ts asks.
 * Invariant: no process outlives its call; a caller who leaves ends it.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import PQueue from 'p-queue'
import { KuraError } from '../../core/errors.ts'
import type { DocumentDifference } from './compare-documents.ts'
import { type CompareRequest, replySchema } from './compare-messages.ts'

/** Of the process's JavaScript heap, in MiB. */
const heapMebibytes = 1024

export class DocumentComparer {
  readonly #queue = new PQueue({ concurrency: 1 })

  /** @throws AbortError; internal where the process died */
  compare(request: CompareRequest, signal: AbortSignal): Promise<DocumentDifference> {
    return this.#queue.add(() => compareApart(request, signal), { signal })
  }
}

const compareApart = async (request: CompareRequest, signal: AbortSignal): Promise<DocumentDifference> => {
  signal.throwIfAborted()
  const child = fork(fileURLToPath(new URL('./compare-child.ts', import.meta.url)), [], {
    execArgv: [`--max-old-space-size=${heapMebibytes}`, '--import', import.meta.resolve('tsx')],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  // Questions go first.
  child.once('spawn', () => child.pid !== undefined && setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL))
  const kill = (): unknown => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  try {
    const ended = once(child, 'exit')
    const replied = once(child, 'message').then(([reply]: unknown[]) => reply)
    // What was not sent is told by the end of the process.
    child.send(request, () => undefined)
    const reply = await Promise.race([replied, ended.then(() => undefined)])
    signal.throwIfAborted()
    if (reply === undefined) throw new KuraError('internal', 'The process that compares revisions ended too early.')
    return replySchema.parse(reply)
  } finally {
    signal.removeEventListener('abort', kill)
    kill()
  }
}
