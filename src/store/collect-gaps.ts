/**
 * Puts a question that got no answer which helped into the gap of its like, or makes a new one, for each collection that was asked. Called by
 * conversations.ts within the transaction that records the answer or the feedback, so no gap is lost and none is counted twice.
 * Invariant: at most one row for each answer and collection.
 */
import type { Language } from '../core/document.ts'
import { type AnswerId, type CollectionId, createGapId, type GapId } from '../core/ids.ts'
import type { QuestionVector } from '../core/question-vectors.ts'
import { groupLikeness, questionKey } from '../core/same-question.ts'
import { gapIsAnswered } from './answer-validity.ts'
import type { GapReason } from './gap-records.ts'
import { type LedgerTransaction, timestamp } from './ledger-schema.ts'
import { nextSequence } from './revision-states.ts'

/** Gaps that a question is compared with, those asked last. Older ones are still met by the same words. */
const comparedGaps = 1000
/** From here on it is the same question, not only a like one. */
const sameLikeness = 0.99

export interface MetGap {
  readonly answerId: AnswerId
  readonly collectionIds: readonly CollectionId[]
  readonly question: string
  readonly language: Language
  readonly reason: GapReason
  /** undefined where no engine embedded. */
  readonly vector: QuestionVector | undefined
  /** Whether what was voted down was a verified answer. */
  readonly wasVerified: boolean
}

export const collectGap = async (trx: LedgerTransaction, met: MetGap): Promise<void> => {
  const readable = await trx
    .selectFrom('collections')
    .select('id')
    .where('id', 'in', met.collectionIds)
    .where('deletedAt', 'is', null)
    .execute()
  for (const { id: collectionId } of readable) {
    const known = await trx
      .selectFrom('gapQuestions')
      .select('gapId')
      .where('answerId', '=', met.answerId)
      .where('collectionId', '=', collectionId)
      .executeTakeFirst()
    if (known !== undefined) continue
    const like = await findLike(trx, collectionId, met)
    await addTo(trx, like ?? (await createGap(trx, collectionId, met)), collectionId, met)
  }
}

/** The answer is not voted down any more. */
export const forgetDownVote = async (trx: LedgerTransaction, answerId: AnswerId): Promise<void> => {
  const rows = await trx
    .deleteFrom('gapQuestions')
    .where('answerId', '=', answerId)
    .where('reason', '=', 'voted_down')
    .returning('gapId')
    .execute()
  for (const { gapId } of rows) {
    await trx
      .updateTable('gaps')
      .set((set) => ({ asked: set('asked', '-', 1) }))
      .where('id', '=', gapId)
      .execute()
    // What nobody asks any more and the owner never touched was a slip.
    await trx
      .deleteFrom('gaps')
      .where('id', '=', gapId)
      .where('asked', '=', 0)
      .where('state', '=', 'open')
      .where('answerDocumentId', 'is', null)
      .execute()
  }
}

interface LikeGap {
  readonly id: GapId
  readonly isAnswered: boolean
  readonly wasAnswered: boolean
  readonly hasVector: boolean
}

const selectComparable = (trx: LedgerTransaction, collectionId: CollectionId) =>
  trx
    .selectFrom('gaps')
    .select(['id', 'question', 'language', 'fingerprint', 'vector', 'state', 'doubted'])
    .select(gapIsAnswered(timestamp()).as('answerHolds'))
    .where('collectionId', '=', collectionId)

type ComparableRow = Awaited<ReturnType<ReturnType<typeof selectComparable>['executeTakeFirstOrThrow']>>

const toLikeGap = (row: ComparableRow): LikeGap => ({
  id: row.id,
  isAnswered: Boolean(row.answerHolds) && row.doubted === 0,
  wasAnswered: row.state === 'answered',
  hasVector: row.vector !== null,
})

const findLike = async (
  trx: LedgerTransaction,
  collectionId: CollectionId,
  met: MetGap,
): Promise<LikeGap | undefined> => {
  const same = await selectComparable(trx, collectionId)
    .where('questionKey', '=', questionKey(met.question))
    .orderBy('sequence')
    .executeTakeFirst()
  if (same !== undefined) return toLikeGap(same)
  const rows = await selectComparable(trx, collectionId).orderBy('lastAskedAt', 'desc').limit(comparedGaps).execute()
  let best: { row: ComparableRow; likeness: number } | undefined
  const asked = { text: met.question, language: met.language }
  for (const row of rows) {
    const isComparable = met.vector !== undefined && row.fingerprint === met.vector.fingerprint
    const likeness = groupLikeness(
      { ...asked, vector: isComparable ? met.vector?.vector : undefined },
      {
        text: row.question,
        language: row.language,
        vector: isComparable && row.vector !== null ? decodeVector(row.vector) : undefined,
      },
    )
    if (likeness === undefined || likeness <= (best?.likeness ?? 0)) continue
    // The verified answer of a like question was there and did not fit: this is another question.
    if (likeness < sameLikeness && toLikeGap(row).isAnswered) continue
    best = { row, likeness }
  }
  return best && toLikeGap(best.row)
}

const createGap = async (trx: LedgerTransaction, collectionId: CollectionId, met: MetGap): Promise<LikeGap> => {
  const id = createGapId()
  const now = timestamp()
  await trx
    .insertInto('gaps')
    .values({
      id,
      sequence: await nextSequence(trx, 'gaps'),
      collectionId,
      question: met.question,
      questionKey: questionKey(met.question),
      language: met.language,
      ...storedVector(met.vector),
      createdAt: now,
      lastAskedAt: now,
      changedAt: now,
    })
    .execute()
  return { id, isAnswered: false, wasAnswered: false, hasVector: true }
}

const addTo = async (trx: LedgerTransaction, gap: LikeGap, collectionId: CollectionId, met: MetGap): Promise<void> => {
  const { answerId, question, language, reason } = met
  const askedAt = timestamp()
  await trx
    .insertInto('gapQuestions')
    .values({ answerId, collectionId, gapId: gap.id, question, language, reason, askedAt })
    .execute()
  const isDoubted = gap.isAnswered && met.wasVerified
  // An answer that has expired is asked for again, or the verified answer itself did not help.
  const reopens = isDoubted || (gap.wasAnswered && !gap.isAnswered)
  await trx
    .updateTable('gaps')
    .set((set) => ({ asked: set('asked', '+', 1), lastAskedAt: askedAt }))
    .where('id', '=', gap.id)
    .execute()
  if (reopens) {
    const doubted = isDoubted ? 1 : 0
    await trx.updateTable('gaps').set({ state: 'open', doubted }).where('id', '=', gap.id).execute()
  }
  if (!gap.hasVector && met.vector) {
    await trx.updateTable('gaps').set(storedVector(met.vector)).where('id', '=', gap.id).execute()
  }
}

const storedVector = (vector: QuestionVector | undefined) => ({
  fingerprint: vector?.fingerprint ?? null,
  vector: vector === undefined ? null : encodeVector(vector.vector),
})

const encodeVector = (vector: Float32Array): string => {
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, i * 4)
  return bytes.toString('base64')
}

const decodeVector = (text: string): Float32Array => {
  const bytes = Buffer.from(text, 'base64')
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(i * 4))
}
