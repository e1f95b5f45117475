/** What the fake API sends that is no record: the policy of the real server, problems, page ledgers, differences, readiness, models. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type document, manual } from './fake-records.ts'

export const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

export const problem = (status: number, code: string) => ({
  type: `/docs/errors#${code}`,
  title: `Title of ${code}`,
  status,
  code,
  detail: `Detail of ${code}.`,
  remedy: `Remedy of ${code}.`,
  requestId: 'req-1',
})

type FakeDocument = ReturnType<typeof document>

const pageOutcome = (known: FakeDocument, index: number): object => {
  if (known.id === 'doc_sop' && index === 1) return { method: 'ocr', confidence: 0.94 }
  if (known.id === 'doc_sop' && index === 2) return { method: 'ocr', confidence: 0.58 }
  if (known.id === manual.id || known.pages.blank + known.pages.failed === 0) return { method: 'text' }
  if (index % 47 === 46) return { method: 'blank' }
  return index === 30 || index === 99 ? { method: 'failed', errorCode: 'page_has_no_text' } : { method: 'text' }
}

const ledgerOf = (known: FakeDocument) => {
  const { text, ocr, blank, failed } = known.pages
  return Array.from({ length: text + ocr + blank + failed }, (_, index) => ({
    number: index + 1,
    ...(known.format === 'xlsx' ? { label: ['Settings', 'Old values (hidden)', 'Log'][index] ?? '' } : {}),
    characters: index % 47 === 46 ? 0 : 1_240 + index,
    outcome: pageOutcome(known, index),
  }))
}

/** A document with all that belongs to it. */
export const detailOf = (
  known: FakeDocument,
  revisions: readonly { readonly id: string; readonly label: string }[],
  revision: string | null,
) => {
  const shown = revisions.find(({ id }) => id === revision) ?? revisions.at(-1)
  return {
    ...known,
    children: known.id === 'doc_mail' ? children : [],
    nearDuplicates:
      known.id === 'doc_sop'
        ? [{ documentId: manual.id, documentName: manual.name, revisionId: 'rev_doc_manual', similarity: 0.974 }]
        : [],
    pageLedgerRevision: { id: shown?.id ?? '', label: shown?.label ?? '' },
    pageLedger: ledgerOf(known),
  }
}

const children = [
  { id: 'doc_attached', name: 'Settings.xlsx', entry: 'Settings.xlsx', status: 'ready' },
  { id: 'doc_scan', name: 'nameplate.png', entry: 'photos/nameplate.png', status: 'ready' },
]

/** What changed between two revisions of a procedure of twelve pages. */
export const differences = [
  { from: 1, to: 1, change: 'same' },
  {
    from: 2,
    to: 2,
    change: 'changed',
    parts: [
      { kind: 'same', text: `${'This page tells how the press is set up. '.repeat(12)}\nClamping force: ` },
      { kind: 'removed', text: '180 kN' },
      { kind: 'added', text: '165 kN' },
      { kind: 'same', text: ', hold for ' },
      { kind: 'removed', text: '4 s' },
      { kind: 'added', text: '6 s' },
      { kind: 'same', text: `.\n${'Then check the gauge and write the value down. '.repeat(8)}` },
    ],
  },
  { from: 3, to: null, change: 'removed', parts: [{ kind: 'removed', text: 'Grease the spindle by hand.' }] },
  { from: null, to: 3, change: 'added', parts: [{ kind: 'added', text: 'The spindle is greased by the pump.' }] },
  ...Array.from({ length: 8 }, (_, index) => ({ from: index + 4, to: index + 4, change: 'same' })),
]

const statuses: Readonly<Record<string, number>> = {
  upload_not_found: 404,
  upload_conflict: 409,
  format_unsupported: 415,
}
export const statusOf = (code: string): number => statuses[code] ?? 500

/** Sends a file, or the range of it that is asked for. */
export const sendBytes = (
  request: IncomingMessage,
  response: ServerResponse,
  type: string,
  bytes: Uint8Array,
): void => {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const headers = { 'content-type': type, 'accept-ranges': 'bytes' }
  if (range === null) {
    response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes)
    return
  }
  const start = Number(range[1])
  const end = Math.min(range[2] === '' ? Number.POSITIVE_INFINITY : Number(range[2]), bytes.length - 1)
  const contentRange = `bytes ${start}-${end}/${bytes.length}`
  response
    .writeHead(206, { ...headers, 'content-range': contentRange, 'content-length': end + 1 - start })
    .end(bytes.subarray(start, end + 1))
}

export const readiness = {
  ready: true,
  components: [
    { name: 'ledger', state: 'ok', detail: '' },
    { name: 'index', state: 'ok', detail: '1,204 rows.' },
    { name: 'embedding', state: 'ok', detail: 'multilingual-e5-small: it comes with the project.' },
    { name: 'generation', state: 'ok', detail: 'qwen2.5-coder-1.5b-instruct: no GPU was found.' },
    { name: 'worker', state: 'ok', detail: '' },
  ],
  degraded: [],
}

export const models = {
  chosen: [
    { role: 'embedding', name: 'multilingual-e5-small', state: 'ready', reason: 'bundled' },
    { role: 'generation', name: 'qwen2.5-coder-1.5b-instruct', state: 'ready', reason: 'no GPU was found' },
    { role: 'reranking', name: null, state: 'off', reason: 'none was chosen' },
  ],
  catalog: [],
  adapters: [],
  indexes: [
    { model: 'multilingual-e5-small', active: true, state: 'answering', progress: { done: 5, total: 5 }, detail: '' },
  ],
}

/** The same while the index of another embedding model is built. */
export const changingModels = {
  ...models,
  indexes: [
    ...models.indexes,
    { model: 'bge-m3', active: false, state: 'building', progress: { done: 34, total: 100 }, detail: '' },
  ],
}

export const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
