/** Resumable uploads over HTTP, on a real ledger, real originals and a real folder of partial uploads. */
import { once } from 'node:events'
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DocumentId } from '../../src/core/ids.ts'
import { startServer } from '../../src/http/server.ts'
import { PartialUploads } from '../../src/store/partial-uploads.ts'
import { createFixture, type HttpFixture } from './http-fakes.ts'

let http: HttpFixture
beforeEach(async () => {
  http = await createFixture({ maxFileBytes: 3_000_000 })
  await http.send('POST', '/api/collections', { name: 'Presses' })
})
afterEach(() => http[Symbol.asyncDispose]())

const metadata = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')
const sop = { filename: '操作手冊.txt', collection: 'Presses' }

const tus = (
  method: string,
  address: string,
  headers: Record<string, string> = {},
  body?: string | Uint8Array<ArrayBuffer>,
) =>
  http.app.request(address, {
    method,
    headers: { 'tus-resumable': '1.0.0', ...headers },
    ...(body === undefined ? {} : { body }),
  })

/** Begins an upload and gives its address. */
const begin = async (length: number, fields: Record<string, string> = sop): Promise<string> => {
  const response = await tus('POST', '/api/uploads', {
    'upload-length': String(length),
    'upload-metadata': metadata(fields),
  })
  expect(response.status).toBe(201)
  return response.headers.get('location') ?? ''
}

