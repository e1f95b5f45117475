/** What the tests of tuning share: manuals of made-up words in a real ledger and index, an embedder that understands nothing or all, a writer by rule. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { IndexedChunk } from '../../src/core/document.ts'
import type { TuningId } from '../../src/core/ids.ts'
import type { Embedder, EmbeddingModelInfo, GenerationRequest, Generator } from '../../src/core/models.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { ChunkIndex } from '../../src/store/chunk-index.ts'
import { ActiveTuning } from '../../src/tune/active-tuning.ts'
import { TuningDesk, type TuningDeskDeps } from '../../src/tune/tuning-desk.ts'
import { TermEmbedder } from '../unit/fakes.ts'
import { makeChunk, publication, sha256Of } from './store-documents.ts'
import { closeAfterTest, makeFolder, openLedger } from './store-fixtures.ts'

const dimensions = 64

/** Vectors say nothing: each text has one by chance, the same every time. */
export class DeafEmbedder implements Embedder {
  async info(): Promise<EmbeddingModelInfo> {
    return { name: 'deaf', fingerprint: 'deaf-1', dimensions, maxTokens: 512 }
  }
  async embedQueries(texts: readonly string[]): Promise<Float32Array[]> {
    return texts.map((text) => {
      const random = seededRandom(
        [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 2 ** 31, 7),
      )
      const vector = Float32Array.from({ length: dimensions }, () => random() * 2 - 1)
      const norm = Math.hypot(...vector)
      return vector.map((value) => value / norm)
    })
  }
  async embedPassages(passages: readonly { readonly title: string; readonly text: string }[]): Promise<Float32Array[]> {
    return this.embedQueries(passages.map(({ text }) => text))
  }
  async countTokens(texts: readonly string[]): Promise<number[]> {
    return texts.map((text) => Math.ceil(text.length / 3))
  }
}

const syllables = [
  'bra',
  'cle',
  'dro',
  'fin',
  'gor',
  'hul',
  'jas',
  'kem',
  'lor',
  'mip',
  'nev',
  'pof',
  'qua',
  'rud',
  'sel',
]
const madeUp = new RegExp(`\\b(?:${syllables.join('|')}){3}\\b`, 'g')

/** Hears the made-up words and nothing else; it has no calibration. */
export class HearingEmbedder extends TermEmbedder {
  override async info(): Promise<EmbeddingModelInfo> {
    return { name: 'hearing', fingerprint: 'hearing-1', dimensions, maxTokens: 512 }
  }
  override embedQueries(texts: readonly string[]): Promise<Float32Array[]> {
    return super.embedQueries(texts.map((text) => text.match(madeUp)?.slice(0, 2).join(' ') ?? text))
  }
  override embedPassages(passages: readonly { readonly text: string }[]): Promise<Float32Array[]> {
    return this.embedQueries(passages.map(({ text }) => text))
  }
}

/** Asks for two words of the passage among many that no document holds; in other languages it writes nothing. */
export class WordyWriter implements Generator {
  calls = 0
  /** Waits for ever from this call on. */
  hangsFrom = Number.POSITIVE_INFINITY

  async info() {
    return { name: 'wordy', contextTokens: 4096, promptTokensPerSecond: 1000, outputTokensPerSecond: 100 }
  }
  async *generate({ messages }: GenerationRequest, options: { signal?: AbortSignal | undefined } = {}) {
    this.calls += 1
    if (this.calls >= this.hangsFrom) await sleep(600_000, undefined, options.signal ? { signal: options.signal } : {})
    const passage = messages.at(-1)?.content.split('Passage:\n')[1] ?? ''
    const [, first, second] = /^The (\w+) of the (\w+) /.exec(passage) ?? []
    const isForeign = !messages[0]?.content.includes('in English')
    const question = `Could somebody tell me whenever nobody else remembers properly which ${first} nowadays belongs with that ${second}?`
    yield isForeign ? '{}' : JSON.stringify({ answer: passage.split('\n')[0], question })
  }
  async countTokens(texts: readonly string[]): Promise<number[]> {
    return texts.map((text) => Math.ceil(text.length / 3))
  }
}

const wordOf = (n: number): string =>
  [n % 15, Math.floor(n / 15) % 15, Math.floor(n / 225) % 15].map((i) => syllables[i]).join('')

/** @param documents each of four chunks */
export const setUp = async (
  options: Partial<Pick<TuningDeskDeps, 'isBusy'>> & {
    readonly embedder?: Embedder
    readonly writer?: Generator | undefined
    readonly documents?: number
  } = {},
) => {
  const { embedder = new DeafEmbedder(), documents = 30 } = options
  const { ledger, file, collectionId } = await openLedger()
  const { fingerprint } = await embedder.info()
  const index = closeAfterTest(await ChunkIndex.open(join(await makeFolder(), 'index'), { fingerprint, dimensions }))
  for (let d = 0; d < documents; d += 1) {
    const name = `m${d}.pdf`
    const values = { collectionId, name, sha256: sha256Of(name), bytes: 1 }
    const { documentId, revisionId } = await ledger.documents.create(admin, values)
    const chunks: IndexedChunk[] = Array.from({ length: 4 }, (_, ordinal) => {
      const n = 5 * (d * 4 + ordinal)
      const text = `The ${wordOf(n)} of the ${wordOf(n + 1)} holds a ${wordOf(n + 2)} beside its ${wordOf(n + 3)}.`
      const made = makeChunk(text, { revision: revisionId, collection: collectionId, ordinal, documentName: name })
      return { ...made, documentId, headingPath: [] }
    })
    const vectors = await embedder.embedPassages(chunks.map(({ text }) => ({ title: '', text })))
    await index.replaceRevision(
      revisionId,
      chunks.map((chunk, i) => ({ chunk, vector: vectors[i] as Float32Array })),
    )
    await ledger.documents.publish(revisionId, { ...publication, chunks: chunks.length })
  }
  const active = await ActiveTuning.open(ledger.tunings)
  const target = { index, embedder, fingerprint }
  const openDesk = (): TuningDesk =>
    closeAfterTest(
      new TuningDesk({
        ledger,
        active,
        target: async () => target,
        holdGenerator: () => ({ generator: options.writer, [Symbol.dispose]: () => undefined }),
        isBusy: options.isBusy ?? (() => false),
        logger: { error: () => undefined },
      }),
    )
  const desk = openDesk()
  const ended = async (id: TuningId) => {
    for (;;) {
      const record = await ledger.tunings.get(admin, id)
      if (record.state !== 'running') return record
      await sleep(20)
    }
  }
  /** @throws where the tuning ends before */
  const written = async (id: TuningId, writer: WordyWriter, calls: number): Promise<void> => {
    while (writer.calls < calls) {
      const { state, error } = await ledger.tunings.get(admin, id)
      if (state !== 'running') throw new Error(`The tuning ended: ${state}, ${error?.message}`)
      await sleep(10)
    }
  }
  return { written, ledger, file, collectionId, index, active, desk, openDesk, target, fingerprint, ended }
}
