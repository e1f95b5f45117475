/** Collections, uploads, documents, pages and files over HTTP, on a real ledger and real originals. */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DocumentFormat } from '../../src/core/document.ts'
import type { DocumentId, RevisionId } from '../../src/core/ids.ts'
import { createFixture, type HttpFixture } from './http-fakes.ts'

interface Uploaded {
  readonly documents: { id: string; name: string; revisionId: string; jobId: string | null; duplicateOf?: string }[]
  readonly errors: { name: string; error: { code: string; detail: string } }[]
}

let http: HttpFixture
beforeEach(async () => {
  http = await createFixture({ maxFileBytes: 100_000 })
})
afterEach(() => http[Symbol.asyncDispose]())

const createCollection = async (name: string): Promise<string> => {
  const response = await http.send('POST', '/api/collections', { name })
  expect(response.status).toBe(201)
  return ((await response.json()) as { id: string }).id
}

const uploaded = async (response: Response): Promise<Uploaded> => {
  expect(response.status).toBe(202)
  return (await response.json()) as Uploaded
}

const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code: unknown }).code

const multipart = (boundary: string, ...parts: string[]) => ({
  method: 'POST',
  headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  body: parts.join(''),
})
const filePart = (boundary: string, name: string, content: string, field = 'file') =>
  `--${boundary}\r\ncontent-disposition: form-data; name="${field}"; filename="${name}"\r\n\r\n${content}\r\n`
const fieldPart = (boundary: string, name: string, value: string) =>
  `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`

/** Marks a document as read, the way the ingestion worker does. */
const publish = async (id: string, format: DocumentFormat): Promise<void> => {
  await http.ledger.indexes.register({ fingerprint: 'f', model: 'm', dimensions: 4 })
  const record = await http.ledger.documents.get(http.principal, id as DocumentId)
  await http.ledger.jobs.claim('test', 60_000)
  await http.ledger.documents.startProcessing(record.revisionId)
  const text = 'First line\nSecond line'
  await http.ledger.pages.save(record.revisionId, [
    {
      number: 1,
      outcome: { method: 'text' },
      text,
      blocks: [{ kind: 'paragraph', start: 0, end: text.length }],
      lines: [
        { start: 0, end: 10, x: 0.1, y: 0.1, width: 0.4, height: 0.02 },
        { start: 11, end: 22, x: 0.1, y: 0.13, width: 0.5, height: 0.02 },
      ],
    },
    { number: 2, outcome: { method: 'failed', errorCode: 'page_unreadable' }, text: '', blocks: [], lines: [] },
  ])
  await http.ledger.documents.parsed(record.revisionId, { format, paginated: true, pageTotal: 2 })
  await http.ledger.documents.publish(record.revisionId, {
    language: 'en',
    signature: '',
    chunks: 1,
    fingerprint: 'f',
  })
}

