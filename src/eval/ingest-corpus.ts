/**
 * Puts a question set's corpus into a collection, one document a record, through the real ingestion worker; only the parser is another one,
 * as the records are plain text already and a parser process for each would take longer than all the rest.
 */
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { parseFile } from '../../ingest/parse/parse-file.ts'
import { IngestionWorker } from '../../ingest/worker.ts'
import type { Output } from '../cli/output.ts'
import type { ParsedDocument } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { CollectionId, DocumentId } from '../core/ids.ts'
import { localAdministrator } from '../core/principal.ts'
import { type Kura, scratchFolderOf } from '../kura.ts'
import type { CorpusRecord } from './question-set.ts'

export interface IngestedCorpus {
  readonly collectionId: CollectionId
  /** Ids of the records of one document; more than one where the set repeats a text. */
  readonly recordsOf: ReadonlyMap<DocumentId, readonly string[]>
}

const longestName = 200

/** Blank lines end paragraphs. */
const parseRecord: typeof parseFile = async (file, { onPage }): Promise<ParsedDocument> => {
  const text = await readFile(file, 'utf8')
  const blocks = [...text.matchAll(/\S(?:(?!\n\s*\n)[\s\S])*/g)].map((match) => {
    return { kind: 'paragraph', start: match.index, end: match.index + match[0].trimEnd().length } as const
  })
  const page = { number: 1, outcome: { method: 'text' }, text, blocks, lines: [] } as const
  await onPage?.(page, 1)
  return { format: 'text', paginated: false, pages: [page] }
}

export const ingestCorpus = async (
  kura: Kura,
  records: readonly CorpusRecord[],
  { output, signal }: { readonly output: Output; readonly signal: AbortSignal },
): Promise<IngestedCorpus> => {
  const { id: collectionId } = await kura.ledger.collections.create(localAdministrator, { name: 'evaluation' })
  const recordsOf = new Map<DocumentId, string[]>()
  for (const { id, title, text, lang } of records) {
    signal.throwIfAborted()
    if (text.trim() === '') continue
    const received = await kura.intake.receive(localAdministrator, {
      collectionId,
      name: (/[\p{L}\p{N}]/u.test(title) ? title : id).replaceAll(/[/\\]/g, ' ').slice(0, longestName),
      stream: Readable.from([Buffer.from(text)]),
      language: lang === 'und' ? undefined : lang,
    })
    recordsOf.set(received.id, [...(recordsOf.get(received.id) ?? []), id])
  }
  const report = setInterval(async () => {
    const counts = await kura.ledger.jobs.counts().catch(() => undefined)
    if (counts) output.progress(`corpus: ${counts.done}/${recordsOf.size} documents`)
  }, 1_000)
  try {
    const settings = { ...kura.settings, scratchFolder: scratchFolderOf(kura.settings) }
    const worker = new IngestionWorker({ ...kura, settings, target: await kura.target(), parse: parseRecord })
    await worker.runUntilIdle(signal)
    signal.throwIfAborted()
  } finally {
    clearInterval(report)
  }
  const { failed, dead } = await kura.ledger.jobs.counts()
  if (failed + dead > 0)
    throw new KuraError('internal', `${failed + dead} records of the corpus could not be ingested.`)
  return { collectionId, recordsOf }
}
