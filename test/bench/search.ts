/**
 * Search at 2,000 chunks with nothing else running: embed the question, both lanes, fusion, page boxes. Against the bare engines in the same run:
 * the embedding call alone and LanceDB's vector query alone.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import type { parseFile } from '../../ingest/parse/parse-file.ts'
import { IngestionWorker } from '../../ingest/worker.ts'
import { resolveSettings } from '../../src/config/settings.ts'
import type { ParsedDocument } from '../../src/core/document.ts'
import { localAdministrator } from '../../src/core/principal.ts'
import { percentiles } from '../../src/eval/metrics.ts'
import { openKura, scratchFolderOf } from '../../src/kura.ts'

export interface SearchBench {
  readonly chunks: number
  readonly searchMs: ReturnType<typeof percentiles>
  readonly embedMs: ReturnType<typeof percentiles>
  readonly vectorQueryMs: ReturnType<typeof percentiles>
}

/** Two make a chunk. */
const sections = 4_300
const questions = 100

/** Short sections of a made-up manual, each with its own heading. */
const parseManual: typeof parseFile = async (_file, { onPage }): Promise<ParsedDocument> => {
  const pages = Array.from({ length: sections }, (_, i) => {
    const heading = `Part ${i}`
    const text = `${heading}\nThe bearing ${i} of line ${i % 17} is greased every ${100 + (i % 50)} hours with grease G-${i % 9}. Torque ${i % 97} N·m.`
    const blocks = [
      { kind: 'heading', level: 1, start: 0, end: heading.length },
      { kind: 'paragraph', start: heading.length + 1, end: text.length },
    ] as const
    return { number: i + 1, outcome: { method: 'text' }, text, blocks, lines: [] } as const
  })
  for (const page of pages) await onPage?.(page, pages.length)
  return { format: 'pdf', paginated: true, pages }
}

const timed = async (run: (i: number) => Promise<unknown>): Promise<ReturnType<typeof percentiles>> => {
  const times: number[] = []
  for (let i = 0; i < questions; i += 1) {
    const startedAt = performance.now()
    await run(i)
    times.push(performance.now() - startedAt)
  }
  return percentiles(times)
}

export const benchSearch = async (): Promise<SearchBench> => {
  const data = await mkdtemp(path.join(tmpdir(), 'kura-bench-'))
  try {
    const settings = { ...resolveSettings({ KURA_DATA: data }), logLevel: 'warn' as const }
    await using kura = await openKura(settings, { embedding: true, generation: false, worker: false })
    await kura.engines.ready()
    const { id: collectionId } = await kura.ledger.collections.create(localAdministrator, { name: 'bench' })
    await kura.intake.receive(localAdministrator, {
      collectionId,
      name: 'manual.pdf',
      stream: Readable.from([Buffer.from('made up')]),
    })
    const { embedder } = kura.engines
    const index = await kura.index()
    const worker = new IngestionWorker({
      ...kura,
      settings: { ...settings, scratchFolder: scratchFolderOf(settings) },
      target: await kura.target(),
      parse: parseManual,
    })
    await worker.runUntilIdle(new AbortController().signal)

    const question = (i: number) => `How often is bearing ${i * 13} greased, and with which grease?`
    const search = (i: number) =>
      kura.retriever.search(localAdministrator, { query: question(i), collectionIds: [collectionId], limit: 8 })
    await timed(search) // Warm: models, caches, compiled code.
    const [vector] = await embedder.embedQueries([question(0)])
    if (!vector) throw new Error('The engine gave no vector.')
    return {
      chunks: await index.count(),
      searchMs: await timed(search),
      embedMs: await timed((i) => embedder.embedQueries([question(i)])),
      vectorQueryMs: await timed(() => index.vectorSearch(vector, { collectionIds: [collectionId], limit: 50 })),
    }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}
