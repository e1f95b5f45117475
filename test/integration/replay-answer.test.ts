/** Recorded answers given again: by scripted models, over documents that change, with a real ledger. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Answerer } from '../../src/answer/answerer.ts'
import { replayAnswer } from '../../src/compare/replay-answer.ts'
import type { Answer, Passage } from '../../src/core/answer.ts'
import type { ChunkId, RevisionId } from '../../src/core/ids.ts'
import { createAnswerId } from '../../src/core/ids.ts'
import type { GenerationModelInfo } from '../../src/core/models.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { Ledger } from '../../src/store/ledger.ts'
import type { DocumentRecord } from '../../src/store/records.ts'
import { passageOf, ScriptedGenerator, TermEmbedder } from '../unit/fakes.ts'

const question = 'How often is the return filter replaced, every how many operating hours?'
const was = 'The return filter is replaced every 500 operating hours.'
const press = passageOf('press.pdf', ['Replace the return filter every 500 operating hours.', 'Wear safety goggles.'])

let folder: string
let ledger: Ledger

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kura-replay-'))
  ledger = await Ledger.open(path.join(folder, 'kura.db'))
})

afterEach(async () => {
  await ledger[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

class NamedGenerator extends ScriptedGenerator {
  readonly #info: Partial<GenerationModelInfo>

  constructor(outputs: readonly string[], info: Partial<GenerationModelInfo> = {}) {
    super(outputs)
    this.#info = info
  }

  override async info(): Promise<GenerationModelInfo> {
    return { ...(await super.info()), ...this.#info }
  }
}

/** What a Kura is made of, over these passages. */
const setUp = (generator: NamedGenerator | undefined, passages: readonly Passage[], inForce = press.revisionId) => {
  const { documentId, documentName, revision, collectionId, paginated } = press
  const documents = {
    visible: async (_: unknown, ids: readonly RevisionId[]) =>
      new Map(ids.map((id) => [id, { documentId, documentName, revision, collectionId, paginated }])),
    get: async () => ({ effectiveRevision: { id: inForce, label: 'B' } }) as DocumentRecord,
  }
  const embedder = new TermEmbedder()
  const answerer = new Answerer({
    ledger: {
      conversations: ledger.conversations,
      verifiedAnswers: ledger.verifiedAnswers,
      pages: ledger.pages,
      documents,
    },
    retriever: { search: async () => ({ passages, degraded: [] }) },
    embedder,
    generator: () => generator,
  })
  const ask = async (): Promise<Answer> => {
    let answer: Answer | undefined
    for await (const event of answerer.ask(admin, { question, collectionIds: [] })) {
      if (event.type === 'answer') answer = event.answer
    }
    if (!answer) throw new Error('There is no answer.')
    return answer
  }
  const replay = (id: Answer['id']) =>
    replayAnswer(
      { ledger: { ...ledger, conversations: ledger.conversations, documents }, answerer, embedder, generator },
      admin,
      id,
    )
  return { ask, replay, generator }
}

const textsOf = (statements: readonly { readonly text: string }[]): string[] => statements.map(({ text }) => text)

describe('replaying an answer', () => {
  it('sends the very messages and settings of then, says that nothing has changed, and records nothing', async () => {
    const { ask, replay, generator } = setUp(new NamedGenerator([was, was, was], { sha256: 'a'.repeat(64) }), [press])
    const answer = await ask()
    const replayed = await replay(answer.id)
    expect(replayed).toMatchObject({ same: true, changes: [], before: { id: answer.id }, again: { model: 'scripted' } })
    expect(replayed.again?.drafts).toEqual([expect.objectContaining({ before: was, now: was })])
    expect(textsOf(replayed.again?.statements.kept ?? [])).toEqual([was])
    const [first, second] = generator?.requests ?? []
    expect(second?.messages).toEqual(first?.messages)
    expect(second?.maxTokens).toBe(first?.maxTokens)
    expect(second?.temperature).toBe(first?.temperature)
    const turns = await ledger.conversations.turns(admin, answer.conversationId, 10)
    expect(turns).toHaveLength(1)
  })

  it('names another model and adapter, and shows what it says otherwise', async () => {
    const answer = await setUp(new NamedGenerator([was], { sha256: 'a'.repeat(64) }), [press]).ask()
    const says = 'Wear safety goggles.'
    const adapter = { name: 'plant', sha256: 'b'.repeat(64), scale: 1 }
    const other = new NamedGenerator([says, says], { name: 'other', sha256: 'c'.repeat(64), adapter })
    const replayed = await setUp(other, [press]).replay(answer.id)
    expect(replayed.changes).toEqual([
      { what: 'model', before: 'scripted (sha256 aaaaaaaaaaaa)', now: 'other (sha256 cccccccccccc)' },
      { what: 'adapter', before: null, now: 'plant (sha256 bbbbbbbbbbbb), scale 1' },
    ])
    expect(replayed.same).toBe(false)
    expect(textsOf(replayed.again?.statements.gone ?? [])).toEqual([was])
    expect(textsOf(replayed.again?.statements.added ?? [])).toEqual([says])
  })

  it('shows passages of a superseded revision as gone, and those of the new one as new', async () => {
    const answer = await setUp(new NamedGenerator([was]), [press]).ask()
    const next: Passage = {
      ...passageOf('press.pdf', ['Replace the return filter every 750 operating hours.', 'Wear safety goggles.']),
      id: 'rev_next.1' as ChunkId,
      revisionId: 'rev_next' as RevisionId,
      revision: 'B',
    }
    const now = 'The return filter is replaced every 750 operating hours.'
    const replayed = await setUp(new NamedGenerator([was, now]), [next], next.revisionId).replay(answer.id)
    expect(replayed.today.passages.gone).toMatchObject([
      { passage: { id: press.id }, reason: 'superseded', revisionNow: 'B' },
    ])
    expect(replayed.today.passages.added.map(({ id }) => id)).toEqual([next.id])
    expect(textsOf(replayed.today.statements.gone)).toContain(was)
    expect(textsOf(replayed.today.statements.added)).toContain(now)
    // By the sources of then it is what it was.
    expect(textsOf(replayed.again?.statements.kept ?? [])).toEqual([was])
    expect(replayed.same).toBe(false)
  })

  it('replays an answer of quotes without a model, and asks for one where a model wrote', async () => {
    const quoted = await setUp(undefined, [press]).ask()
    const replayed = await setUp(undefined, [press]).replay(quoted.id)
    expect(replayed).toMatchObject({ again: null, same: true })
    const written = await setUp(new NamedGenerator([was]), [press]).ask()
    await expect(setUp(undefined, [press]).replay(written.id)).rejects.toMatchObject({ code: 'model_missing' })
  })

  it('says so where the answer is unknown, or is older than the records', async () => {
    const { ask, replay } = setUp(new NamedGenerator([was]), [press])
    await expect(replay(createAnswerId())).rejects.toMatchObject({ code: 'answer_not_found' })
    const answer = { ...(await ask()), id: createAnswerId() }
    await ledger.conversations.record(admin, {
      conversationId: answer.conversationId,
      question,
      standalone: question,
      answer,
      prompt: { id: 'answer', version: '1' },
    })
    await expect(replay(answer.id)).rejects.toMatchObject({ code: 'answer_not_recorded' })
  })
})
