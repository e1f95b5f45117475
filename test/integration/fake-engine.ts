/**
 * An embedding engine over HTTP that needs no model: texts that share terms lie close to each other. Each engine has another number of
 * dimensions, so that vectors of one can never be taken for those of another.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { searchTerms } from '../../src/core/search-terms.ts'

export class FakeEngine implements AsyncDisposable {
  /** Waited for before each answer to passages; a question is answered at once. */
  delayMs = 0
  /** Every text that was embedded, in order. */
  readonly texts: string[] = []
  /** While true no vector is given. */
  isStalled = false
  #url = ''
  readonly #name: string
  #dimensions: number
  readonly #server: Server

  private constructor(name: string, dimensions: number) {
    this.#name = name
    this.#dimensions = dimensions
    this.#server = createServer(async (request, response) => {
      const body = await this.#answer(request).catch(() => undefined)
      if (body === 'never') return
      response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}))
    })
  }

  static async start(name: string, dimensions: number): Promise<FakeEngine> {
    const engine = new FakeEngine(name, dimensions)
    engine.#server.listen(0, '127.0.0.1')
    await once(engine.#server, 'listening')
    engine.#url = `http://127.0.0.1:${(engine.#server.address() as AddressInfo).port}/v1`
    return engine
  }

  get url(): string {
    return this.#url
  }

  /** What the ledger calls it, and what it is chosen by. */
  get model(): string {
    return `${this.url}#${this.#name}`
  }

  /** Serves another model under its own name from now on. */
  runAs(other: FakeEngine): void {
    this.#dimensions = other.#dimensions
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #answer(request: IncomingMessage): Promise<unknown> {
    if (!request.url?.endsWith('/embeddings')) return undefined
    const { input } = (await json(request)) as { input: string[] }
    if (this.isStalled) return 'never'
    if (input.some((text) => text.includes('\n'))) await sleep(this.delayMs)
    this.texts.push(...input)
    const data = input.map((text, index) => ({ object: 'embedding', index, embedding: this.#vectorOf(text) }))
    return { object: 'list', data, model: this.#name, usage: { prompt_tokens: 1, total_tokens: 1 } }
  }

  #vectorOf(text: string): number[] {
    const vector = new Array<number>(this.#dimensions).fill(0)
    vector[0] = 1
    for (const term of searchTerms(text)) {
      const slot =
        [...term].reduce((sum, each) => (sum * 31 + (each.codePointAt(0) ?? 0)) % (this.#dimensions - 1), 7) + 1
      vector[slot] = (vector[slot] ?? 0) + 1
    }
    return vector
  }
}
