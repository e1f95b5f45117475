/** Revisions over HTTP: lists, changes, what is shown of which, and the difference of two. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ParsedPage } from '../../src/core/document.ts'
import type { CollectionId, DocumentId, RevisionId } from '../../src/core/ids.ts'
import { createFixture, type HttpFixture } from './http-fakes.ts'
import { sha256Of } from './store-documents.ts'

let http: HttpFixture
let collectionId: CollectionId
let documentId: DocumentId | undefined
beforeEach(async () => {
  http = await createFixture()
  documentId = undefined
  collectionId = (await http.ledger.collections.create(http.principal, { name: 'Presses' })).id
  await http.ledger.indexes.register({ fingerprint: 'f', model: 'm', dimensions: 4 })
})
afterEach(() => http[Symbol.asyncDispose]())

const text = (number: number, content: string, more: Partial<ParsedPage> = {}): ParsedPage => ({
  ...{ number, text: content, blocks: [], lines: [], outcome: { method: content === '' ? 'blank' : 'text' } },
  ...more,
})

/** A further revision of the one document, whose pages say what is given. */
const addRevision = async (
  revision: string,
  pages: readonly (string | ParsedPage)[],
  said: { draft?: boolean; effectiveFrom?: string; publish?: boolean } = {},
): Promise<RevisionId> => {
  const { publish = true, ...rest } = said
  const values = { collectionId, name: 'SOP.pdf', sha256: sha256Of(revision), bytes: 1, revision, ...rest }
  const created = await http.ledger.documents.create(http.principal, { ...values, revisionOf: documentId })
  documentId ??= created.documentId
  const parsed = pages.map((page, i) => (typeof page === 'string' ? text(i + 1, page) : page))
  await http.ledger.pages.save(created.revisionId, parsed)
  if (!publish) return created.revisionId
  const head = { format: 'pdf', paginated: true, pageTotal: pages.length } as const
  await http.ledger.documents.parsed(created.revisionId, head)
  const publication = { language: 'en', signature: '', chunks: 1, fingerprint: 'f' } as const
  await http.ledger.documents.publish(created.revisionId, publication)
  return created.revisionId
}

const base = () => `/api/documents/${documentId}`
const json = async (response: Response, status = 200): Promise<Record<string, unknown>> => {
  expect(response.status).toBe(status)
  return (await response.json()) as Record<string, unknown>
}
const patch = (revision: string, change: object) =>
  http.send('PATCH', `${base()}/revisions/${encodeURIComponent(revision)}`, change)

describe('the revisions of a document', () => {
  it('are listed with what is in force, and are released, rolled back, withdrawn and renamed', async () => {
    await addRevision('A', ['old'])
    const second = await addRevision('B / 2', ['new'], { draft: true })
    expect(await json(await http.get(`${base()}/revisions`))).toMatchObject({
      revisions: [
        { label: 'A', ordinal: 1, validity: 'effective', status: 'ready', pages: { text: 1 }, chunks: 1, error: null },
        { id: second, label: 'B / 2', validity: 'draft', effectiveFrom: null, effectiveUntil: null },
      ],
    })
    expect(await json(await patch('B / 2', { status: 'effective' }))).toMatchObject({ validity: 'effective' })
    expect(await json(await http.get(base()))).toMatchObject({ effectiveRevision: { id: second, label: 'B / 2' } })
    expect(await json(await patch('A', { status: 'effective' }))).toMatchObject({ validity: 'effective' })
    expect(await json(await patch('A', { status: 'withdrawn' }))).toMatchObject({ validity: 'withdrawn' })
    expect(await json(await http.get(base()))).toMatchObject({ effectiveRevision: null })
    expect(
      await json(await patch(second, { label: 'B', status: 'effective', effectiveFrom: '2999-05-01' })),
    ).toMatchObject({ label: 'B', validity: 'scheduled', effectiveFrom: new Date(2999, 4, 1).toISOString() })
  })

  it.each([
    [{}, 400, 'invalid_request'],
    [{ label: ' ' }, 400, 'invalid_request'],
    [{ status: 'superseded' }, 400, 'invalid_request'],
    [{ effectiveFrom: 'soon' }, 400, 'invalid_request'],
    [{ status: 'withdrawn', effectiveFrom: '2030-01-01' }, 400, 'invalid_request'],
    [{ colour: 'red' }, 400, 'invalid_request'],
    [{ label: 'B' }, 409, 'revision_exists'],
    [{ status: 'withdrawn' }, 409, 'revision_not_changeable'],
    [{ status: 'draft' }, 409, 'revision_not_changeable'],
  ])('refuse %j', async (change, status, code) => {
    await addRevision('A', ['old'])
    await addRevision('B', ['new'])
    expect(await json(await patch('A', change), status)).toMatchObject({ code })
  })

  it('that are not there are not found', async () => {
    await addRevision('A', ['old'])
    for (const address of ['/pages/1?revision=Z', '/file?revision=Z', '?revision=Z', '/diff?from=Z', '/diff?to=Z'])
      expect(await json(await http.get(`${base()}${address}`), 404)).toMatchObject({ code: 'revision_not_found' })
    expect(await json(await patch('Z', { label: 'Y' }), 404)).toMatchObject({ code: 'revision_not_found' })
    documentId = 'doc_nowhere' as DocumentId
    for (const address of ['/revisions', '/diff', '/pages/1', '/file'])
      expect(await json(await http.get(`${base()}${address}`), 404)).toMatchObject({ code: 'document_not_found' })
  })
})

