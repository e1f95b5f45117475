/** Deterministic models and passages for tests of retrieval and answering: no files, no engines. */
import type { Passage } from '../../src/core/answer.ts'
import type { Language, Segment } from '../../src/core/document.ts'
import type { ChunkId, CollectionId, DocumentId, RevisionId } from '../../src/core/ids.ts'
import type {
  Embedder,
  EmbeddingModelInfo,
  GenerationModelInfo,
  GenerationRequest,
  Generator,
} from '../../src/core/models.ts'
import { searchTerms } from '../../src/core/search-terms.ts'

const dimensions = 64

/** Texts that share terms lie close to each other; like those of e5 models, cosines of unrelated texts are about 0.7. */
const vectorOf = (text: string): Float32Array => {
  const vector = new Float32Array(dimensions)
  for (const term of searchTerms(text)) {
    const slot =
      [...term].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % (dimensions - 1), 7) + 1
    vector[slot] = (vector[slot] ?? 0) + 1
  }
  vector[0] = 1.5 * Math.hypot(...vector.subarray(1)) || 1
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

export class TermEmbedder implements Embedder {
  async info(): Promise<EmbeddingModelInfo> {
    // Named as the model whose cosines it imitates, so that its calibration is used.
    return { name: 'multilingual-e5-small', fingerprint: 'terms-1', dimensions, maxTokens: 512 }
  }
  async embedQueries(texts: readonly string[]): Promise<Float32Array[]> {
    return texts.map(vectorOf)
  }
  async embedPassages(passages: readonly { readonly title: string; readonly text: string }[]): Promise<Float32Array[]> {
    return passages.map(({ title, text }) => vectorOf(`${title} ${text}`))
  }
  async countTokens(texts: readonly string[]): Promise<number[]> {
    return texts.map((text) => Math.ceil(text.length / 3))
  }
}

/** Finds every sentence as near as any other, as small models do within one manual. */
export const alikeEmbedder: Embedder = Object.assign(new TermEmbedder(), {
  embedQueries: async (texts: readonly string[]) => texts.map(() => Float32Array.from([1])),
  embedPassages: async (passages: readonly unknown[]) => passages.map(() => Float32Array.from([1])),
})

/** Says what it is told to say, in small pieces, and remembers what it was asked. */
export class ScriptedGenerator implements Generator {
  readonly requests: GenerationRequest[] = []
  readonly #outputs: (string | Error)[]

  constructor(outputs: readonly (string | Error)[]) {
    this.#outputs = [...outputs]
  }
  async info(): Promise<GenerationModelInfo> {
    return { name: 'scripted', contextTokens: 4096 }
  }
  async *generate(request: GenerationRequest): AsyncGenerator<string> {
    this.requests.push(request)
    const output = this.#outputs.shift() ?? ''
    if (output instanceof Error) throw output
    for (let i = 0; i < output.length; i += 7) yield output.slice(i, i + 7)
  }
  async countTokens(texts: readonly string[]): Promise<number[]> {
    return texts.map((text) => Math.ceil(text.length / 3))
  }
}

/** A passage of one page whose segments are the given sentences. */
export const passageOf = (
  name: string,
  sentences: readonly (string | { readonly text: string; readonly kind: Segment['kind'] })[],
  options: {
    readonly heading?: string
    readonly language?: Language
    readonly fused?: number
    readonly page?: number
  } = {},
): Passage => {
  const page = options.page ?? 1
  let text = ''
  const segments = sentences.map((each): Segment => {
    const { text: sentence, kind } = typeof each === 'string' ? { text: each, kind: 'sentence' as const } : each
    if (text !== '') text += '\n'
    const start = text.length
    text += sentence
    return { start, end: text.length, page, pageStart: start, pageEnd: text.length, kind }
  })
  return {
    id: `rev_${name}.0` as ChunkId,
    documentId: `doc_${name}` as DocumentId,
    documentName: name,
    revisionId: `rev_${name}` as RevisionId,
    revision: '1',
    collectionId: 'col_test' as CollectionId,
    pageStart: page,
    pageEnd: page,
    paginated: true,
    heading: options.heading ?? '',
    text,
    segments,
    segmentBoxes: segments.map((_, i) => [{ page, x: 0.1, y: 0.1 * (i + 1), width: 0.8, height: 0.05 }]),
    language: options.language ?? 'en',
    scores: { fused: options.fused ?? 1 },
  }
}
