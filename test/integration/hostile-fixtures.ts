/** An answerer over given passages and a model that does what a test says, with a real ledger in a temporary folder. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Answerer, type AskRequest } from '../../src/answer/answerer.ts'
import type { Answer, AnswerEvent, Passage, Statement } from '../../src/core/answer.ts'
import type { RevisionId } from '../../src/core/ids.ts'
import type { GenerationModelInfo, GenerationRequest, Generator } from '../../src/core/models.ts'
import { localAdministrator } from '../../src/core/principal.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { TermEmbedder } from '../unit/fakes.ts'

type Write = (request: GenerationRequest, signal: AbortSignal | undefined, call: number) => AsyncIterable<string>

/** Writes what a function writes, and counts the calls and the pieces that were taken from it. */
export class DrivenGenerator implements Generator {
  calls = 0
  pieces = 0
  readonly #write: Write

  constructor(write: Write) {
    this.#write = write
  }
  async info(): Promise<GenerationModelInfo> {
    return { name: 'driven', contextTokens: 4096 }
  }
  async *generate(
    request: GenerationRequest,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<string> {
    this.calls += 1
    for await (const piece of this.#write(request, signal, this.calls)) {
      this.pieces += 1
      yield piece
    }
  }
  async countTokens(texts: readonly string[]): Promise<number[]> {
    return texts.map((text) => Math.ceil(text.length / 3))
  }
}

/** Writes one text after the other, one each call, in pieces of seven characters; nothing when they are used up. */
export const writing = (...texts: readonly string[]): DrivenGenerator =>
  new DrivenGenerator(async function* (_request, _signal, call) {
    const text = texts[call - 1] ?? ''
    for (let i = 0; i < text.length; i += 7) yield text.slice(i, i + 7)
  })

export interface Asked {
  readonly events: readonly AnswerEvent[]
  readonly answer: Answer
  /** Those of the events; the answer's must be the same. */
  readonly statements: readonly Statement[]
}

export class HostileSetting implements AsyncDisposable {
  readonly #folder: string
  readonly #ledger: Ledger

  private constructor(folder: string, ledger: Ledger) {
    this.#folder = folder
    this.#ledger = ledger
  }

  static async open(): Promise<HostileSetting> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'kura-hostile-'))
    return new HostileSetting(folder, await Ledger.open(path.join(folder, 'kura.db')))
  }

  /** Events as they come. */
  events(
    passages: readonly Passage[],
    generator: Generator | undefined,
    request: Pick<AskRequest, 'question'> & Partial<AskRequest>,
  ): AsyncGenerator<AnswerEvent> {
    const documents = {
      visible: async (_: unknown, ids: readonly RevisionId[]) =>
        new Map(
          passages
            .filter(({ revisionId }) => ids.includes(revisionId))
            .map(({ revisionId, documentId, documentName, revision, collectionId, paginated }) => [
              revisionId,
              { documentId, documentName, revision, collectionId, paginated },
            ]),
        ),
    }
    const answerer = new Answerer({
      ledger: {
        conversations: this.#ledger.conversations,
        verifiedAnswers: this.#ledger.verifiedAnswers,
        pages: this.#ledger.pages,
        documents,
      },
      retriever: { search: async () => ({ passages, degraded: [] }) },
      embedder: new TermEmbedder(),
      generator: () => generator,
    })
    return answerer.ask(localAdministrator, { collectionIds: [], ...request })
  }

  async ask(
    passages: readonly Passage[],
    generator: Generator | undefined,
    question: string,
    more: Partial<AskRequest> = {},
  ): Promise<Asked> {
    const events: AnswerEvent[] = []
    for await (const event of this.events(passages, generator, { question, ...more })) events.push(event)
    const last = events.at(-1)
    if (last?.type !== 'answer') throw new Error('The last event is not the answer.')
    const statements = events.flatMap((event) => (event.type === 'statement' ? [event.statement] : []))
    return { events, answer: last.answer, statements }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ledger[Symbol.asyncDispose]()
    await rm(this.#folder, { recursive: true })
  }
}