describe('what is shown of a document', () => {
  it('is of the revision in force, or of the one that is asked for', async () => {
    const first = await addRevision('A', ['old'])
    await addRevision('B', ['new'], { effectiveFrom: '2999-01-01T00:00:00.000Z' })
    const page = async (query: string) => (await json(await http.get(`${base()}/pages/1${query}`))).text
    expect([await page(''), await page('?revision=B'), await page(`?revision=${first}`)]).toEqual(['old', 'new', 'old'])
    await patch('B', { status: 'effective' })
    expect(await page('')).toBe('new')
    await patch('B', { status: 'withdrawn' })
    expect(await page('')).toBe('new')
  })

  it('is its page ledger: of the newest, or of the revision that is asked for', async () => {
    await addRevision('A', ['old'])
    await addRevision('B', [
      text(1, 'Sheet', { label: 'Settings', cells: [{ start: 0, end: 5, cells: 'A1:B1' }] }),
      text(2, 'Scan', { outcome: { method: 'ocr', confidence: 0.83 } }),
      text(3, '', { outcome: { method: 'failed', errorCode: 'ocr_failed' } }),
    ])
    expect(await json(await http.get(base()))).toMatchObject({
      status: 'ready_with_gaps',
      parent: null,
      children: [],
      nearDuplicates: [],
      pageLedgerRevision: { label: 'B' },
      pageLedger: [
        { number: 1, label: 'Settings', outcome: { method: 'text' }, characters: 5 },
        { number: 2, outcome: { method: 'ocr', confidence: 0.83 }, characters: 4 },
        { number: 3, outcome: { method: 'failed', errorCode: 'ocr_failed' }, characters: 0 },
      ],
    })
    expect(await json(await http.get(`${base()}?revision=A`))).toMatchObject({
      revision: 'B',
      pageLedgerRevision: { label: 'A' },
      pageLedger: [{ number: 1 }],
    })
    expect(await json(await http.get(`${base()}/pages/1`))).toMatchObject({
      label: 'Settings',
      method: 'text',
      revision: 'B',
      cells: [{ text: 'Sheet', cells: 'A1:B1' }],
    })
    expect(await json(await http.get(`${base()}/pages/2`))).toMatchObject({ method: 'ocr', confidence: 0.83 })
  })

  it('names what was inside of it and what is nearly the same', async () => {
    const revisionId = await addRevision('A', ['old'])
    const parent = { documentId: documentId as DocumentId, entry: 'folder/a.txt' }
    const values = { collectionId, name: 'a.txt', sha256: sha256Of('inner'), bytes: 1 }
    const child = await http.ledger.documents.create(http.principal, { ...values, parent })
    await http.ledger.revisions.recordNearDuplicates(revisionId, [{ revisionId: child.revisionId, similarity: 0.9 }])
    expect(await json(await http.get(base()))).toMatchObject({
      children: [{ id: child.documentId, name: 'a.txt', entry: 'folder/a.txt', status: 'queued' }],
      nearDuplicates: [
        { documentId: child.documentId, documentName: 'a.txt', revisionId: child.revisionId, similarity: 0.9 },
      ],
    })
    expect(await json(await http.get(`/api/documents/${child.documentId}`))).toMatchObject({ parent })
  })
})

describe('the difference of two revisions', () => {
  const pages = ['Safety first. Wear goggles at all times.', 'Clamp at 40 bar. Then wait.', 'Oil the guide rails.']

  it('is told page by page, an inserted page for itself, and of the two newest by default', async () => {
    await addRevision('A', ['something else'])
    await addRevision('B', pages)
    await addRevision('C', [
      pages[0] ?? '',
      'A wholly new chapter about grease nipples and their covers.',
      'Clamp at\n45 bar.  Then wait.',
      pages[2] ?? '',
    ])
    expect(await json(await http.get(`${base()}/diff`))).toMatchObject({
      from: { label: 'B' },
      to: { label: 'C' },
      counts: { same: 2, changed: 1, added: 1, removed: 0 },
      pages: [
        { from: 1, to: 1, change: 'same' },
        { from: null, to: 2, change: 'added', parts: [{ kind: 'added' }] },
        {
          from: 2,
          to: 3,
          change: 'changed',
          parts: [
            { kind: 'same', text: 'Clamp at\n' },
            { kind: 'removed', text: '40 ' },
            { kind: 'added', text: '45 ' },
            { kind: 'same', text: 'bar.  Then wait.' },
          ],
        },
        { from: 3, to: 4, change: 'same' },
      ],
    })
    expect(await json(await http.get(`${base()}/diff?from=C&to=B`))).toMatchObject({
      counts: { same: 2, changed: 1, added: 0, removed: 1 },
    })
    expect(await json(await http.get(`${base()}/diff?to=B`))).toMatchObject({
      from: { label: 'A' },
      to: { label: 'B' },
    })
    expect(await json(await http.get(`${base()}/diff?from=B&to=B`))).toMatchObject({ counts: { same: 3, changed: 0 } })
  })

  it('wants two revisions that have been read', async () => {
    await addRevision('A', pages)
    expect(await json(await http.get(`${base()}/diff`), 404)).toMatchObject({ code: 'revision_not_found' })
    await addRevision('B', pages, { publish: false })
    expect(await json(await http.get(`${base()}/diff`), 409)).toMatchObject({ code: 'revision_not_ready' })
  })
})
