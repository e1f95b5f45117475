import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noTextError } from '../../ingest/parse/no-text-error.ts'
import { IngestionWorker } from '../../ingest/worker.ts'
import { KuraError } from '../../src/core/errors.ts'
import { chunkIdOf, type DocumentId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import {
  FakeEmbedder,
  fakeParse,
  fakeReadPages,
  manual,
  openStores,
  openTarget,
  type Stores,
  upload,
  workerDeps,
} from './ingest-fixtures.ts'

let folder: string
let stores: Stores
let embedder: FakeEmbedder

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kura-worker-'))
  embedder = new FakeEmbedder()
  stores = await openStores(folder)
})

afterEach(async () => {
  await stores[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const createWorker = (deps: object = {}): IngestionWorker =>
  new IngestionWorker({ ...workerDeps(stores, embedder), ...deps })

const runUntilIdle = (deps: object = {}): Promise<void> => createWorker(deps).runUntilIdle(new AbortController().signal)

const documentOf = (id: DocumentId) => stores.ledger.documents.get(admin, id)

const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
  while (!(await isTrue())) await sleep(20)
}

/** What waits for `opened` goes on when it is opened. */
const gate = (): { readonly opened: Promise<void>; readonly open: () => void } => {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

describe('IngestionWorker', () => {
  it('takes documents from the file to rows that are counted and published', async () => {
    const first = await upload(stores, 'press.pdf', manual('Press', 6))
    const second = await upload(stores, 'lathe.pdf', manual('Lathe', 3))
    await runUntilIdle()
    for (const { documentId, revisionId, jobId } of [first, second]) {
      const document = await documentOf(documentId)
      expect(document).toMatchObject({ status: 'ready', title: 'A title', format: 'pdf', error: null })
      expect((await stores.index.countByRevision()).get(revisionId)).toBe(document.chunks)
      expect(document.chunks).toBeGreaterThan(2)
      expect(await stores.ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'done', attempts: 1 })
      expect((await stores.ledger.documents.visible(admin, [revisionId])).has(revisionId)).toBe(true)
    }
    const ids = [0, 1].map((ordinal) => chunkIdOf(first.revisionId, ordinal))
    expect((await stores.index.vectorsOf(ids)).size).toBe(2)
  })

  it('publishes a document with pages that failed as one with gaps', async () => {
    const { documentId } = await upload(
      stores,
      'gaps.pdf',
      ['Page one.', '!page_has_no_text', ' ', 'Page four.'].join('\f'),
    )
    await runUntilIdle()
    expect(await documentOf(documentId)).toMatchObject({
      status: 'ready_with_gaps',
      pages: { text: 2, ocr: 0, blank: 1, failed: 1 },
    })
  })

  it('fails at once, with the reason, on a file that can not be read', async () => {
    const { documentId, jobId } = await upload(stores, 'bad.pdf', '!!pdf_damaged')
    await runUntilIdle()
    expect(await documentOf(documentId)).toMatchObject({ status: 'failed', error: { code: 'pdf_damaged' } })
    expect(await stores.ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'failed', attempts: 1 })
  })

  it('fails a document without text, and keeps what became of its pages', async () => {
    const { documentId, revisionId } = await upload(stores, 'scan.pdf', '!page_has_no_text\f!page_has_no_text')
    await runUntilIdle()
    expect(await documentOf(documentId)).toMatchObject({ status: 'failed', error: { code: 'no_text' } })
    expect(await stores.ledger.pages.summary(admin, revisionId)).toHaveLength(2)
  })

  it('waits for an engine that fails for a moment, within one attempt', async () => {
    embedder.failures = [1, 2, 3].map(() => new KuraError('model_unavailable', 'The engine restarts.'))
    const { documentId, jobId } = await upload(stores, 'press.pdf', manual('Press', 2))
    await runUntilIdle()
    expect(await documentOf(documentId)).toMatchObject({ status: 'ready' })
    expect(await stores.ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'done', attempts: 1 })
  })

  it('puts a document back uncounted while the engine stays down', async () => {
    const down = new KuraError('model_unavailable', 'The engine is down.')
    const engine = new (class extends FakeEmbedder {
      isDown = true
      asked = 0
      override async info() {
        this.asked += 1
        // Down from the document's first text on, up again when it was asked for a while.
        if (this.isDown && this.asked < 6) throw down
        if (this.asked >= 6) this.isDown = false
        return super.info()
      }
      override async embedPassages(...passages: Parameters<FakeEmbedder['embedPassages']>) {
        if (this.isDown) throw down
        return super.embedPassages(...passages)
      }
    })()
    const { documentId, jobId } = await upload(stores, 'press.pdf', manual('Press', 2))
    await runUntilIdle({ target: { ...stores.target, embedder: engine } })
    expect(await documentOf(documentId)).toMatchObject({ status: 'ready' })
    expect(await stores.ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'done', attempts: 1 })
  })

  it('gives a document up after three failures of its own, without quoting it', async () => {
    const { documentId, jobId } = await upload(stores, 'crash.pdf', '!!crash secret text')
    await runUntilIdle()
    const job = await stores.ledger.jobs.get(admin, jobId)
    expect(job).toMatchObject({ state: 'dead', attempts: 3, error: { code: 'internal' } })
    expect(job.error?.message).not.toContain('secret')
    expect((await documentOf(documentId)).status).toBe('failed')
  })

  it('cancels a document that is being embedded, leaving no rows', async () => {
    embedder.delayMs = 60_000
    const { documentId, jobId } = await upload(stores, 'long.pdf', manual('Long', 4))
    const running = runUntilIdle()
    await until(async () => (await stores.ledger.jobs.get(admin, jobId)).stage === 'embedding')
    await stores.ledger.jobs.cancel(admin, jobId)
    await running
    expect(await stores.ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'cancelled' })
    expect((await documentOf(documentId)).status).toBe('cancelled')
    expect(await stores.index.count()).toBe(0)
  })

  it('cancels a document that is being parsed', async () => {
    const parse: typeof fakeParse = (_file, { signal }) =>
      sleep(60_000, undefined, { signal }).then(() => Promise.reject(new Error('not cancelled')))
    const { jobId } = await upload(stores, 'long.pdf', manual('Long', 4))
    const running = runUntilIdle({ parse })
    await until(async () => (await stores.ledger.jobs.get(admin, jobId)).stage === 'parsing')
    await stores.ledger.jobs.cancel(admin, jobId)
    await running
    expect(await stores.ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'cancelled' })
  })

  it('stops and clears away a document that is deleted meanwhile', async () => {
    embedder.delayMs = 60_000
    const { documentId, jobId } = await upload(stores, 'long.pdf', manual('Long', 4))
    const running = runUntilIdle()
    await until(async () => (await stores.ledger.jobs.get(admin, jobId)).stage === 'embedding')
    await stores.ledger.documents.remove(admin, documentId)
    await running
    expect((await stores.ledger.jobs.get(admin, jobId)).state).toBe('cancelled')
    expect(await stores.index.count()).toBe(0)
  })

  it('removes the rows of deleted documents and keeps the others', async () => {
    const gone = await upload(stores, 'gone.pdf', manual('Gone', 2))
    const kept = await upload(stores, 'kept.pdf', manual('Kept', 2))
    await runUntilIdle()
    await stores.ledger.documents.remove(admin, gone.documentId)
    await runUntilIdle()
    expect([...(await stores.index.countByRevision()).keys()]).toEqual([kept.revisionId])
  })

  it('embeds text while all that came before it waits for scans to be read', async () => {
    const scans: DocumentId[] = []
    for (let number = 1; number <= 7; number += 1) {
      scans.push((await upload(stores, `scan-${number}.pdf`, `?Scan ${number}\f?Of two pages.`)).documentId)
    }
    const { documentId } = await upload(stores, 'press.pdf', manual('Press', 2))
    let reading = 0
    let mostReading = 0
    const read = gate()
    const held: typeof fakeReadPages = async (file, options) => {
      reading += 1
      mostReading = Math.max(mostReading, reading)
      await read.opened
      await fakeReadPages(file, options)
      reading -= 1
    }
    const idle = runUntilIdle({ readPages: held })
    await until(async () => (await documentOf(documentId)).status === 'ready')
    const statuses = await Promise.all(scans.map(async (id) => (await documentOf(id)).status))
    expect(statuses).not.toContain('ready')
    expect(mostReading).toBeLessThan(scans.length)
    read.open()
    await idle
    for (const id of scans) expect(await documentOf(id)).toMatchObject({ status: 'ready' })
  })

  it('cancels a document that waits for its scans to be read', async () => {
    const uploads = []
    for (let number = 1; number <= 7; number += 1)
      uploads.push(await upload(stores, `scan-${number}.pdf`, `?Scan ${number}`))
    const read = gate()
    const idle = runUntilIdle({
      readPages: async (...[file, options]: Parameters<typeof fakeReadPages>) => {
        await read.opened
        await fakeReadPages(file, options)
      },
    })
    const last = uploads.at(-1)
    if (!last) throw new Error('no upload')
    await until(async () => (await stores.ledger.jobs.get(admin, last.jobId)).stage === 'reading')
    await stores.ledger.jobs.cancel(admin, last.jobId)
    await until(async () => (await stores.ledger.jobs.get(admin, last.jobId)).state === 'cancelled')
    read.open()
    await idle
  })

  it('puts its documents back, uncounted, when it is stopped', async () => {
    embedder.delayMs = 60_000
    const { jobId } = await upload(stores, 'long.pdf', manual('Long', 4))
    const stop = new AbortController()
    const running = createWorker().run(stop.signal)
    await until(async () => (await stores.ledger.jobs.get(admin, jobId)).stage === 'embedding')
    stop.abort()
    await running
    expect(await stores.ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'queued', attempts: 0 })
    expect(await stores.ledger.leases.holder('index-writer')).toBeUndefined()
  })

  it('does nothing while another process writes the index', async () => {
    await stores.ledger.leases.acquire('index-writer', 'another host', 60_000)
    const { jobId } = await upload(stores, 'press.pdf', manual('Press', 1))
    const stop = new AbortController()
    const running = createWorker().run(stop.signal)
    await sleep(800)
    expect((await stores.ledger.jobs.get(admin, jobId)).state).toBe('queued')
    await stores.ledger.leases.release('index-writer', 'another host')
    await until(async () => (await stores.ledger.jobs.get(admin, jobId)).state === 'done')
    stop.abort()
    await running
  })
})

