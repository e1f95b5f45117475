/** Verified answers: what they may rest on, and that they answer exactly while that is in force. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifiedStatements } from '../../src/answer/verified-answer.ts'
import type { DocumentId, GapId, RevisionId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { defaultRankingParameters } from '../../src/retrieval/ranking-parameters.ts'
import { Retriever } from '../../src/retrieval/retriever.ts'
import { type Loop, manualText, openLoop, passageIdOf } from './gap-fixtures.ts'
import { upload } from './ingest-fixtures.ts'
import { codeOf } from './store-fixtures.ts'

const question = 'How often do we drain the press?'
const text = 'Every 4000 hours.\nAsk the shift leader first.'

let loop: Loop
let manual: { documentId: DocumentId; revisionId: RevisionId }
let gapId: GapId

beforeEach(async () => {
  loop = await openLoop()
  manual = await loop.add('press.pdf', manualText)
  await loop.ask(question)
  gapId = await loop.gapOf(question)
})

afterEach(() => loop[Symbol.asyncDispose]())

const citing = () => [{ passageId: passageIdOf(manual.revisionId) }]
const answered = async () => {
  const { answer, state } = await loop.answer(gapId, { text, citations: citing() })
  if (answer === null) throw new Error('It is not answered.')
  return { ...answer, state }
}
const stateOf = async () => (await loop.stores.ledger.gaps.get(admin, gapId)).state

describe('giving a verified answer', () => {
  it('makes a document of its own kind that is indexed like any other, with the sentence nearest to it as quote', async () => {
    const answer = await answered()
    const { ledger, index, originals } = loop.stores
    expect(answer).toMatchObject({ state: 'answered', inForce: true, status: 'ready', signed: false })
    expect(answer.citations).toMatchObject([
      { documentName: 'press.pdf', page: 1, quote: 'The oil of the press is changed every 4000 hours.', inForce: true },
    ])
    const document = await ledger.documents.get(admin, answer.documentId)
    expect(document).toMatchObject({ format: 'answer', title: question, name: question, status: 'ready', chunks: 1 })
    expect(await originals.has(document.sha256)).toBe(true)
    const [row] = [...(await index.storedRows(answer.revisionId)).values()]
    expect(row?.chunk.headingPath).toEqual([question])
    expect(row?.chunk.segments.filter(({ kind }) => kind === 'sentence')).toHaveLength(2)
    const kinds = await Promise.all((['file', 'answer'] as const).map((kind) => ledger.documents.list(admin, { kind })))
    expect(kinds.map(({ documents }) => documents.map(({ name }) => name))).toEqual([['press.pdf'], [question]])
  })

  it('takes a quote word for word, blanks aside, and refuses what does not stand there', async () => {
    const quote = 'The guard stays  closed while\nthe press runs.'
    const cited = { documentId: manual.documentId, page: 1 }
    const { answer } = await loop.answer(gapId, { text, citations: [{ ...cited, quote }] })
    expect(answer?.citations[0]?.quote).toBe('The guard stays closed while the press runs.')
    const refuse = (draft: object) => codeOf(loop.desk.answer(admin, gapId, { text, citations: [], ...draft }))
    expect(await refuse({ citations: [{ ...cited, quote: 'The guard stays open.' }] })).toBe('quote_not_found')
    expect(await refuse({ citations: [{ ...cited, page: 9 }] })).toBe('page_not_found')
    expect(await refuse({ citations: [{ passageId: `${manual.revisionId}.99` }] })).toBe('passage_not_found')
    expect(await refuse({ citations: [{ passageId: 'rev_none.0' }] })).toBe('passage_not_found')
    expect(await refuse({ citations: [{ documentId: 'doc_none', page: 1 }] })).toBe('document_not_found')
    expect(await refuse({ citations: [{ passageId: passageIdOf(answer?.revisionId as RevisionId) }] })).toBe(
      'citation_not_allowed',
    )
    expect(await refuse({})).toBe('signature_missing')
    expect(await codeOf(loop.desk.answer(admin, 'gap_none' as GapId, { text, citations: citing() }))).toBe(
      'gap_not_found',
    )
  })

  it('does not take a document of another collection', async () => {
    const { id: collectionId } = await loop.stores.ledger.collections.create(admin, { name: 'Office' })
    const other = await loop.add('office.pdf', 'The office opens at 8.', { collectionId })
    const draft = { text, citations: [{ passageId: passageIdOf(other.revisionId) }] }
    expect(await codeOf(loop.desk.answer(admin, gapId, draft))).toBe('citation_not_allowed')
  })

  it('makes a revision of it when it is given anew, and leaves files their own revisions', async () => {
    const first = await answered()
    const second = await loop.answer(gapId, { text: 'Every 3000 hours.', signedBy: 'M. Ito', citations: [] })
    expect(second.answer).toMatchObject({ documentId: first.documentId, text: 'Every 3000 hours.', by: 'M. Ito' })
    expect(await loop.isVisible(first.revisionId)).toBe(false)
    expect(await loop.isVisible(second.answer?.revisionId as RevisionId)).toBe(true)
    expect(await codeOf(upload(loop.stores, 'x.pdf', 'x', { revisionOf: first.documentId }))).toBe(
      'revision_not_changeable',
    )
  })

  it('holds from now on where it only has a signature', async () => {
    const { answer } = await loop.answer(gapId, { text, signedBy: 'M. Ito', citations: [] })
    const revisionId = answer?.revisionId as RevisionId
    expect(await loop.isVisible(revisionId)).toBe(true)
    expect(await loop.isVisible(revisionId, new Date('2020-01-01'))).toBe(false)
  })
})

describe('a verified answer whose creation breaks off', () => {
  it('leaves neither a document nor a change of its gap', async () => {
    const { ledger } = loop.stores
    const answer = {
      ...{ gapId: 'gap_none' as GapId, text, language: 'en' as const, by: 'M. Ito' },
      ...{ signed: true, at: new Date().toISOString(), citations: [] },
    }
    const broken = upload(loop.stores, 'answer', 'original', { answer: { ...answer, questions: [question] } })
    expect(await codeOf(broken)).toBe('gap_not_found')
    expect((await ledger.documents.list(admin, { kind: 'answer' })).documents).toEqual([])
    expect(await stateOf()).toBe('open')
  })

  it('is indexed by the next worker where the first one was ended before it began', async () => {
    const { gap } = await loop.desk.answer(admin, gapId, { text, citations: citing() })
    expect(gap).toMatchObject({ state: 'answered', answer: { status: 'queued', inForce: false } })
    await loop.ask(question)
    expect(await loop.gaps()).toEqual([{ question, state: 'answered', asked: 2 }])
    await loop.work()
    expect((await loop.stores.ledger.gaps.get(admin, gapId)).answer).toMatchObject({ status: 'ready', inForce: true })
  })
})

describe('a verified answer and what it cites', () => {
  it('expires at once when that is superseded, and stands again when it is rolled back', async () => {
    const answer = await answered()
    const { revisions, documents } = loop.stores.ledger
    const newer = await loop.add('press.pdf', 'The oil is changed every 3000 hours.', { revisionOf: manual.documentId })
    expect(await loop.isVisible(answer.revisionId)).toBe(false)
    expect(await stateOf()).toBe('expired')
    expect((await documents.get(admin, answer.documentId)).effectiveRevision).toBeNull()
    expect(await revisions.list(admin, answer.documentId)).toMatchObject([{ validity: 'superseded' }])
    await revisions.update(admin, manual.documentId, manual.revisionId, { validity: 'effective' })
    expect(await loop.isVisible(answer.revisionId)).toBe(true)
    expect(await stateOf()).toBe('answered')
    await revisions.update(admin, manual.documentId, newer.revisionId, { validity: 'effective' })
    expect(await stateOf()).toBe('expired')
  })

  it('expires at once when that is withdrawn', async () => {
    const answer = await answered()
    await loop.stores.ledger.revisions.update(admin, manual.documentId, manual.revisionId, { validity: 'withdrawn' })
    expect([await loop.isVisible(answer.revisionId), await stateOf()]).toEqual([false, 'expired'])
  })

  it('expires at once when that is deleted', async () => {
    const answer = await answered()
    await loop.stores.ledger.documents.remove(admin, manual.documentId)
    expect([await loop.isVisible(answer.revisionId), await stateOf()]).toEqual([false, 'expired'])
  })

  it('expires at the minute of a scheduled revision, and answers for the time before', async () => {
    const answer = await answered()
    const effectiveFrom = new Date(Date.now() + 3_600_000).toISOString()
    await loop.add('press.pdf', 'The oil is changed every 3000 hours.', {
      revisionOf: manual.documentId,
      effectiveFrom,
    })
    expect([await loop.isVisible(answer.revisionId), await stateOf()]).toEqual([true, 'answered'])
    expect(await loop.isVisible(answer.revisionId, new Date(Date.now() + 7_200_000))).toBe(false)
  })

  it('holds while a newer revision of that is only a draft, or not read yet', async () => {
    const answer = await answered()
    await loop.add('press.pdf', 'A draft.', { revisionOf: manual.documentId, draft: true })
    await upload(loop.stores, 'press.pdf', 'Not read yet.', { revisionOf: manual.documentId })
    expect(await loop.isVisible(answer.revisionId)).toBe(true)
    await loop.work()
    expect(await loop.isVisible(answer.revisionId)).toBe(false)
  })

  it('is asked for again when it has expired, and its gap is open then', async () => {
    await answered()
    await loop.stores.ledger.documents.remove(admin, manual.documentId)
    expect(await stateOf()).toBe('expired')
    await loop.ask(question)
    expect(await stateOf()).toBe('open')
    const again = await loop.answer(gapId, { text, signedBy: 'M. Ito', citations: [] })
    expect(again).toMatchObject({ state: 'answered', asked: 2 })
  })
})

describe('the gap of a verified answer', () => {
  it('is open again when the verified answer itself is voted down, and can not be dismissed while it holds', async () => {
    await answered()
    const { gaps, conversations } = loop.stores.ledger
    expect(await codeOf(gaps.dismiss(admin, gapId, null))).toBe('gap_not_changeable')
    const verified = { by: 'M. Ito', at: new Date().toISOString() }
    const given = await loop.ask(question, { statements: [{ text, citations: [], verified }] })
    await conversations.feedback(admin, given, { rating: 'down' })
    expect(await stateOf()).toBe('open')
    await loop.answer(gapId, { text: 'Every 2000 hours.', citations: citing() })
    expect(await stateOf()).toBe('answered')
  })

  it('does not swallow another question that the verified answer did not fit', async () => {
    await answered()
    await loop.ask('How often do we drain the lathe?')
    expect(await loop.gaps()).toEqual([
      { question: 'How often do we drain the lathe?', state: 'open', asked: 1 },
      { question, state: 'answered', asked: 1 },
    ])
  })

  it('is expired when the document of the verified answer is deleted', async () => {
    const answer = await answered()
    await loop.stores.ledger.documents.remove(admin, answer.documentId)
    expect(await stateOf()).toBe('expired')
    const again = await loop.answer(gapId, { text, citations: citing() })
    expect(again.answer?.documentId).not.toBe(answer.documentId)
  })
})

describe('asking for what has a verified answer', () => {
  const search = async (query: string, at?: Date) => {
    const { ledger, index, target } = loop.stores
    const retriever = new Retriever({
      ...{ ledger, index: async () => index, embedder: target.embedder },
      parameters: () => defaultRankingParameters,
    })
    const { passages } = await retriever.search(admin, { query, collectionIds: [loop.collectionId], limit: 5, at })
    return passages
  }
  const statementsFor = async (query: string) => verifiedStatements(loop.stores, admin, await search(query))

  it('finds it first, and gives it line by line with what it cites', async () => {
    await answered()
    const [first] = await search('how often do we drain the PRESS')
    expect(first).toMatchObject({ heading: question, verified: { by: admin.name, answersQuestion: true } })
    const statements = await statementsFor('how often do we drain the PRESS')
    expect(statements?.map((each) => each.text)).toEqual(['Every 4000 hours.', 'Ask the shift leader first.'])
    expect(statements?.[0]).toMatchObject({
      verified: { by: admin.name },
      citations: [{ documentName: 'press.pdf', page: 1, quote: 'The oil of the press is changed every 4000 hours.' }],
    })
  })

  it('leaves other questions to the documents', async () => {
    await answered()
    for (const other of [
      'How often do we clean the press?',
      'Who drains the press?',
      'How often do we drain press 2?',
    ]) {
      expect(await statementsFor(other), other).toBeUndefined()
    }
  })

  it('does so for every wording that it was given for, in whatever language', async () => {
    const wordings = [question, '冲床多久排一次油？']
    await loop.answer(gapId, { text, questions: wordings, citations: citing() })
    expect(await statementsFor('沖床多久排一次油')).toHaveLength(2)
  })

  it('cites itself where it is only signed', async () => {
    const { answer } = await loop.answer(gapId, { text, signedBy: 'M. Ito', citations: [] })
    expect(await statementsFor(question)).toMatchObject([
      { verified: { by: 'M. Ito' }, citations: [{ documentId: answer?.documentId, quote: 'Every 4000 hours.' }] },
      {
        verified: { by: 'M. Ito' },
        citations: [{ documentId: answer?.documentId, quote: 'Ask the shift leader first.' }],
      },
    ])
  })

  it('does not give it any more once what it cites is superseded, but as of the time before', async () => {
    await answered()
    const before = new Date()
    await loop.add('press.pdf', 'The oil is changed every 3000 hours.', { revisionOf: manual.documentId })
    expect(await statementsFor(question)).toBeUndefined()
    const [first] = await search(question, before)
    expect(first?.verified?.answersQuestion).toBe(true)
  })
})