const sendPiece = (address: string, offset: number, piece: string | Uint8Array<ArrayBuffer>) =>
  tus('PATCH', address, { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, piece)

interface Receipt {
  readonly id: string
  readonly revisionId: string
  readonly jobId: string | null
  readonly duplicateOf?: string
}
const receiptOf = (response: Response): Receipt | undefined => {
  const header = response.headers.get('upload-result')
  return header === null ? undefined : (JSON.parse(header) as Receipt)
}
const problemOf = async (response: Response) => (await response.json()) as { code: string; status: number }
const idOf = (address: string): string => address.split('/').at(-1) ?? ''
const uploadFiles = () => readdir(path.join(http.folder, 'uploads'))
const documents = () => http.ledger.documents.list(http.principal, {})

describe('a resumable upload', () => {
  it('comes in piece by piece, and its last piece tells the document and its job', async () => {
    const address = await begin(10)
    expect(address).toMatch(/^\/api\/uploads\/[0-9a-f]{32}$/)
    const first = await sendPiece(address, 0, 'Lock ')
    expect([first.status, first.headers.get('upload-offset'), receiptOf(first)]).toEqual([204, '5', undefined])
    const look = await tus('HEAD', address)
    expect([look.status, look.headers.get('upload-offset'), look.headers.get('upload-length')]).toEqual([
      200,
      '5',
      '10',
    ])
    const last = await sendPiece(address, 5, 'first')
    const receipt = receiptOf(last)
    expect(last.status).toBe(204)
    const record = await http.ledger.documents.get(http.principal, receipt?.id as DocumentId)
    expect(record).toMatchObject({
      name: '操作手冊.txt',
      bytes: 10,
      jobId: receipt?.jobId,
      revisionId: receipt?.revisionId,
    })
    expect(await readFile(http.originals.pathOf(record.sha256), 'utf8')).toBe('Lock first')
    expect(await uploadFiles()).toEqual([`${idOf(address)}.receipt`])
    expect(await readdir(path.join(http.folder, 'originals', 'incoming'))).toEqual([])
  })

  it('may come with its creation', async () => {
    const response = await tus(
      'POST',
      '/api/uploads',
      {
        'upload-length': '5',
        'upload-metadata': metadata(sop),
        'content-type': 'application/offset+octet-stream',
      },
      'abcde',
    )
    expect(response.status).toBe(201)
    expect(receiptOf(response)?.jobId).toMatch(/^job_/)
  })

  it('gives the same receipt to whoever asks again', async () => {
    const address = await begin(3)
    const receipt = receiptOf(await sendPiece(address, 0, 'abc'))
    expect(receipt).toBeDefined()
    expect(receiptOf(await tus('HEAD', address))).toEqual(receipt)
    expect(receiptOf(await sendPiece(address, 3, ''))).toEqual(receipt)
    expect((await documents()).documents).toHaveLength(1)
  })

  it('is taken in by the next look where the server died between the last byte and the registration', async () => {
    const address = await begin(8)
    await sendPiece(address, 0, 'half')
    // what is on the disk after such a death: all bytes, no receipt
    await writeFile(path.join(http.folder, 'uploads', idOf(address)), 'half way')
    expect((await documents()).documents).toHaveLength(0)
    const looks = await Promise.all([tus('HEAD', address), tus('HEAD', address), sendPiece(address, 8, '')])
    const receipts = looks.map(receiptOf)
    expect(receipts[0]?.jobId).toMatch(/^job_/)
    expect(receipts[1]).toEqual(receipts[0])
    expect(receipts[2]).toEqual(receipts[0])
    expect((await documents()).documents.map(({ bytes }) => bytes)).toEqual([8])
  })

  it('makes no second document where the server died between the registration and the receipt', async () => {
    const address = await begin(4)
    const before = await readFile(path.join(http.folder, 'uploads', `${idOf(address)}.json`))
    const receipt = receiptOf(await sendPiece(address, 0, 'once'))
    const folder = path.join(http.folder, 'uploads')
    await http.deps.partialUploads.discard(idOf(address))
    await writeFile(path.join(folder, idOf(address)), 'once')
    await writeFile(path.join(folder, `${idOf(address)}.json`), before)
    expect(receiptOf(await tus('HEAD', address))?.id).toBe(receipt?.id)
    expect((await documents()).documents).toHaveLength(1)
  })

  it('carries all that can be said about a file', async () => {
    const first = receiptOf(await sendPiece(await begin(3, { ...sop, revision: 'A' }), 0, 'one'))
    const address = await begin(3, {
      ...sop,
      revisionOf: first?.id ?? '',
      revision: 'B',
      status: 'draft',
      language: 'zh-Hant',
      encoding: 'big5',
      relativePath: 'unknown keys are other clients’ own',
    })
    const second = receiptOf(await sendPiece(address, 0, 'two'))
    expect(second?.id).toBe(first?.id)
    const revisions = await http.ledger.revisions.list(http.principal, first?.id as DocumentId)
    expect(revisions.map(({ label, validity }) => [label, validity])).toEqual([
      ['A', 'scheduled'],
      ['B', 'draft'],
    ])
  })

  it('of content that is there already names the document', async () => {
    const first = receiptOf(await sendPiece(await begin(3), 0, 'abc'))
    const again = receiptOf(await sendPiece(await begin(3, { ...sop, filename: 'other.txt' }), 0, 'abc'))
    expect(again).toEqual({ id: first?.id, revisionId: first?.revisionId, jobId: null, duplicateOf: first?.id })
  })

  it('may be larger than JSON bodies may be', async () => {
    const bytes = new Uint8Array(2_500_000).fill(65)
    const address = await begin(bytes.length)
    expect((await sendPiece(address, 0, bytes)).status).toBe(204)
    expect((await documents()).documents[0]?.bytes).toBe(bytes.length)
  })

  it('is given up on request', async () => {
    const address = await begin(10)
    await sendPiece(address, 0, 'Lock ')
    expect((await tus('DELETE', address)).status).toBe(204)
    expect(await uploadFiles()).toEqual([])
    expect((await tus('DELETE', address)).status).toBe(404)
  })
})

describe('what is refused', () => {
  it.each([
    ['an unknown collection', { ...sop, collection: 'Nowhere' }, '5', 404, 'collection_not_found'],
    ['an unknown document to revise', { ...sop, revisionOf: 'doc_gone' }, '5', 404, 'document_not_found'],
    ['no collection', { filename: 'a.txt' }, '5', 400, 'invalid_request'],
    ['no name', { collection: 'Presses' }, '5', 400, 'file_name_invalid'],
    ['a field that is not valid', { ...sop, effectiveFrom: 'soon' }, '5', 400, 'invalid_request'],
    ['an empty file', sop, '0', 422, 'file_empty'],
    ['a file over the limit', sop, '3000001', 413, 'file_too_large'],
  ])('before a byte is sent: %s', async (_what, fields, length, status, code) => {
    const response = await tus('POST', '/api/uploads', { 'upload-length': length, 'upload-metadata': metadata(fields) })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await problemOf(response)).toMatchObject({ code, status })
    expect(await uploadFiles()).toEqual([])
  })

  it('is said as a problem: a wrong offset, an unknown upload, no protocol version', async () => {
    const address = await begin(10)
    expect(await problemOf(await sendPiece(address, 3, 'x'))).toMatchObject({ code: 'upload_conflict', status: 409 })
    const other = address.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    expect(await problemOf(await sendPiece(other, 0, 'x'))).toMatchObject({
      code: 'upload_not_found',
      status: 404,
    })
    expect(await problemOf(await http.app.request(address, { method: 'DELETE' }))).toMatchObject({
      code: 'invalid_request',
    })
    expect((await http.get(address)).status).toBe(405)
    expect((await sendPiece(address, 0, 'more than ten bytes')).status).toBe(413)
  })

  it('never leaves the folder of the uploads', async () => {
    await writeFile(path.join(http.folder, 'secret.json'), '{}')
    for (const id of ['..%2Fsecret', '..', '%2e%2e%2fsecret', 'a%00b', '%5c..%5csecret']) {
      const response = await tus('HEAD', `/api/uploads/${id}`)
      expect(response.status, id).toBe(404)
      expect(response.headers.get('upload-offset')).toBeNull()
    }
  })

  it('is a piece from a page of another server, and a name that is not ours', async () => {
    const address = await begin(10)
    const foreign = await tus('PATCH', address, { origin: 'http://evil.example', 'upload-offset': '0' }, 'x')
    expect(await problemOf(foreign)).toMatchObject({ code: 'host_not_allowed', status: 403 })
    expect((await tus('HEAD', address, { host: 'evil.example' })).status).toBe(403)
    const allowed = await tus('HEAD', address)
    expect([...allowed.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('does not give metadata back, which may hold a password', async () => {
    const address = await begin(10, { ...sop, password: 'geheim' })
    const look = await tus('HEAD', address)
    expect(look.headers.get('upload-metadata')).toBeNull()
    await sendPiece(address, 0, '0123456789')
    const kept = await Promise.all(
      (await uploadFiles()).map((name) => readFile(path.join(http.folder, 'uploads', name), 'utf8')),
    )
    expect(kept.join()).not.toContain('geheim')
  })

  it('at the end removes the upload where nothing can make it right', async () => {
    const first = receiptOf(await sendPiece(await begin(3, { ...sop, revision: 'A' }), 0, 'one'))
    const address = await begin(3, { ...sop, revisionOf: first?.id ?? '', revision: 'A' })
    expect(await problemOf(await sendPiece(address, 0, 'two'))).toMatchObject({ code: 'revision_exists', status: 409 })
    expect((await tus('HEAD', address)).status).toBe(404)
    expect((await documents()).documents).toHaveLength(1)
  })
})

describe('the folder of partial uploads', () => {
  it('loses what nothing has happened to for a day, at start too', async () => {
    const old = await begin(10)
    const young = await begin(10)
    const folder = path.join(http.folder, 'uploads')
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000)
    for (const name of [idOf(old), `${idOf(old)}.json`]) await utimes(path.join(folder, name), yesterday, yesterday)
    expect((await tus('HEAD', old)).status).toBe(404)
    await (await PartialUploads.open(folder))[Symbol.asyncDispose]()
    expect((await uploadFiles()).sort()).toEqual([idOf(young), `${idOf(young)}.json`].sort())
  })

  it('says so where it can not be written', async () => {
    await mkdir(path.join(http.folder, 'other'))
    await writeFile(path.join(http.folder, 'other', 'file'), '')
    await expect(PartialUploads.open(path.join(http.folder, 'other', 'file'))).rejects.toMatchObject({
      code: 'data_not_writable',
    })
  })
})

describe('behind a real server', () => {
  it('keeps the bytes of a connection that breaks off, and goes on from there', async () => {
    await using server = await startServer(http.app, { host: '127.0.0.1', port: 0, graceMs: 100 })
    const address = await begin(10)
    const socket = connect(server.port, '127.0.0.1')
    socket.write(
      `PATCH ${address} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n` +
        'Content-Type: application/offset+octet-stream\r\nContent-Length: 10\r\n\r\nhalf ',
    )
    await expect.poll(async () => (await stat(path.join(http.folder, 'uploads', idOf(address)))).size).toBe(5)
    await once(socket.destroy(), 'close')
    const headers = { 'tus-resumable': '1.0.0' }
    const look = async () =>
      (await fetch(server.url + address, { method: 'HEAD', headers })).headers.get('upload-offset')
    await expect.poll(look).toBe('5')
    const rest = await fetch(server.url + address, {
      method: 'PATCH',
      headers: { ...headers, 'upload-offset': '5', 'content-type': 'application/offset+octet-stream' },
      body: 'a way',
    })
    expect(rest.status).toBe(204)
    expect(receiptOf(rest)?.jobId).toMatch(/^job_/)
  })
})
