/**
 * The documents, revisions and jobs behind the fake API. Uploads make documents or revisions with a job that goes through its stages when it
 * is followed; revisions are put in force and withdrawn as in the real ledger.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cue } from './cue.ts'
import { collections, document, documents, job, revision, revisions } from './fake-records.ts'

type FakeDocument = ReturnType<typeof document>
type FakeJob = ReturnType<typeof job>
type FakeRevision = ReturnType<typeof revision>

const noPages = { text: 0, ocr: 0, blank: 0, failed: 0 }

/** What a job goes through, by the name of its file: "broken" and "locked" files fail at first, "scan" is read by OCR. */
const stagesOf = ({ documentName, attempts }: FakeJob, password: string) => {
  const failure = (code: string) => ({
    state: 'failed',
    stage: 'parsing',
    error: { code, message: 'It can not be opened.' },
  })
  const parsing = [0, 1, 2, 3].map((done) => ({ state: 'running', stage: 'parsing', progress: { done, total: 3 } }))
  const reading = [11, 12, 13].map((done) => ({ state: 'running', stage: 'reading', progress: { done, total: 300 } }))
  const embedding = [2, 4, 6].map((done) => ({ state: 'running', stage: 'embedding', progress: { done, total: 6 } }))
  const done = { state: 'done', stage: 'done', progress: { done: 6, total: 6 } }
  if (documentName.startsWith('broken') && attempts === 1) return [...parsing.slice(0, 2), failure('pdf_damaged')]
  if (documentName.startsWith('locked') && password !== 'sesame') {
    return [...parsing.slice(0, 1), failure(password === '' ? 'pdf_encrypted' : 'pdf_password_wrong')]
  }
  return [...parsing, ...(documentName.startsWith('scan') ? reading : []), ...embedding, done]
}

export class FakeLibrary {
  documents: FakeDocument[] = documents()
  collections = [...collections]
  paused = false
  readonly jobs = new Map<string, FakeJob>()
  readonly #revisions = new Map<string, FakeRevision[]>(Object.entries(revisions()))
  readonly #passwords = new Map<string, string>()
  readonly #cue: Cue
  #made = 0

  constructor(cue: Cue) {
    this.#cue = cue
    for (const { id, name, status, error } of this.documents) {
      const state = status === 'failed' ? 'failed' : 'done'
      this.jobs.set(
        `job_${id}`,
        job(`job_${id}`, id, name, { state, stage: state === 'done' ? 'done' : 'parsing', error }),
      )
    }
  }

  find(id: string): FakeDocument | undefined {
    return this.documents.find((known) => known.id === id)
  }

