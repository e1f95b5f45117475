/**
 * Which of the verified answers that were found was given for this question. In: the question, what was found of format `answer` and may answer.
 * Out: its revision; its passage goes before all others. By words where they agree, by centred vectors across languages (same-question.ts).
 */
import type { Passage } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { IndexedChunk } from '../core/document.ts'
import type { ChunkId, RevisionId } from '../core/ids.ts'
import type { Embedder } from '../core/models.ts'
import { embedQuestions } from '../core/question-vectors.ts'
import { isSameQuestion } from '../core/same-question.ts'
import type { VisibleRevision } from '../store/visible-revisions.ts'
import type { RankedCandidate } from './rank-candidates.ts'

/**
 * undefined where none was. The newest of several.
 * @param visible what was found and may answer; revisions that are no verified answers are passed over
 * @throws AbortError
 */
export const findVerifiedAnswer = async (
  question: string,
  visible: ReadonlyMap<RevisionId, VisibleRevision>,
  { embedder, signal }: { readonly embedder: Embedder; readonly signal?: AbortSignal | undefined },
): Promise<RevisionId | undefined> => {
  const candidates = [...visible].flatMap(([id, { verifiedAnswer }]) =>
    verifiedAnswer ? [{ id, ...verifiedAnswer }] : [],
  )
  if (candidates.length === 0) return undefined
  candidates.sort((a, b) => (a.at < b.at ? 1 : -1))
  const asked = { text: question, language: detectLanguage(question) }
  const isFor = (wording: string, vectors?: { asked?: Float32Array | undefined; known?: Float32Array | undefined }) =>
    isSameQuestion(
      { ...asked, vector: vectors?.asked },
      { text: wording, language: detectLanguage(wording), vector: vectors?.known },
    )
  const byWords = candidates.find(({ questions }) => questions.some((wording) => isFor(wording)))
  if (byWords) return byWords.id
  const wordings = candidates.flatMap(({ id, questions }) => questions.map((wording) => ({ id, wording })))
  const texts = [question, ...wordings.map(({ wording }) => wording)]
  const vectors = await embedQuestions(texts, embedder, { signal })
  const own = vectors?.[0]?.vector
  return wordings.find(({ wording }, i) => isFor(wording, { asked: own, known: vectors?.[i + 1]?.vector }))?.id
}

/** Ranked before all others, by its score as well. */
export const bringForward = (
  ranked: readonly RankedCandidate[],
  chunks: ReadonlyMap<ChunkId, IndexedChunk>,
  verified: RevisionId | undefined,
): readonly RankedCandidate[] => {
  if (verified === undefined) return ranked
  const isVerified = ({ features }: RankedCandidate): boolean => chunks.get(features.id)?.revisionId === verified
  const best = Math.max(...ranked.map(({ fused }) => fused))
  return [
    ...ranked.filter(isVerified).map((candidate) => ({ ...candidate, fused: best })),
    ...ranked.filter((candidate) => !isVerified(candidate)),
  ]
}

/** What a passage of a verified answer shows of it. */
export const verifiedMark = (
  answer: VisibleRevision['verifiedAnswer'],
  answersQuestion: boolean,
): Pick<Passage, 'verified'> => (answer ? { verified: { by: answer.by, at: answer.at, answersQuestion } } : {})