describe('collections', () => {
  it('are created, listed, renamed and deleted', async () => {
    const id = await createCollection('壓床')
    expect(await (await http.get('/api/collections')).json()).toEqual({
      collections: [{ id, name: '壓床', description: '', documents: 0, createdAt: expect.stringMatching(/Z$/) }],
    })
    const renamed = await http.send('PATCH', `/api/collections/${id}`, { name: 'Presses', description: 'Hydraulic' })
    expect(await renamed.json()).toMatchObject({ id, name: 'Presses', description: 'Hydraulic' })
    expect((await http.get(`/api/collections/${id}`)).status).toBe(200)
    expect((await http.get('/api/collections/Presses')).status).toBe(200)
    expect((await http.app.request(`/api/collections/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await http.app.request(`/api/collections/${id}`, { method: 'DELETE' })).status).toBe(404)
    expect(await (await http.get('/api/collections')).json()).toEqual({ collections: [] })
  })

  it('have unique names of 1 to 255 characters', async () => {
    await createCollection('Presses')
    const again = await http.send('POST', '/api/collections', { name: 'Presses' })
    expect(again.status).toBe(409)
    expect(await codeOf(again)).toBe('collection_exists')
    for (const name of ['', '  \u0000 ', 'x'.repeat(256)]) {
      const refused = await http.send('POST', '/api/collections', { name })
      expect(refused.status).toBe(400)
      expect(await refused.json()).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining('name') })
    }
  })
})

describe('uploads', () => {
  it('take several files and give ids to follow', async () => {
    const id = await createCollection('Presses')
    const body = await uploaded(
      await http.upload(id, [new File(['one'], '取扱説明書 🦾.txt'), new File(['two'], 'two.md')], { language: 'ja' }),
    )
    expect(body.errors).toEqual([])
    expect(body.documents.map(({ name }) => name)).toEqual(['取扱説明書 🦾.txt', 'two.md'])
    const [first] = body.documents
    expect(await (await http.get(`/api/jobs/${first?.jobId}`)).json()).toMatchObject({ state: 'queued' })
    expect(await (await http.get(`/api/documents/${first?.id}`)).json()).toMatchObject({
      id: first?.id,
      status: 'queued',
      bytes: 3,
      pageLedger: [],
    })
  })

  it('accept the name of the collection in place of its id', async () => {
    await createCollection('Presses')
    expect((await http.upload('Presses', [new File(['one'], 'one.txt')])).status).toBe(202)
  })

  it('recognise the same content, also within one request', async () => {
    const id = await createCollection('Presses')
    const { documents } = await uploaded(
      await http.upload(id, [new File(['same'], 'a.txt'), new File(['same'], 'b.txt')]),
    )
    expect(documents[1]).toMatchObject({ id: documents[0]?.id, duplicateOf: documents[0]?.id, jobId: null })
  })

  it('keep the good files beside a bad one, and say what is wrong with it', async () => {
    const id = await createCollection('Presses')
    const body = await uploaded(
      await http.upload(id, [
        new File(['x'.repeat(100_001)], 'large.txt'),
        new File([], 'empty.txt'),
        new File(['x'.repeat(100_000)], 'fits.txt'),
        new File(['y'], `${'n'.repeat(300)}.txt`),
      ]),
    )
    expect(body.documents.map(({ name }) => name)).toEqual(['fits.txt'])
    expect(body.errors.map(({ name, error }) => [name.slice(0, 9), error.code])).toEqual([
      ['large.txt', 'file_too_large'],
      ['empty.txt', 'file_empty'],
      ['nnnnnnnnn', 'file_name_invalid'],
    ])
  })

  it.each([
    [new File([], 'empty.txt'), 422, 'file_empty'],
    [new File(['x'.repeat(200_000)], 'large.txt'), 413, 'file_too_large'],
    [new File(['x'], '..'), 400, 'file_name_invalid'],
  ])('answer with the problem of the only file: %#', async (file, status, code) => {
    const id = await createCollection('Presses')
    const response = await http.upload(id, [file])
    expect(response.status).toBe(status)
    expect(await codeOf(response)).toBe(code)
    expect(await readdir(path.join(http.folder, 'originals', 'incoming'))).toEqual([])
  })

  it('take fields before, between and behind the files, for all of them', async () => {
    const id = await createCollection('Presses')
    const init = multipart(
      'b',
      fieldPart('b', 'effectiveFrom', '2030-01-02'),
      filePart('b', 'a.txt', 'abc'),
      fieldPart('b', 'language', 'ja'),
      filePart('b', 'b.txt', 'def'),
      fieldPart('b', 'revision', 'C'),
      '--b--\r\n',
    )
    const { documents } = await uploaded(await http.app.request(`/api/collections/${id}/documents`, init))
    expect(documents.map(({ name }) => name)).toEqual(['a.txt', 'b.txt'])
    for (const document of documents) {
      const { revision, revisionId } = await http.ledger.documents.get(http.principal, document.id as DocumentId)
      expect(revision).toBe('C')
      expect(await http.ledger.documents.sourceOf(revisionId)).toMatchObject({ language: 'ja' })
    }
  })

  it('make a label of a path', async () => {
    const id = await createCollection('Presses')
    const { documents } = await uploaded(await http.upload(id, [new File(['x'], '../../../etc/passwd')]))
    expect(documents[0]?.name).toBe('passwd')
  })

  it.each([
    [
      'no multipart at all',
      { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
      'file_missing',
    ],
    ['no content type', { method: 'POST' }, 'file_missing'],
    ['no boundary', { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } }, 'file_missing'],
    ['no parts', multipart('b', '--b--\r\n'), 'file_missing'],
    ['only fields', multipart('b', fieldPart('b', 'language', 'ja'), '--b--\r\n'), 'file_missing'],
    ['a file that is cut off', multipart('b', filePart('b', 'a.txt', 'abc')), 'invalid_request'],
    ['garbage', multipart('b', 'garbage'), 'invalid_request'],
    ['a malformed part', multipart('b', '--b\r\nno colon here\r\n\r\nx\r\n--b--\r\n'), 'invalid_request'],
    [
      'a file field of another name',
      multipart('b', filePart('b', 'a.txt', 'abc', 'document'), '--b--\r\n'),
      'invalid_request',
    ],
    [
      'an unknown field',
      multipart('b', fieldPart('b', 'colour', 'red'), filePart('b', 'a.txt', 'abc'), '--b--\r\n'),
      'invalid_request',
    ],
    [
      'a bad language',
      multipart('b', fieldPart('b', 'language', 'klingon'), filePart('b', 'a.txt', 'abc'), '--b--\r\n'),
      'invalid_request',
    ],
    [
      'a bad date',
      multipart('b', fieldPart('b', 'effectiveFrom', 'soon'), filePart('b', 'a.txt', 'abc'), '--b--\r\n'),
      'invalid_request',
    ],
    [
      'a bad field behind the file',
      multipart('b', filePart('b', 'a.txt', 'abc'), fieldPart('b', 'colour', 'red'), '--b--\r\n'),
      'invalid_request',
    ],
    [
      'a second file that is cut off',
      multipart('b', filePart('b', 'a.txt', 'abc'), filePart('b', 'b.txt', 'def')),
      'invalid_request',
    ],
  ])('refuse %s and keep nothing', async (_what, init, code) => {
    const id = await createCollection('Presses')
    const response = await http.app.request(`/api/collections/${id}/documents`, init)
    expect(response.status).toBe(400)
    expect(await codeOf(response)).toBe(code)
    expect(await (await http.get('/api/documents')).json()).toEqual({ documents: [] })
    expect(await readdir(path.join(http.folder, 'originals'), { recursive: true })).toEqual(['incoming'])
  })

  it('keep the file of a document that a refused request brings again', async () => {
    const id = await createCollection('Presses')
    const { documents } = await uploaded(await http.upload(id, [new File(['same'], 'a.txt')]))
    expect((await http.upload(id, [new File(['same'], 'b.txt')], { language: 'klingon' })).status).toBe(400)
    expect(await (await http.get(`/api/documents/${documents[0]?.id}/file`)).text()).toBe('same')
  })

  it('tell what is said about the file on', async () => {
    const id = await createCollection('Presses')
    const fields = { revision: ' C ', status: 'draft', password: ' pass word ', encoding: 'big5', language: 'zh-Hant' }
    const { documents } = await uploaded(await http.upload(id, [new File(['x'], 'a.txt')], fields))
    const [document] = documents
    expect(await (await http.get(`/api/documents/${document?.id}/revisions`)).json()).toMatchObject({
      revisions: [{ label: 'C', validity: 'draft', effectiveFrom: null }],
    })
    expect(await http.ledger.documents.sourceOf(document?.revisionId as RevisionId)).toMatchObject({
      password: ' pass word ',
      encoding: 'big5',
      language: 'zh-Hant',
    })
    expect(JSON.stringify(http.log)).not.toContain('pass word')
  })

  it('make a further revision of a document, which begins at midnight here where only a date is given', async () => {
    const id = await createCollection('Presses')
    const [first] = (await uploaded(await http.upload(id, [new File(['a'], 'a.txt')]))).documents
    const fields = { revisionOf: first?.id ?? '', revision: 'B', effectiveFrom: '2999-01-02' }
    const [second] = (await uploaded(await http.upload(id, [new File(['b'], 'b.txt')], fields))).documents
    expect(second?.id).toBe(first?.id)
    expect(await (await http.get(`/api/documents/${first?.id}/revisions`)).json()).toMatchObject({
      revisions: [
        { label: '1', ordinal: 1 },
        { label: 'B', validity: 'scheduled', effectiveFrom: new Date(2999, 0, 2).toISOString() },
      ],
    })
    const again = await http.upload(id, [new File(['c'], 'c.txt')], fields)
    expect([again.status, await codeOf(again)]).toEqual([409, 'revision_exists'])
  })

  it.each([
    ['before the file', true],
    ['behind the file', false],
  ])('keep nothing of a revision of a document that is not there, said %s', async (_where, before) => {
    const id = await createCollection('Presses')
    const field = fieldPart('b', 'revisionOf', 'doc_nowhere')
    const file = filePart('b', 'a.txt', 'abc')
    const init = multipart('b', ...(before ? [field, file] : [file, field]), '--b--\r\n')
    const response = await http.app.request(`/api/collections/${id}/documents`, init)
    expect([response.status, await codeOf(response)]).toEqual([404, 'document_not_found'])
    expect(await readdir(path.join(http.folder, 'originals'), { recursive: true })).toEqual(['incoming'])
  })

  it('refuse a revision of a document of another collection, of several files, and a draft with a time', async () => {
    const id = await createCollection('Presses')
    const [first] = (await uploaded(await http.upload(id, [new File(['a'], 'a.txt')]))).documents
    const revisionOf = first?.id ?? ''
    await createCollection('Other')
    const elsewhere = await http.upload('Other', [new File(['b'], 'b.txt')], { revisionOf })
    expect([elsewhere.status, await codeOf(elsewhere)]).toEqual([404, 'document_not_found'])
    const files = [new File(['b'], 'b.txt'), new File(['c'], 'c.txt')]
    expect((await http.upload(id, files, { revisionOf })).status).toBe(400)
    const draft = await http.upload(id, files, { status: 'draft', effectiveFrom: '2030-01-01' })
    expect([draft.status, await codeOf(draft)]).toEqual([400, 'invalid_request'])
    expect((await http.upload(id, files, { encoding: 'klingon-8' })).status).toBe(400)
    expect(await http.ledger.revisions.list(http.principal, revisionOf as DocumentId)).toHaveLength(1)
  })

  it('refuse an unknown collection', async () => {
    const response = await http.upload('nowhere', [new File(['x'], 'x.txt')])
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      code: 'collection_not_found',
      detail: expect.stringContaining('nowhere'),
    })
  })
})

describe('documents', () => {
  let collection: string
  let id: string
  beforeEach(async () => {
    collection = await createCollection('Presses')
    const body = await uploaded(await http.upload(collection, [new File(['0123456789'], '手冊.pdf')]))
    id = body.documents[0]?.id ?? ''
  })

  it('are listed by collection, status and name, page by page', async () => {
    await http.upload(collection, [new File(['b'], 'b.txt')])
    await http.upload(collection, [new File(['c'], 'c.txt')])
    const names = async (query: string) => {
      const response = await http.get(`/api/documents?${query}`)
      expect(response.status).toBe(200)
      const body = (await response.json()) as { documents: { name: string }[]; nextCursor?: string }
      return { names: body.documents.map(({ name }) => name), nextCursor: body.nextCursor }
    }
    expect((await names('collection=Presses')).names).toEqual(['c.txt', 'b.txt', '手冊.pdf'])
    expect((await names('status=ready')).names).toEqual([])
    expect((await names(`q=${encodeURIComponent('手')}`)).names).toEqual(['手冊.pdf'])
    const first = await names('limit=2')
    expect(first.names).toEqual(['c.txt', 'b.txt'])
    expect(await names(`limit=2&cursor=${first.nextCursor}`)).toEqual({ names: ['手冊.pdf'], nextCursor: undefined })
    for (const query of ['status=odd', 'limit=0', 'limit=x', 'colour=red', 'cursor=%00%ff', 'q=a&q=b']) {
      expect((await http.get(`/api/documents?${query}`)).status).toBe(400)
    }
    expect((await http.get('/api/documents?collection=nowhere')).status).toBe(404)
  })

  it('show the page ledger and the pages with their lines', async () => {
    await publish(id, 'pdf')
    expect(await (await http.get(`/api/documents/${id}`)).json()).toMatchObject({
      status: 'ready_with_gaps',
      format: 'pdf',
      pages: { text: 1, ocr: 0, blank: 0, failed: 1 },
      pageLedger: [
        { number: 1, outcome: { method: 'text' }, characters: 22 },
        { number: 2, outcome: { method: 'failed', errorCode: 'page_unreadable' }, characters: 0 },
      ],
    })
    expect(await (await http.get(`/api/documents/${id}/pages/1`)).json()).toEqual({
      number: 1,
      revisionId: expect.stringMatching(/^rev_/),
      revision: '1',
      method: 'text',
      text: 'First line\nSecond line',
      boxes: [
        { text: 'First line', x: 0.1, y: 0.1, width: 0.4, height: 0.02 },
        { text: 'Second line', x: 0.1, y: 0.13, width: 0.5, height: 0.02 },
      ],
    })
    for (const page of ['0', '3', '-1', '1.5', 'x', '99999999999']) {
      const response = await http.get(`/api/documents/${id}/pages/${page}`)
      expect(response.status).toBe(404)
      expect(await codeOf(response)).toBe('page_not_found')
    }
  })

  it('give their file back, whole or in ranges', async () => {
    await publish(id, 'pdf')
    const whole = await http.get(`/api/documents/${id}/file`)
    expect(whole.status).toBe(200)
    expect(whole.headers.get('content-type')).toBe('application/pdf')
    expect(whole.headers.get('content-disposition')).toContain(`filename*=UTF-8''${encodeURIComponent('手冊.pdf')}`)
    expect(whole.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await whole.text()).toBe('0123456789')
    const range = await http.get(`/api/documents/${id}/file`, { range: 'bytes=2-4' })
    expect(range.status).toBe(206)
    expect(range.headers.get('content-range')).toBe('bytes 2-4/10')
    expect(range.headers.get('content-length')).toBe('3')
    expect(await range.text()).toBe('234')
    const beyond = await http.get(`/api/documents/${id}/file`, { range: 'bytes=10-' })
    expect(beyond.status).toBe(416)
    expect(beyond.headers.get('content-range')).toBe('bytes */10')
    expect(await codeOf(beyond)).toBe('range_not_satisfiable')
    const etag = whole.headers.get('etag') ?? ''
    expect((await http.get(`/api/documents/${id}/file`, { 'if-none-match': etag })).status).toBe(304)
    const changed = await http.get(`/api/documents/${id}/file`, { range: 'bytes=2-4', 'if-range': '"other"' })
    expect(changed.status).toBe(200)
    const head = await http.app.request(`/api/documents/${id}/file`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', ''])
  })

  it.each([
    ['html', 'text/plain; charset=utf-8', 'inline'],
    ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'attachment'],
    ['csv', 'text/csv; charset=utf-8', 'attachment'],
    ['eml', 'message/rfc822', 'attachment'],
    ['zip', 'application/zip', 'attachment'],
    ['image', 'application/octet-stream', 'attachment'],
  ] as const)('never let an uploaded %s run in the browser', async (format, type, kind) => {
    await publish(id, format)
    const response = await http.get(`/api/documents/${id}/file`)
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('content-disposition')).toMatch(new RegExp(`^${kind};`))
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
    await response.body?.cancel()
  })

  it.each([
    ['image/png', '\x89PNG\r\n\x1a\n...'],
    ['image/jpeg', '\xff\xd8\xff\xe0...'],
    ['image/gif', 'GIF89a...'],
    ['image/webp', 'RIFF\x01\x00\x00\x00WEBPVP8 '],
  ])('are shown where they are %s', async (type, content) => {
    const file = new File([Buffer.from(content, 'latin1')], 'scan.tiff')
    const { documents } = await uploaded(await http.upload(collection, [file]))
    await publish(documents[0]?.id ?? '', 'image')
    const response = await http.get(`/api/documents/${documents[0]?.id}/file`)
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('content-disposition')).toMatch(/^inline;/)
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
    await response.body?.cancel()
  })

  it.each([
    ['text/plain; charset=utf-8', Buffer.from('濾芯'.repeat(40_000)), undefined],
    ['text/plain', Buffer.from([0xc2, 0x6f, 0xaa, 0xda, 0xff]), undefined],
    ['text/plain; charset=big5', Buffer.from([0xc2, 0x6f, 0xaa, 0xda]), 'Big5'],
  ])('of text name their encoding where it is known: %s', async (type, content, encoding) => {
    await using large = await createFixture({ maxFileBytes: 1_000_000 })
    await large.ledger.collections.create(large.principal, { name: 'Texts' })
    const said = encoding === undefined ? {} : { encoding }
    const { documents } = await uploaded(await large.upload('Texts', [new File([content], 'a.txt')], said))
    const { revisionId, id: documentId } = documents[0] ?? { revisionId: '', id: '' }
    await large.ledger.documents.parsed(revisionId as RevisionId, { format: 'text', paginated: false, pageTotal: 1 })
    const response = await large.get(`/api/documents/${documentId}/file`)
    expect(response.headers.get('content-type')).toBe(type)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array(content))
  })

  it('are downloads while nobody knows what they are', async () => {
    const response = await http.get(`/api/documents/${id}/file`)
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment;/)
    await response.body?.cancel()
  })

  it('are gone at once when deleted', async () => {
    expect((await http.app.request(`/api/documents/${id}`, { method: 'DELETE' })).status).toBe(204)
    for (const rest of ['', '/file', '/pages/1']) {
      const response = await http.get(`/api/documents/${id}${rest}`)
      expect(response.status).toBe(404)
      expect(await codeOf(response)).toBe('document_not_found')
    }
  })
})
