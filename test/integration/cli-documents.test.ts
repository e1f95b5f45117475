/** Ingesting, showing, revising and comparing by the command line, over the API on a real ledger; a worker that is told what files hold. */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApiClient } from '../../src/cli/api-client.ts'
import { ingestPaths } from '../../src/cli/ingest-paths.ts'
import { cancelJob, listJobs, retryJob, setPaused } from '../../src/cli/manage-jobs.ts'
import { compareRevisions, listRevisions, reviseDocument, showDocument } from '../../src/cli/manage-revisions.ts'
import { Output } from '../../src/cli/output.ts'
import type { JobId } from '../../src/core/ids.ts'
import type { ClaimedJob } from '../../src/store/claim-job.ts'
import { createFixture, type HttpFixture } from './http-fakes.ts'
import { sha256Of } from './store-documents.ts'

/** Keeps what it is given, instead of writing it. */
class KeptOutput extends Output {
  readonly messages: string[] = []
  kept: { value: unknown; text: string } | undefined

  override message(text: string): void {
    this.messages.push(text)
  }
  override result(value: unknown, text: string): void {
    this.kept = { value, text }
  }
}

let http: HttpFixture
let api: ApiClient
let output: KeptOutput
let working: AbortController
let ended: Promise<void>

beforeEach(async () => {
  http = await createFixture()
  await http.ledger.indexes.register({ fingerprint: 'f', model: 'm', dimensions: 4 })
  api = new ApiClient(async (address, init) => http.app.request(`http://127.0.0.1${address}`, init))
  output = new KeptOutput({ json: false })
  working = new AbortController()
  ended = work(working.signal)
})
afterEach(async () => {
  working.abort()
  await ended
  await http[Symbol.asyncDispose]()
})

