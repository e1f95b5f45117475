/** Controlled revisions: what is in force when, and what becomes of that by what people do. */
import { describe, expect, it } from 'vitest'
import type { DocumentId, RevisionId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import type { NewDocument } from '../../src/store/create-document.ts'
import type { Ledger } from '../../src/store/ledger.ts'
import type { RevisionChange } from '../../src/store/revisions.ts'
import { publication, sha256Of } from './store-documents.ts'
import { codeOf, openLedger } from './store-fixtures.ts'

const hour = 3_600_000
const at = (hours: number): Date => new Date(Date.now() + hours * hour)
const iso = (hours: number): string => at(hours).toISOString()

type Said = Partial<Pick<NewDocument, 'effectiveFrom' | 'draft' | 'revision'>>

/** One document whose revisions are made, published and changed by their label. */
const setUp = async () => {
  const { ledger, collectionId } = await openLedger()
  const ids = new Map<string, RevisionId>()
  let documentId: DocumentId | undefined
  const upload = async (label: string, said: Said = {}) => {
    const values = { collectionId, name: 'SOP.pdf', sha256: sha256Of(label), bytes: 1, revision: label, ...said }
    const created = await ledger.documents.create(admin, { ...values, revisionOf: documentId })
    documentId ??= created.documentId
    ids.set(label, created.revisionId)
    return created
  }
  const publish = (label: string) => ledger.documents.publish(ids.get(label) as RevisionId, publication)
  const add = async (label: string, said: Said = {}) => {
    await upload(label, said)
    await publish(label)
  }
  /** The label of what answers at a time; the search's two questions to the ledger must agree on it. */
  const answering = async (when?: Date): Promise<string | undefined> => {
    const visible = await ledger.documents.visible(admin, [...ids.values()], when)
    expect(visible.size).toBeLessThanOrEqual(1)
    const hidden = await ledger.documents.hidden([collectionId], when)
    expect([...visible.keys()].filter((id) => hidden.includes(id))).toEqual([])
    const revisions = await ledger.revisions.list(admin, documentId as DocumentId, when)
    const published = revisions.filter(({ publishedAt }) => publishedAt !== null)
    expect([...hidden, ...visible.keys()].sort()).toEqual(published.map(({ id }) => id).sort())
    const [answering] = visible.values()
    const effective = revisions.filter(({ validity }) => validity === 'effective').map(({ label }) => label)
    expect(effective).toEqual(answering ? [answering.revision] : [])
    return answering?.revision
  }
  const change = (label: string, values: RevisionChange) =>
    ledger.revisions.update(admin, documentId as DocumentId, ids.get(label) as RevisionId, values)
  const validityOf = async (label: string, when?: Date) =>
    (await ledger.revisions.list(admin, documentId as DocumentId, when)).find((each) => each.label === label)?.validity
  return {
    ledger,
    collectionId,
    upload,
    publish,
    add,
    answering,
    change,
    validityOf,
    id: () => documentId as DocumentId,
  }
}

describe('what is in force', () => {
  it('is a first revision without a date since ever, so that a second one of last week takes its place', async () => {
    const { add, answering, validityOf } = await setUp()
    await add('A')
    expect(await answering(at(-1_000_000))).toBe('A')
    await add('B', { effectiveFrom: iso(-100) })
    expect(await answering()).toBe('B')
    expect(await answering(at(-200))).toBe('A')
    expect(await validityOf('A')).toBe('superseded')
  })

  it('is the newest published revision, and a newer one that is not published does not silence it', async () => {
    const { upload, publish, add, answering, validityOf } = await setUp()
    await add('A')
    await upload('B')
    expect(await answering()).toBe('A')
    expect(await validityOf('B')).toBe('scheduled')
    await publish('B')
    expect(await answering()).toBe('B')
    expect(await validityOf('A')).toBe('superseded')
  })

  it('is the newer one, in whichever order they are published', async () => {
    const { upload, publish, answering } = await setUp()
    for (const label of ['A', 'B', 'C']) await upload(label)
    await publish('A')
    await publish('C')
    expect(await answering()).toBe('C')
    await publish('B')
    expect(await answering()).toBe('C')
  })

  it('stays where a newer one fails, also when that is tried again', async () => {
    const { ledger, upload, add, answering, validityOf } = await setUp()
    await add('A')
    const { jobId, revisionId } = await upload('B')
    await ledger.jobs.claim('w', 60_000)
    await ledger.jobs.claim('w', 60_000)
    if (jobId) await ledger.jobs.fail(jobId, 'w', { code: 'pdf_damaged', message: '' }, undefined)
    expect(await answering()).toBe('A')
    expect(await validityOf('B')).toBe('scheduled')
    expect(await ledger.documents.purgeable(10)).toEqual([revisionId])
  })

  it('changes at its minute, with nobody doing anything', async () => {
    const { add, answering, validityOf } = await setUp()
    await add('A')
    await add('B', { effectiveFrom: iso(2) })
    expect(await answering()).toBe('A')
    expect(await validityOf('B')).toBe('scheduled')
    expect(await answering(at(1.99))).toBe('A')
    expect(await answering(at(2.01))).toBe('B')
    expect(await validityOf('A', at(2.01))).toBe('superseded')
  })

  it('is not an old revision that is brought in later, which the past is told from', async () => {
    const { add, answering, validityOf } = await setUp()
    await add('C', { effectiveFrom: iso(-10) })
    await add('A', { effectiveFrom: iso(-30) })
    await add('B', { effectiveFrom: iso(-20) })
    expect(await answering()).toBe('C')
    expect(await answering(at(-5))).toBe('C')
    expect(await answering(at(-15))).toBe('B')
    expect(await answering(at(-25))).toBe('A')
    expect(await answering(at(-35))).toBeUndefined()
    expect(await validityOf('A')).toBe('superseded')
    expect(await validityOf('A', at(-35))).toBe('scheduled')
  })

  it('is the one uploaded last of two that begin at the same time', async () => {
    const { add, answering } = await setUp()
    const effectiveFrom = iso(-1)
    await add('A', { effectiveFrom })
    await add('B', { effectiveFrom })
    expect(await answering()).toBe('B')
  })
})

describe('a draft', () => {
  it('answers from its release on, and not before, whatever is asked', async () => {
    const { add, answering, change, validityOf } = await setUp()
    await add('A', { effectiveFrom: iso(-10) })
    await add('B', { draft: true })
    expect([await answering(), await answering(at(1000))]).toEqual(['A', 'A'])
    expect(await validityOf('B')).toBe('draft')
    expect(await change('B', { validity: 'effective' })).toMatchObject({ validity: 'effective' })
    expect(await answering()).toBe('B')
    expect(await answering(at(-1))).toBe('A')
  })

  it('that is the only revision leaves the document without an answer', async () => {
    const { ledger, add, answering, change, id } = await setUp()
    await add('A', { draft: true })
    expect(await answering()).toBeUndefined()
    expect(await ledger.documents.get(admin, id())).toMatchObject({ status: 'ready', effectiveRevision: null })
    expect(await ledger.revisions.shown(admin, id())).toMatchObject({ label: 'A', validity: 'draft' })
    await change('A', { validity: 'effective', effectiveFrom: iso(5) })
    expect(await answering()).toBeUndefined()
    expect(await answering(at(6))).toBe('A')
    await change('A', { validity: 'draft' })
    expect(await answering(at(6))).toBeUndefined()
  })

  it('can not be what was in force, and has no time to move', async () => {
    const { add, change } = await setUp()
    await add('A')
    await add('B', { draft: true })
    expect(await codeOf(change('A', { validity: 'draft' }))).toBe('revision_not_changeable')
    expect(await codeOf(change('B', { effectiveFrom: iso(1) }))).toBe('revision_not_changeable')
    expect(await codeOf(change('B', { validity: 'draft' }))).toBe('accepted')
  })
})

describe('a roll-back', () => {
  it('brings the earlier revision back from now on, and can be rolled back itself', async () => {
    const { add, answering, change, validityOf } = await setUp()
    await add('A', { effectiveFrom: iso(-20) })
    await add('B', { effectiveFrom: iso(-10) })
    await change('A', { validity: 'effective' })
    expect(await answering()).toBe('A')
    expect(await validityOf('B')).toBe('superseded')
    expect([await answering(at(-15)), await answering(at(-5))]).toEqual(['A', 'B'])
    await change('B', { validity: 'effective' })
    expect(await answering()).toBe('B')
    expect(await validityOf('A')).toBe('superseded')
    expect([await answering(at(-15)), await answering(at(-5))]).toEqual(['A', 'B'])
  })

  it('can be for a time to come', async () => {
    const { add, answering, change } = await setUp()
    await add('A', { effectiveFrom: iso(-20) })
    await add('B', { effectiveFrom: iso(-10) })
    await change('A', { validity: 'effective', effectiveFrom: iso(3) })
    expect([await answering(), await answering(at(4)), await answering(at(-15))]).toEqual(['B', 'A', 'A'])
  })
})

describe('a withdrawal', () => {
  it('leaves nothing in force, not the revision before either, until another one takes effect', async () => {
    const { ledger, add, answering, change, validityOf, id } = await setUp()
    await add('A', { effectiveFrom: iso(-20) })
    await add('B', { effectiveFrom: iso(-10) })
    await add('C', { effectiveFrom: iso(10) })
    expect(await change('B', { validity: 'withdrawn' })).toMatchObject({ validity: 'withdrawn' })
    expect(await answering()).toBeUndefined()
    expect(await answering(at(-5))).toBe('B')
    expect(await answering(at(11))).toBe('C')
    expect(await validityOf('A')).toBe('superseded')
    expect(await ledger.documents.get(admin, id())).toMatchObject({ effectiveRevision: null })
    await change('B', { validity: 'effective' })
    expect(await answering()).toBe('B')
  })

  it('is for what is in force only', async () => {
    const { add, change } = await setUp()
    await add('A', { effectiveFrom: iso(-20) })
    await add('B', { effectiveFrom: iso(-10) })
    await add('C', { effectiveFrom: iso(10) })
    for (const label of ['A', 'C'])
      expect(await codeOf(change(label, { validity: 'withdrawn' }))).toBe('revision_not_changeable')
  })
})

describe('the time of a revision', () => {
  it('is moved: into the past, into the future, and to now', async () => {
    const { add, answering, change } = await setUp()
    await add('A', { effectiveFrom: iso(-20) })
    await add('B', { effectiveFrom: iso(-10) })
    await change('B', { effectiveFrom: iso(-15) })
    expect([await answering(at(-17)), await answering(at(-12))]).toEqual(['A', 'B'])
    await change('B', { effectiveFrom: iso(5) })
    expect([await answering(), await answering(at(6))]).toEqual(['A', 'B'])
    await change('B', { validity: 'effective' })
    expect([await answering(), await answering(at(6))]).toEqual(['B', 'B'])
    expect(await answering(at(-12))).toBe('A')
  })

  it('is told with when it ends', async () => {
    const { ledger, add, id } = await setUp()
    const [first, second] = [iso(-20), iso(-10)]
    await add('A', { effectiveFrom: first })
    await add('B', { effectiveFrom: second })
    expect(await ledger.revisions.list(admin, id())).toMatchObject([
      { label: 'A', ordinal: 1, effectiveFrom: first, effectiveUntil: second },
      { label: 'B', ordinal: 2, effectiveFrom: second, effectiveUntil: null },
    ])
  })
})

describe('labels', () => {
  it('are numbers where none is given, unique within the document, and found like ids', async () => {
    const { ledger, add, upload, change, id } = await setUp()
    await add('A', { revision: undefined } as Said)
    await add('B')
    const labels = async () => (await ledger.revisions.list(admin, id())).map(({ label }) => label)
    expect(await labels()).toEqual(['1', 'B'])
    expect(await codeOf(upload('C', { revision: 'B' }))).toBe('revision_exists')
    expect(await codeOf(change('A', { label: 'B' }))).toBe('revision_exists')
    expect(await change('A', { label: 'A' })).toMatchObject({ label: 'A' })
    expect(await ledger.revisions.get(admin, id(), 'B')).toMatchObject({ ordinal: 2 })
    expect(await codeOf(ledger.revisions.get(admin, id(), 'Z'))).toBe('revision_not_found')
    expect(await codeOf(ledger.revisions.list(admin, 'doc_x' as DocumentId))).toBe('document_not_found')
  })
})

describe('a further revision', () => {
  it('of the same content as the newest is no revision; of an earlier content it is one', async () => {
    const { ledger, collectionId, add, id } = await setUp()
    await add('A')
    await add('B')
    const values = { collectionId, name: 'x', bytes: 1, revisionOf: id() }
    expect(await ledger.documents.create(admin, { ...values, sha256: sha256Of('B') })).toMatchObject({
      duplicate: true,
    })
    expect(await ledger.documents.create(admin, { ...values, sha256: sha256Of('A') })).toMatchObject({
      duplicate: false,
    })
    expect(await ledger.revisions.list(admin, id())).toHaveLength(3)
  })

  it('is refused where its document is deleted or in another collection', async () => {
    const { ledger, collectionId, add, id } = await setUp()
    await add('A')
    const other = await ledger.collections.create(admin, { name: 'Other' })
    const values = { name: 'x', sha256: sha256Of('x'), bytes: 1, revisionOf: id() }
    expect(await codeOf(ledger.documents.create(admin, { ...values, collectionId: other.id }))).toBe(
      'document_not_found',
    )
    await ledger.documents.remove(admin, id())
    expect(await codeOf(ledger.documents.create(admin, { ...values, collectionId }))).toBe('document_not_found')
  })
})

describe('near-duplicates', () => {
  const addOther = async (ledger: Ledger, collectionId: NewDocument['collectionId'], name: string) => {
    const created = await ledger.documents.create(admin, { collectionId, name, sha256: sha256Of(name), bytes: 1 })
    await ledger.documents.publish(created.revisionId, { ...publication, signature: name })
    return created
  }

  it('know of each other, and go when one is deleted', async () => {
    const { ledger, collectionId } = await openLedger()
    const [a, b] = [await addOther(ledger, collectionId, 'a'), await addOther(ledger, collectionId, 'b')]
    expect(await ledger.revisions.signaturesBeside(a.revisionId)).toEqual([
      { revisionId: b.revisionId, signature: 'b' },
    ])
    await ledger.revisions.recordNearDuplicates(a.revisionId, [{ revisionId: b.revisionId, similarity: 0.97 }])
    const found = { documentId: a.documentId, documentName: 'a', revisionId: a.revisionId, similarity: 0.97 }
    expect(await ledger.revisions.nearDuplicates(admin, b.revisionId)).toEqual([found])
    await ledger.documents.remove(admin, a.documentId)
    expect(await ledger.revisions.nearDuplicates(admin, b.revisionId)).toEqual([])
  })
})

describe('what lies in a mail or an archive', () => {
  it('is a document of its own, whatever else has its content, and goes with it', async () => {
    const { ledger, collectionId } = await openLedger()
    const make = (name: string, parent?: NewDocument['parent']) =>
      ledger.documents.create(admin, { collectionId, name, sha256: sha256Of('same'), bytes: 1, parent })
    const outer = await ledger.documents.create(admin, { collectionId, name: 'z.zip', sha256: sha256Of('z'), bytes: 1 })
    const plain = await make('plain.txt')
    const inner = await make('inner.txt', { documentId: outer.documentId, entry: 'folder/inner.txt' })
    expect(inner).toMatchObject({ duplicate: false })
    expect(await ledger.documents.children(admin, outer.documentId)).toMatchObject([
      { id: inner.documentId, parent: { documentId: outer.documentId, entry: 'folder/inner.txt' } },
    ])
    await ledger.documents.remove(admin, outer.documentId)
    expect(await codeOf(ledger.documents.get(admin, inner.documentId))).toBe('document_not_found')
    expect(await ledger.documents.get(admin, plain.documentId)).toMatchObject({ parent: null })
  })
})
