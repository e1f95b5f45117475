/** What the tests of the improvement loop share: real stores with a manual that is indexed, answers that are recorded, verified answers. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IngestionWorker } from '../../ingest/worker.ts'
import { type AnswerDraft, GapDesk } from '../../src/answer/gap-desk.ts'
import type { Answer, Statement } from '../../src/core/answer.ts'
import {
  type AnswerId,
  type CollectionId,
  chunkIdOf,
  createAnswerId,
  type DocumentId,
  type GapId,
  type RevisionId,
} from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import type { QuestionVector } from '../../src/core/question-vectors.ts'
import type { GapDetail } from '../../src/store/gap-records.ts'
import type { Registration } from '../../src/store/intake.ts'
import { FakeEmbedder, openStores, type Stores, upload, workerDeps } from './ingest-fixtures.ts'

export const manualText =
  'The oil of the press is changed every 4000 hours.\n\nThe guard stays closed while the press runs.'

export interface Loop extends AsyncDisposable {
  readonly stores: Stores
  readonly collectionId: CollectionId
  /** Uploads and ingests. */
  add(
    name: string,
    text: string,
    registration?: Partial<Registration>,
  ): Promise<{ documentId: DocumentId; revisionId: RevisionId }>
  /** Asks, finds nothing, and records it. */
  ask(
    question: string,
    more?: { vector?: QuestionVector; statements?: readonly Statement[]; asOf?: string },
  ): Promise<AnswerId>
  gaps(): Promise<readonly { question: string; state: string; asked: number }[]>
  gapOf(question: string): Promise<GapId>
  desk: GapDesk
  /** Answers the gap and waits until the answer is indexed. */
  answer(id: GapId, draft: AnswerDraft): Promise<GapDetail>
  work(): Promise<void>
  isVisible(id: RevisionId, at?: Date): Promise<boolean>
}

export const openLoop = async (): Promise<Loop> => {
  const folder = await mkdtemp(join(tmpdir(), 'kura-gaps-'))
  const embedder = new FakeEmbedder()
  const stores = await openStores(folder, embedder)
  const { ledger, intake, index } = stores
  const { id: collectionId } = await ledger.collections.create(admin, { name: 'Press shop' })
  const work = () => new IngestionWorker(workerDeps(stores, embedder)).runUntilIdle(new AbortController().signal)
  const desk = new GapDesk({ ledger, intake, index: async () => index })
  const list = async () => (await ledger.gaps.list(admin, { collectionIds: [collectionId], limit: 50 })).gaps
  const isVisible = async (id: RevisionId, at?: Date): Promise<boolean> => {
    const visible = (await ledger.documents.visible(admin, [id], at)).has(id)
    const hidden = (await ledger.documents.hidden([collectionId], at)).includes(id)
    // The two ends from which it is asked agree.
    if (visible === hidden) throw new Error(`visible ${visible}, hidden ${hidden}`)
    return visible
  }
  return {
    stores,
    collectionId,
    work,
    desk,
    isVisible,
    add: async (name, text, registration = {}) => {
      const { documentId, revisionId } = await upload(stores, name, text, registration)
      await work()
      return { documentId, revisionId }
    },
    ask: async (question, { vector, statements = [], asOf } = {}) => {
      const conversationId = await ledger.conversations.start(admin)
      const answer = answerOf(question, statements, asOf)
      const turn = { question, standalone: question, answer: { ...answer, conversationId }, conversationId }
      const prompt = { id: 'answer', version: '1' }
      await ledger.conversations.record(admin, { ...turn, prompt, asked: { collectionIds: [collectionId], vector } })
      return answer.id
    },
    gaps: async () => (await list()).map(({ question, state, asked }) => ({ question, state, asked })),
    gapOf: async (question) => {
      const gap = (await list()).find((each) => each.question === question)
      if (gap === undefined) throw new Error('There is no such gap.')
      return gap.id
    },
    answer: async (id, draft) => {
      await desk.answer(admin, id, draft)
      await work()
      return ledger.gaps.get(admin, id)
    },
    [Symbol.asyncDispose]: async () => {
      await stores[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const answerOf = (
  question: string,
  statements: readonly Statement[],
  asOf?: string,
): Omit<Answer, 'conversationId'> => ({
  id: createAnswerId(),
  question,
  ...(asOf === undefined ? {} : { asOf }),
  status: statements.length > 0 ? 'answered' : 'not_found',
  language: 'en',
  quotes: [],
  statements,
  passages: [],
  degraded: [],
  timingsMs: { retrieve: 1, total: 2 },
})

/** The first passage of a revision. */
export const passageIdOf = (revisionId: RevisionId) => chunkIdOf(revisionId, 0)

/** A vector at the given cosine to all others of this kind. */
export const vectorAt = (cosine: number): QuestionVector => ({
  fingerprint: 'fake',
  vector: Float32Array.from([cosine, Math.sqrt(1 - cosine * cosine)]),
})
