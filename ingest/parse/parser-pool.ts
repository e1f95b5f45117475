/**
 * Parsing children that read one file after the other: to start one takes longer than to read a small file. In: jobs. Out: how each ended.
 * Invariants: a file is given to a child that has read nothing but files that ended well; one that read many, or is left with much memory, is
 * replaced; idle ones end after some seconds, but for one that waits unused for the first file of the next batch, where that is asked for; all end with
 * this process (see `child.ts`); no child outlives the pool's disposal.
 * Neighbours: `parse-file.ts`, `parser-process.ts`; the ingestion worker keeps one pool.
 */
import { ReusableChildren } from '../children/reusable-children.ts'
import type { ParseJob } from './parse-messages.ts'
import type { RunLimits } from './parser-guard.ts'
import { type PageReply, type ParserKind, ParserProcess, type RunEnd } from './parser-process.ts'

/** Part of a child's memory limit that it may hold between two files; most of that is garbage, collected when the next file needs the room. */
const maxIdleShare = 0.35

export interface PoolRun {
  readonly end: RunEnd
  /** The child had read another file before: that it failed is no evidence against this one. */
  readonly wasUsed: boolean
}

export interface PoolOptions {
  /** After which a child without work ends, in milliseconds. @default 10_000 */
  readonly idleMs?: number
  /** A child of this kind is kept started whenever there is no other: some 130 MiB. @default none */
  readonly ready?: ParserKind
}

export class ParserPool implements AsyncDisposable {
  readonly #ready: ParserKind | undefined
  /** Started, and given nothing yet. */
  #spare: ParserProcess | undefined
  readonly #children: ReusableChildren<ParserProcess>

  constructor({ idleMs, ready }: PoolOptions = {}) {
    this.#children = new ReusableChildren({ maxIdleShare, idleMs })
    this.#ready = ready
    this.#keepReady()
  }

  /**
   * @param isFresh asks for a child that has read nothing yet
   * @param take gets pages and attached files; the child waits until each is taken
   * @throws what `take` throws
   */
  async run(
    job: Omit<ParseJob, 'id' | 'memoryBytes'>,
    limits: RunLimits,
    { isFresh, take }: { isFresh: boolean; take: (reply: PageReply) => Promise<void> },
  ): Promise<PoolRun> {
    const kind = { pdf: job.format === 'pdf', memoryBytes: limits.memoryBytes }
    const used = isFresh ? undefined : this.#children.take((parser) => isSame(parser.kind, kind))
    const parser = used ?? this.#takeSpare(kind) ?? this.#start(kind)
    const end = await parser.run(job, limits, take)
    if (end.kind === 'done') await this.#children.giveBack(parser, true)
    return { end, wasUsed: used !== undefined }
  }

  /** What is left of a batch is nothing: the next one finds a child that is ready. */
  #keepReady(): void {
    if (this.#ready && this.#children.count === 0 && !this.#children.isDisposed)
      this.#spare = this.#start(this.#ready, true)
  }

  #takeSpare(kind: ParserKind): ParserProcess | undefined {
    const parser = this.#spare
    if (!parser || !isSame(parser.kind, kind)) return undefined
    this.#spare = undefined
    return parser
  }

  #start(kind: ParserKind, isSpare = false): ParserProcess {
    const parser = new ParserProcess(kind, isSpare)
    this.#children.add(parser)
    parser.ended.then(() => {
      if (parser === this.#spare) this.#spare = undefined
      // One that could not even wait would be started for ever.
      else this.#keepReady()
    })
    return parser
  }

  /** Ends all children, those that read included. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#children[Symbol.asyncDispose]()
  }
}

const isSame = (one: ParserKind, other: ParserKind): boolean =>
  one.pdf === other.pdf && one.memoryBytes === other.memoryBytes
