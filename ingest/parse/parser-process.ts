/**
 * A parsing child: given one file after the other, watched, killed at its limits. In: jobs and limits. Out: its replies as they come, then how each run ended.
 * Invariants: whatever a file does, this process stays up; a run that does not end in `done` ends the child.
 * Neighbours: `child.ts` (the other end), `parser-guard.ts`; `parser-pool.ts` keeps those that may go on.
 */
import { constants } from 'node:os'
import type { z } from 'zod'
import { isErrorCode, KuraError } from '../../src/core/errors.ts'
import { FileChild } from '../children/file-child.ts'
import { type ParsedHead, type ParseJob, replySchema } from './parse-messages.ts'
import { ParserGuard, type RunLimits, type Stop, stopOf } from './parser-guard.ts'

export type RunEnd =
  | { readonly kind: 'done'; readonly head: ParsedHead }
  | (Stop & {
      readonly kind: 'stopped'
      /** Pages that were being worked on. */
      readonly inWork: readonly number[]
    })

type Reply = z.infer<typeof replySchema>
export type PageReply = Extract<Reply, { type: 'page' | 'attachment' }>

/** What a child has to be started with: pdf.js is loaded before the TypeScript loader, or not at all. */
export interface ParserKind {
  readonly pdf: boolean
  /** Resident memory that it may have. */
  readonly memoryBytes: number
}

/** Part of the memory limit that the child's JavaScript heap may take; buffers and a second thread have the rest. */
const heapShare = 0.6

/** Twice the usual, in MiB: what a page needs is mostly let go before it is ever looked through, which is a tenth of the time. */
const youngHeap = '--max-semi-space-size=32'

const pdfPreload = new URL('./pdf-preload.mjs', import.meta.url).href

export class ParserProcess extends FileChild {
  readonly kind: ParserKind

  /** @param isSpare it waits for its first file: it may warm up for it */
  constructor(kind: ParserKind, isSpare = false) {
    super({
      script: new URL('./child.ts', import.meta.url),
      args: [...(kind.pdf ? ['pdf'] : []), ...(isSpare ? ['spare'] : [])],
      preloads: [...(kind.pdf ? [pdfPreload] : []), 'zod'],
      nodeOptions: [youngHeap],
      memoryBytes: kind.memoryBytes,
      heapShare,
      // Questions go first: parsing takes what the model host leaves.
      priority: constants.priority.PRIORITY_BELOW_NORMAL,
    })
    this.kind = kind
  }

  /**
   * Reads one file; not to be called while it reads another, nor after a run that did not end in `done`.
   * @param take gets pages and attached files; the child waits until each is taken
   * @throws what `take` throws, and what a reply that is none makes zod throw
   */
  async run(
    job: Omit<ParseJob, 'id' | 'memoryBytes'>,
    limits: RunLimits,
    take: (reply: PageReply) => Promise<void>,
  ): Promise<RunEnd> {
    const { memoryBytes } = this.kind
    return this.runJob(
      (id) => ({ ...job, id, memoryBytes }) satisfies ParseJob,
      async (id) => {
        using guard = new ParserGuard(this.child, limits)
        return await this.#follow(id, guard, take)
      },
      ({ kind }) => kind === 'done',
    )
  }

  async #follow(id: number, guard: ParserGuard, take: (reply: PageReply) => Promise<void>): Promise<RunEnd> {
    /** The page that each thread of the child works on. */
    const inWork = new Map<number, number>()
    const stopped = (stop: Stop): RunEnd => ({ kind: 'stopped', ...stop, inWork: [...inWork.values()] })
    for (;;) {
      const { value: line } = await guard.waitFor(this.lines.next(), inWork.size > 0)
      if (line === undefined) break
      const reply = replySchema.parse(JSON.parse(line))
      if (reply.job !== id) {
        return stopped({ cause: 'crash', error: new KuraError('parse_crashed', 'The parser spoke of another file.') })
      }
      if (reply.type === 'begin') inWork.set(reply.worker, reply.page)
      else if (reply.type === 'page' || reply.type === 'attachment') {
        for (const [worker, page] of inWork)
          if (reply.type === 'page' && page === reply.page.number) inWork.delete(worker)
        await take(reply)
      } else if (reply.type === 'done') {
        const { type: _, job: __, ...head } = reply
        return { kind: 'done', head }
      } else {
        const code = isErrorCode(reply.code) ? reply.code : 'parse_crashed'
        return stopped({ cause: 'refused', error: new KuraError(code, reply.message) })
      }
    }
    await this.ended
    return stopped(guard.reason ?? stopOf(this.child, this.complaint, this.kind.memoryBytes))
  }
}