describe('the reconciler, when a worker starts', () => {
  it('removes rows that the ledger does not know and embeds anew, without a parse, what is not all there', async () => {
    const { revisionId, documentId } = await upload(stores, 'press.pdf', manual('Press', 4))
    await runUntilIdle()
    const { chunks } = await documentOf(documentId)
    const other = await upload(stores, 'other.pdf', manual('Other', 2))
    await runUntilIdle()
    await stores.index.removeRevisions([revisionId])
    await stores.ledger.documents.remove(admin, other.documentId)
    await stores.ledger.documents.purged([other.revisionId])
    const parse = () => Promise.reject(new KuraError('parse_crashed', 'It must not be parsed again.'))
    await runUntilIdle({ parse })
    expect(await stores.index.countByRevision()).toEqual(new Map([[revisionId, chunks]]))
    expect((await documentOf(documentId)).status).toBe('ready')
  })

  it("builds another model's table beside the one that answers, then lets it take over; back again at once", async () => {
    const { documentId, revisionId } = await upload(stores, 'press.pdf', manual('Press', 4))
    await runUntilIdle()
    const other = new FakeEmbedder('another model')
    const upcoming = await openTarget(folder, stores.ledger, other)
    expect((await stores.ledger.indexes.active())?.model).toBe('fake')
    await runUntilIdle({ upcoming })
    const { chunks } = await documentOf(documentId)
    expect((await stores.ledger.indexes.active())?.model).toBe('another model')
    expect(await upcoming.index.countByRevision()).toEqual(new Map([[revisionId, chunks]]))
    expect(other.embedded).toBe(chunks)
    // Rolling back is choosing the old one again: only what came meanwhile is embedded.
    const before = embedder.embedded
    await runUntilIdle({ target: upcoming, upcoming: { ...stores.target, embedder } })
    expect((await stores.ledger.indexes.active())?.model).toBe('fake')
    expect(embedder.embedded).toBe(before)
    await upcoming.index[Symbol.asyncDispose]()
  })

  it('reads scans page by page, and after an interruption only those that were not read', async () => {
    const { documentId, revisionId, jobId } = await upload(stores, 'scan.pdf', '?one one\f?two two\fthree\f?four four')
    const read: number[] = []
    const interrupted: typeof fakeReadPages = async (_file, { pages, onPage }) => {
      const [first] = pages
      if (!first) throw new Error('no page to read')
      read.push(first.number)
      await onPage({ ...first, outcome: { method: 'ocr', confidence: 0.5 } })
      if (read.length === 1) throw new KuraError('model_unavailable', 'Something that passes.')
      for (const page of pages.slice(1)) await onPage({ ...page, outcome: { method: 'ocr', confidence: 0.5 } })
    }
    await runUntilIdle({ readPages: interrupted })
    expect(read).toEqual([1, 2])
    expect(await documentOf(documentId)).toMatchObject({
      status: 'ready',
      pages: { text: 1, ocr: 3, blank: 0, failed: 0 },
    })
    expect((await stores.ledger.pages.summary(admin, revisionId)).map(({ outcome }) => outcome.method)).toEqual([
      'ocr',
      'ocr',
      'text',
      'ocr',
    ])
    expect((await stores.ledger.jobs.get(admin, jobId)).state).toBe('done')
  })

  it('makes documents of the files inside a file, new revisions of them with a new revision of it', async () => {
    const mail = await upload(stores, 'mail.eml', 'A mail.\n@a.pdf Valve seven opens.\n@b.pdf Pump nine stops.')
    await runUntilIdle()
    const children = await stores.ledger.documents.children(admin, mail.documentId)
    expect(children.map(({ name, status, parent }) => [name, status, parent?.entry])).toEqual([
      ['a.pdf', 'ready', 'a.pdf'],
      ['b.pdf', 'ready', 'b.pdf'],
    ])
    await upload(stores, 'mail.eml', 'A mail.\n@a.pdf Valve eight opens.\n@c.pdf A new one.', {
      revisionOf: mail.documentId,
      revision: 'B',
    })
    await runUntilIdle()
    const after = await stores.ledger.documents.children(admin, mail.documentId)
    expect(after.map(({ name, effectiveRevision }) => [name, effectiveRevision?.label])).toEqual([
      ['a.pdf', 'B'],
      ['b.pdf', undefined],
      ['c.pdf', 'B'],
    ])
    await stores.ledger.documents.remove(admin, mail.documentId)
    await runUntilIdle()
    expect(await stores.index.count()).toBe(0)
  })

  it('makes documents of the files inside a file that has no text of its own', async () => {
    const cover = await upload(stores, 'cover.docx', '!page_has_no_text\n@a.pdf Valve seven opens.')
    const textless: typeof fakeParse = async (file, options) => {
      const document = await fakeParse(file, options)
      if (document.pages.every(({ text }) => text === '')) throw noTextError(document)
      return document
    }
    await runUntilIdle({ parse: textless })
    expect(await documentOf(cover.documentId)).toMatchObject({ status: 'failed', error: { code: 'no_text' } })
    const children = await stores.ledger.documents.children(admin, cover.documentId)
    expect(children.map(({ name, status }) => [name, status])).toEqual([['a.pdf', 'ready']])
  })

  it('stops at files that lie too deep in each other', async () => {
    let parent = (await upload(stores, 'a.zip', 'Outermost words.')).documentId
    const { collectionId } = await documentOf(parent)
    for (const depth of [1, 2, 3]) {
      const inner = depth === 3 ? 'Innermost.\n@x.pdf Too deep.' : 'Words.'
      const child = await upload(stores, `${depth}.zip`, inner, {
        collectionId,
        parent: { documentId: parent, entry: 'x' },
      })
      parent = child.documentId
    }
    await runUntilIdle()
    expect(await documentOf(parent)).toMatchObject({ status: 'failed', error: { code: 'file_bomb' } })
    expect(await stores.ledger.documents.children(admin, parent)).toEqual([])
  })

  it('hands out nothing while the queue is paused, and goes on behind what was done', async () => {
    embedder.delayMs = 60_000
    const { jobId } = await upload(stores, 'long.pdf', manual('Long', 4))
    const stop = new AbortController()
    const running = createWorker().run(stop.signal)
    await until(async () => (await stores.ledger.jobs.get(admin, jobId)).stage === 'embedding')
    await stores.ledger.jobs.pause(admin)
    await until(async () => (await stores.ledger.jobs.get(admin, jobId)).state === 'queued')
    embedder.delayMs = 0
    await sleep(700)
    expect((await stores.ledger.jobs.get(admin, jobId)).state).toBe('queued')
    await stores.ledger.jobs.resume(admin)
    await until(async () => (await stores.ledger.jobs.get(admin, jobId)).state === 'done')
    stop.abort()
    await running
  })

  it('reports documents of nearly the same text, both ways', async () => {
    const first = await upload(stores, 'v1.pdf', manual('Press', 6))
    const second = await upload(stores, 'v2.pdf', manual('Press', 6).replace('turn valve 7', 'turn valve 700'))
    const bread = Array.from({ length: 90 }, (_, i) => `Oven ${i * 7} bakes bread number ${i * 3}.`).join(' ')
    const third = await upload(stores, 'other.pdf', bread)
    await runUntilIdle()
    const near = (revision: typeof first) => stores.ledger.revisions.nearDuplicates(admin, revision.revisionId)
    expect((await near(first)).map(({ documentName }) => documentName)).toEqual(['v2.pdf'])
    expect((await near(second))[0]?.similarity).toBeGreaterThan(0.9)
    expect(await near(third)).toEqual([])
  })

  it('removes originals without a document only when they are old', async () => {
    const gone = await upload(stores, 'gone.pdf', manual('Gone', 1))
    const recent = await upload(stores, 'recent.pdf', manual('Recent', 1))
    const shas = await Promise.all([gone, recent].map(async ({ documentId }) => (await documentOf(documentId)).sha256))
    await runUntilIdle()
    for (const { documentId } of [gone, recent]) await stores.ledger.documents.remove(admin, documentId)
    const [old = '', young = ''] = shas
    const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000)
    await utimes(stores.originals.pathOf(old), twoHoursAgo, twoHoursAgo)
    await runUntilIdle()
    expect(await stores.originals.has(old)).toBe(false)
    expect(await stores.originals.has(young)).toBe(true)
  })
})