  revisionsOf(known: FakeDocument): FakeRevision[] {
    return (
      this.#revisions.get(known.id) ?? [
        revision(known.revisionId, known.id, { status: known.status, error: known.error }),
      ]
    )
  }

  /** Takes a file in, and gives what the server answers. */
  receive(fields: Readonly<Record<string, string>>) {
    const name = fields.filename ?? ''
    const revised = this.find(fields.revisionOf ?? '')
    if (revised !== undefined) return this.#addRevision(revised, fields)
    const same = this.documents.find((known) => known.name === name)
    if (same !== undefined) return { id: same.id, revisionId: same.revisionId, jobId: null, duplicateOf: same.id }
    this.#made += 1
    const id = `doc_new${this.#made}`
    const made = document(id, name, {
      collectionId: fields.collection,
      status: 'queued',
      effectiveRevision: null,
      chunks: 0,
      publishedAt: null,
      pages: noPages,
    })
    this.documents = [made, ...this.documents]
    return { id, revisionId: made.revisionId, jobId: this.#addJob(id, name) }
  }

  /** The state after the change, by the rules of the ledger. */
  changeRevision(known: FakeDocument, id: string, status: string): void {
    const now = '2026-03-05T10:00:00.000Z'
    const changed = this.revisionsOf(known).map((one) => {
      if (one.id === id) {
        return status === 'withdrawn'
          ? { ...one, validity: 'withdrawn', effectiveUntil: now }
          : { ...one, validity: 'effective', effectiveFrom: now, effectiveUntil: null }
      }
      return one.validity === 'effective' && status === 'effective'
        ? { ...one, validity: 'superseded', effectiveUntil: now }
        : one
    })
    this.#revisions.set(known.id, changed)
    const effective = changed.find(({ validity }) => validity === 'effective')
    const effectiveRevision = effective === undefined ? null : { id: effective.id, label: effective.label }
    this.documents = this.documents.map((one) => (one.id === known.id ? { ...one, effectiveRevision } : one))
  }

  changeJob(id: string, action: string, password: string): void {
    const known = this.jobs.get(id)
    if (known === undefined) return
    if (password !== '') this.#passwords.set(id, password)
    const retried = { state: 'queued', stage: 'queued', error: null, attempts: known.attempts + 1 }
    this.#change({ ...known, ...(action === 'cancel' ? { state: 'cancelled' } : retried) })
    // The held job must come to see that it is cancelled; one that is tried again stays held where the test wants it.
    if (action === 'cancel') this.#cue.goOn()
  }

  /** The states of a job while it goes through its stages; it can be held at each, such as "parsing 2". */
  async *work(id: string): AsyncGenerator<FakeJob> {
    const from = this.jobs.get(id)
    if (from === undefined) return
    yield from
    if (!['queued', 'running'].includes(from.state)) return
    for (const state of stagesOf(from, this.#passwords.get(id) ?? '')) {
      await sleep(40)
      const now = this.jobs.get(id)
      if (now === undefined) return
      const next = now.state === 'cancelled' ? now : { ...now, ...state }
      this.#change(next)
      yield next
      if (next.state === 'cancelled') return
      await this.#cue.reach(`${next.stage} ${next.progress.done}`)
    }
  }

  #addRevision(known: FakeDocument, fields: Readonly<Record<string, string>>) {
    const before = this.revisionsOf(known)
    const ordinal = before.length + 1
    const id = `rev_${known.id}_${ordinal}`
    const jobId = this.#addJob(known.id, known.name)
    const validity = fields.status === 'draft' ? 'draft' : 'scheduled'
    const from = fields.effectiveFrom ?? '2026-03-05'
    const made = revision(id, known.id, {
      ordinal,
      label: fields.revision ?? String(ordinal),
      validity,
      effectiveFrom: validity === 'draft' ? null : `${from}T00:00:00.000Z`,
      status: 'queued',
      publishedAt: null,
      pages: noPages,
      jobId,
    })
    this.#revisions.set(known.id, [...before, made])
    return { id: known.id, revisionId: id, jobId }
  }

  #addJob(documentId: string, name: string): string {
    const id = `job_${documentId}_${this.jobs.size + 1}`
    this.jobs.set(id, job(id, documentId, name, { state: 'queued', stage: 'queued' }))
    return id
  }

  /** The document, or its newest revision, follows its job. */
  #change(now: FakeJob): void {
    this.jobs.set(now.id, now)
    const pages = { text: 3, ocr: 0, blank: 0, failed: 0 }
    const changes: Readonly<Record<string, object>> = {
      done: { status: 'ready', chunks: 6, pages, error: null, publishedAt: '2026-03-05T10:00:00.000Z' },
      failed: { status: 'failed', error: now.error },
      cancelled: { status: 'cancelled' },
      running: { status: 'processing', error: null },
      queued: { status: 'queued', error: null },
    }
    const own = this.#revisions.get(now.documentId)
    if (own !== undefined) {
      this.#revisions.set(
        now.documentId,
        own.map((one) => (one.jobId === now.id ? { ...one, ...changes[now.state] } : one)),
      )
      return
    }
    this.documents = this.documents.map((known) =>
      known.id === now.documentId ? { ...known, jobId: now.id, ...changes[now.state] } : known,
    )
  }
}
