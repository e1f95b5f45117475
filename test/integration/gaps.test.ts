/** The list of gaps: what comes into it, what is grouped, and what the owner does about it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Statement } from '../../src/core/answer.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { type Loop, openLoop, vectorAt } from './gap-fixtures.ts'
import { codeOf } from './store-fixtures.ts'

let loop: Loop

beforeEach(async () => {
  loop = await openLoop()
})

afterEach(() => loop[Symbol.asyncDispose]())

const statement: Statement = { text: 'Every year.', citations: [] }

describe('what comes into the list', () => {
  it('counts questions that found nothing, the same words in one group, others in others', async () => {
    await loop.ask('Where is the spare key of the tool room?')
    await loop.ask('where do I find the spare key for the tool room')
    await loop.ask('Who has the spare key of the tool room?')
    expect(await loop.gaps()).toEqual([
      { question: 'Where is the spare key of the tool room?', state: 'open', asked: 2 },
      { question: 'Who has the spare key of the tool room?', state: 'open', asked: 1 },
    ])
  })

  it('groups other words by their vectors, also after a restart, and without an engine by words', async () => {
    await loop.ask('How tight are the clamp bolts?', { vector: vectorAt(1) })
    await using again = await Ledger.open(`${loop.stores.folder}/kura.db`)
    expect((await again.gaps.list(admin, { collectionIds: [loop.collectionId], limit: 9 })).gaps).toHaveLength(1)
    await loop.ask('What is the torque of the clamp bolts?', { vector: vectorAt(0.9) })
    await loop.ask('Which colour has the paint line?', { vector: vectorAt(0.3) })
    await loop.ask('How tight are the CLAMP bolts')
    expect(await loop.gaps()).toEqual([
      { question: 'How tight are the clamp bolts?', state: 'open', asked: 3 },
      { question: 'Which colour has the paint line?', state: 'open', asked: 1 },
    ])
  })

  it('leaves out answers that stand and questions about the past', async () => {
    await loop.ask('How often is the oil changed?', { statements: [statement] })
    await loop.ask('Where was the spare key?', { asOf: '2020-01-01T00:00:00.000Z' })
    expect(await loop.gaps()).toEqual([])
  })

  it('takes in what is voted down with comment and correction, and lets it go when the vote is taken back', async () => {
    const id = await loop.ask('How often is the oil changed?', { statements: [statement] })
    const vote = { rating: 'down', comment: 'Wrong.', correction: 'Every 4000 hours.' } as const
    const { conversations, gaps } = loop.stores.ledger
    await conversations.feedback(admin, id, vote)
    await conversations.feedback(admin, id, vote)
    const gap = await gaps.get(admin, await loop.gapOf('How often is the oil changed?'))
    expect(gap).toMatchObject({ asked: 1, votedDown: 1, state: 'open' })
    expect(gap.examples).toMatchObject([{ reason: 'voted_down', comment: 'Wrong.', correction: 'Every 4000 hours.' }])
    await conversations.feedback(admin, id, { rating: 'up' })
    expect(await loop.gaps()).toEqual([])
  })

  it('counts an answer once that found nothing and is voted down as well', async () => {
    const id = await loop.ask('Where is the key?')
    await loop.stores.ledger.conversations.feedback(admin, id, { rating: 'down', comment: 'It is in the manual.' })
    const gap = await loop.stores.ledger.gaps.get(admin, await loop.gapOf('Where is the key?'))
    expect(gap).toMatchObject({ asked: 1, examples: [{ reason: 'not_found', comment: 'It is in the manual.' }] })
  })
})

describe('what the owner does', () => {
  it('notes a missing document, dismisses and reopens; asked again, both stay as they are', async () => {
    const { gaps } = loop.stores.ledger
    await loop.ask('What is the paint made of?')
    const id = await loop.gapOf('What is the paint made of?')
    expect(await gaps.markMissing(admin, id, 'Data sheet of the paint')).toMatchObject({
      state: 'document_missing',
      note: 'Data sheet of the paint',
    })
    await loop.ask('What is the paint made of?')
    expect(await loop.gaps()).toMatchObject([{ state: 'document_missing', asked: 2 }])
    expect(await gaps.dismiss(admin, id, null)).toMatchObject({ state: 'dismissed', note: null })
    await loop.ask('What is the paint made of?')
    expect(await gaps.counts(admin, [loop.collectionId])).toMatchObject({ dismissed: 1, open: 0 })
    expect(await gaps.reopen(admin, id)).toMatchObject({ state: 'open', asked: 3 })
  })

  it('goes through the list page by page, the most asked first', async () => {
    const { gaps } = loop.stores.ledger
    for (const machine of ['lathe', 'press', 'crane', 'robot', 'mill']) await loop.ask(`Who repairs the ${machine}?`)
    await loop.ask('Who repairs the crane?')
    const found: string[] = []
    let cursor: string | undefined
    do {
      const page = await gaps.list(admin, { collectionIds: [loop.collectionId], limit: 2, cursor })
      found.push(...page.gaps.map(({ question }) => question))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(found.map((question) => question.slice(16, -1))).toEqual(['crane', 'mill', 'robot', 'press', 'lathe'])
    const only = { collectionIds: [loop.collectionId], limit: 2, cursor: 'nonsense' }
    expect(await codeOf(gaps.list(admin, only))).toBe('invalid_request')
  })
})
