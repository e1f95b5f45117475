/**
 * The channel between the two halves of pdf.js, which run in one thread here. In: what either half sends. Out: the same to the listeners of both, in
 * order, a microtask later. The library's own channel makes a deep copy of each message; neither half changes what it has sent, except for
 * the lists that are copied here, so the rest goes through as it is. Glyph outlines and pictures, which only drawing needs, are dropped.
 * Neighbour: `pdf-document.ts`.
 */

interface Message {
  readonly action?: string
  readonly callbackId?: number
  readonly sourceName?: string
  readonly targetName?: string
  readonly data?: unknown
  readonly chunk?: object
}

type Listener = (event: { readonly data: Message }) => void

/** pdf.js's mark of an answer that holds data. */
const answerWithData = 1

const isDrawing = ({ action, data }: Message): boolean =>
  action === 'obj' ||
  (action === 'commonobj' && Array.isArray(data) && data[1] !== 'Font' && data[1] !== 'CopyLocalImage')

/** The sender empties these lists after it has sent them. */
const withOwnLists = (message: Message): Message => {
  const { chunk } = message
  if (!chunk || ArrayBuffer.isView(chunk)) return message
  const own = Object.entries(chunk).map(([key, value]) => [key, Array.isArray(value) ? value.slice() : value])
  return { ...message, chunk: Object.fromEntries(own) }
}

export class PdfPort {
  readonly #listeners = new Map<Listener, (() => void) | undefined>()

  postMessage(message: Message): void {
    if (isDrawing(message)) return
    // Fonts are never drawn, so none has to be replaced by its outlines; the answer to the request ends the wait for it.
    const sent = message.action === 'FontFallback' ? answerTo(message) : withOwnLists(message)
    queueMicrotask(() => {
      for (const listener of this.#listeners.keys()) listener.call(this, { data: sent })
    })
  }

  addEventListener(_: string, listener: Listener, { signal }: { signal?: AbortSignal } = {}): void {
    if (signal?.aborted) return
    const onAbort = () => this.removeEventListener(_, listener)
    signal?.addEventListener('abort', onAbort)
    this.#listeners.set(listener, signal && (() => signal.removeEventListener('abort', onAbort)))
  }

  removeEventListener(_: string, listener: Listener): void {
    this.#listeners.get(listener)?.()
    this.#listeners.delete(listener)
  }

  terminate(): void {
    for (const listener of [...this.#listeners.keys()]) this.removeEventListener('message', listener)
  }
}

const answerTo = ({ sourceName = '', targetName = '', callbackId = 0 }: Message): Message & { callback: number } => ({
  sourceName: targetName,
  targetName: sourceName,
  callback: answerWithData,
  callbackId,
})