/** Publishes what is uploaded: the file's text is its one page. An archive holds one file; the file `bad.txt` can not be read. */
const work = async (signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const job = await http.ledger.jobs.claim('w', 60_000)
    if (job) await workOn(job)
    else await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const workOn = async (job: ClaimedJob): Promise<void> => {
  const { revisionId, documentId, collectionId, documentName } = job
  if (documentName === 'bad.txt')
    return http.ledger.jobs.fail(job.id, 'w', { code: 'file_damaged', message: 'It is damaged.' }, undefined)
  if (documentName === 'all.zip') {
    const values = { collectionId, name: 'inner.txt', sha256: sha256Of(revisionId), bytes: 1 }
    await http.ledger.documents.create(http.principal, { ...values, parent: { documentId, entry: 'a/inner.txt' } })
  }
  const text = `Clamp at ${(await http.ledger.documents.sourceOf(revisionId)).sha256.slice(0, 4)} bar and wait for the end of the cycle.`
  await http.ledger.pages.save(revisionId, [{ number: 1, outcome: { method: 'text' }, text, blocks: [], lines: [] }])
  await http.ledger.documents.parsed(revisionId, { format: 'text', paginated: false, pageTotal: 1 })
  if (documentName === 'again.txt') {
    const [other] = (await http.ledger.documents.list(http.principal, { q: 'first.txt' })).documents
    const found = other ? [{ revisionId: other.revisionId, similarity: 0.979 }] : []
    await http.ledger.revisions.recordNearDuplicates(revisionId, found)
  }
  const publication = { language: 'en', signature: '', chunks: 1, fingerprint: 'f' } as const
  await http.ledger.documents.publish(revisionId, publication)
}

const makeFile = async (name: string, content: string): Promise<string> => {
  const file = path.join(http.folder, 'files', name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, content)
  return file
}

describe('kura ingest', () => {
  it('waits for each file and for what is inside of it, and tells all of them', async () => {
    const files = [await makeFile('all.zip', 'z'), await makeFile('bad.txt', 'b'), await makeFile('empty.txt', '')]
    const { documents } = await ingestPaths(api, files, 'Presses', output)
    expect(documents).toMatchObject([
      { name: 'all.zip', status: 'ready', revision: '1', pages: { text: 1 }, chunks: 1, error: null },
      { name: 'inner.txt', status: 'ready', parent: { documentId: documents[0]?.id, entry: 'a/inner.txt' } },
      { name: 'bad.txt', status: 'failed', error: { code: 'file_damaged' } },
      { id: null, name: 'empty.txt', status: 'failed', error: { code: 'file_empty' } },
    ])
    expect(output.messages).toHaveLength(4)
  })

  it('hints at a revision where a file is nearly the same as another', async () => {
    const first = await ingestPaths(api, [await makeFile('first.txt', '1')], undefined, output)
    const again = await ingestPaths(api, [await makeFile('again.txt', '2')], undefined, output)
    const { id } = first.documents[0] ?? {}
    expect(again.documents[0]?.nearDuplicates).toMatchObject([{ documentId: id, similarity: 0.979 }])
    expect(output.messages.at(-1)).toBe(
      `again.txt is 97 % the same as first.txt: is it a new revision? kura ingest --revision-of ${id}`,
    )
  })

  it('makes a revision in the collection of its document, with all that is said about it', async () => {
    const dated = { effectiveFrom: '2021-01-01' }
    const { documents } = await ingestPaths(api, [await makeFile('first.txt', '1')], 'Presses', output, dated)
    const revisionOf = documents[0]?.id ?? ''
    const said = { revisionOf, revision: 'B', effectiveFrom: '2999-01-01', encoding: 'big5', password: 'p' }
    const revised = await ingestPaths(api, [await makeFile('second.txt', '2')], undefined, output, said)
    expect(revised.documents).toMatchObject([{ id: revisionOf, revision: 'B', status: 'ready' }])
    await listRevisions(api, revisionOf, output)
    expect(output.kept?.value).toMatchObject({ revisions: [{ label: '1' }, { label: 'B', validity: 'scheduled' }] })
    expect(output.kept?.text).toMatch(/ 1 +effective .*\n.* B +scheduled /)
    const old = { revisionOf, revision: 'A', effectiveFrom: '2020-01-01' }
    await ingestPaths(api, [await makeFile('old.txt', '0')], undefined, output, old)
    expect(output.messages.at(-1)).toMatch(
      /^A is superseded: 1 is in force since .* revise doc_\w+ A --status effective$/,
    )
    const unknown = ingestPaths(api, [await makeFile('3.txt', '3')], undefined, output, { revisionOf: 'doc_x' })
    await expect(unknown).rejects.toMatchObject({ code: 'document_not_found' })
  })

  it('says that ingestion is paused', async () => {
    await setPaused(api, true, output)
    const ingesting = ingestPaths(api, [await makeFile('first.txt', '1')], undefined, output)
    await expect.poll(() => output.messages).toContain('Ingestion is paused; it goes on after: kura jobs resume')
    await setPaused(api, false, output)
    expect((await ingesting).documents).toMatchObject([{ status: 'ready' }])
  })
})

describe('kura document', () => {
  it('shows, revises and compares', async () => {
    const { documents } = await ingestPaths(api, [await makeFile('first.txt', '1')], 'Presses', output)
    const id = documents[0]?.id ?? ''
    await ingestPaths(api, [await makeFile('second.txt', '2')], undefined, output, { revisionOf: id, status: 'draft' })
    await showDocument(api, id, output)
    expect(output.kept?.value).toMatchObject({
      id,
      pageLedger: [{ number: 1 }],
      revisions: [{ label: '1' }, { label: '2' }],
    })
    expect(output.kept?.text).toContain('in force: 1 ')
    expect(output.kept?.text).toMatch(/ 2 +draft /)
    await reviseDocument(api, id, '2', { status: 'effective', label: 'B' }, output)
    expect(output.kept?.value).toMatchObject({ label: 'B', validity: 'effective' })
    await compareRevisions(api, id, { from: undefined, to: undefined }, output)
    const [one, two] = ['1', '2'].map((content) => sha256Of(content).slice(0, 4))
    expect(output.kept?.text).toContain('1 → B: 1 pages changed, 0 added, 0 removed, 0 the same')
    expect(output.kept?.text).toContain(`Clamp at [-${one}-] {+${two}+} bar and wait`)
  })
})

describe('kura job', () => {
  it('lists, cancels and retries', async () => {
    await setPaused(api, true, output)
    const { id } = await http.ledger.collections.create(http.principal, { name: 'Presses' })
    const values = { collectionId: id, name: 'first.txt', sha256: sha256Of('1'), bytes: 1 }
    const { jobId } = await http.ledger.documents.create(http.principal, values)
    await listJobs(api, 'queued', output)
    expect(output.kept?.text).toMatch(/^PAUSED; 1 queued.*\njob_\w+ +queued .*first\.txt$/)
    await cancelJob(api, jobId as JobId, output)
    expect(output.kept?.value).toMatchObject({ state: 'cancelled' })
    await retryJob(api, jobId as JobId, 'secret', output)
    expect(output.kept?.value).toMatchObject({ state: 'queued' })
    await listJobs(api, 'done', output)
    expect(output.kept?.value).toMatchObject({ jobs: [] })
  })
})
