/**
 * Decides who may use the processor's cores: the steps of answers (generation, reranking) or the texts of ingestion.
 * Invariant: on a machine without GPU the two never compute at the same time, because two sets of spinning threads on the
 * same cores slow each other down by far more than half. Answers go first; while any is being made, ingestion gets one
 * turn for each `answerShare` times of a turn's duration, so that it goes on, slowly, and the answer takes at most about
 * 1 + 1 / answerShare times as long. Embeddings of questions do not pass here: they have a context and a thread of their own.
 */
import { abortable } from './abortable.ts'

const answerShare = 4
/** What the first text of ingestion is taken to last, before one was measured. */
const firstIngestionMs = 250

interface Waiter {
  readonly kind: 'step' | 'ingestion'
  readonly enter: () => void
}

export class ComputeGate {
  readonly #exclusive: boolean
  readonly #waiting: Waiter[] = []
  #answers = 0
  #steps = 0
  #ingestions = 0
  #answerMs = 0
  #lastIngestionMs = firstIngestionMs

  /** @param exclusive false where a GPU computes: everybody passes at once */
  constructor(exclusive: boolean) {
    this.#exclusive = exclusive
  }

  /** Marks the time in which an answer is made; ingestion steps back until the returned handle is disposed. */
  beginAnswer(): Disposable {
    this.#answers += 1
    let open = true
    return {
      [Symbol.dispose]: () => {
        if (!open) return
        open = false
        this.#answers -= 1
        if (this.#answers === 0) this.#answerMs = 0
        this.#admit()
      },
    }
  }

  /** One uninterruptible piece of an answer; several answers may step at the same time. */
  async step<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    if (!this.#exclusive) return task()
    await this.#enter('step', signal)
    const started = performance.now()
    try {
      return await task()
    } finally {
      this.#steps -= 1
      this.#answerMs += performance.now() - started
      this.#admit()
    }
  }

  /** One text of ingestion. */
  async ingest<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    if (!this.#exclusive) return task()
    await this.#enter('ingestion', signal)
    const started = performance.now()
    try {
      return await task()
    } finally {
      this.#ingestions -= 1
      this.#lastIngestionMs = performance.now() - started
      this.#answerMs = 0
      this.#admit()
    }
  }

  async #enter(kind: Waiter['kind'], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    let waiter: Waiter | undefined
    const turn = new Promise<void>((enter) => {
      waiter = { kind, enter }
      this.#waiting.push(waiter)
    })
    this.#admit()
    try {
      await abortable(turn, signal)
    } catch (error) {
      const index = waiter === undefined ? -1 : this.#waiting.indexOf(waiter)
      if (index >= 0) this.#waiting.splice(index, 1)
      else this.#leave(kind)
      this.#admit()
      throw error
    }
  }

  #leave(kind: Waiter['kind']): void {
    if (kind === 'step') this.#steps -= 1
    else this.#ingestions -= 1
  }

  /**
   * While answers are made, ingestion gets a turn when it has waited long enough: as many texts as wait at that moment, each
   * in a context of its own.
   */
  #isIngestionsTurn(): boolean {
    if (this.#answers === 0) return true
    return this.#ingestions === 0 && this.#answerMs >= answerShare * this.#lastIngestionMs
  }

  #admit(): void {
    const turn = this.#waiting.some((waiter) => waiter.kind === 'ingestion') && this.#isIngestionsTurn()
    const stepsHold = this.#ingestions > 0 || (turn && this.#answers > 0)
    for (const waiter of [...this.#waiting]) {
      const free = waiter.kind === 'step' ? !stepsHold && this.#ingestions === 0 : turn && this.#steps === 0
      if (!free) continue
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
      if (waiter.kind === 'step') this.#steps += 1
      else this.#ingestions += 1
      waiter.enter()
    }
  }
}
