/**
 * The questions of a tuning in two parts: one to fit on, one held out, never looked at before the comparison. In: questions with their candidates. Out: cases,
 * split by document, so that what is measured is how other documents do; where there are few documents, by stretches of them.
 */
import type { LanguageClass } from '../answer/evidence.ts'
import { seededRandom, shuffled } from '../core/seeded-random.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import type { GeneratedQuestion } from '../store/tuning-records.ts'
import type { Candidates } from './find-candidates.ts'
import type { FoundQuestion } from './make-questions.ts'

export interface TuningCase {
  readonly question: GeneratedQuestion
  readonly candidates: Candidates
  readonly languageClass: LanguageClass
  /** Document, or stretch of one: never in both parts. */
  readonly group: string
  /** Whether a group is a document. */
  readonly isSplitByDocument: boolean
}

export interface SplitCases {
  readonly fit: readonly TuningCase[]
  readonly heldOut: readonly TuningCase[]
}

/** With fewer documents one of them would make a part, or none would. */
const minDocuments = 6
/** Chunks of a stretch: some pages. */
export const stretchChunks = 8
/** Share of the questions that is held out. */
const heldOutShare = 0.4

export const languageClassOf = ({ language, passageLanguage }: GeneratedQuestion): LanguageClass => {
  const [asked, found] = [familyOf(language), familyOf(passageLanguage)]
  return asked === found && asked !== 'und' ? asked : 'cross'
}

export const toCases = (found: readonly FoundQuestion[]): TuningCase[] => {
  const documents = new Set(found.map(({ question }) => question.documentId))
  const isSplitByDocument = documents.size >= minDocuments
  return found.map(({ question, candidates }) => ({
    question,
    candidates,
    languageClass: languageClassOf(question),
    isSplitByDocument,
    group: isSplitByDocument
      ? question.documentId
      : `${question.documentId} ${Math.floor(question.ordinal / stretchChunks)}`,
  }))
}

/** Whole groups, in the order of the seed, until the share is reached. */
export const splitCases = (cases: readonly TuningCase[], seed: number, share = heldOutShare): SplitCases => {
  const groups = shuffled([...new Set(cases.map(({ group }) => group))].sort(), seededRandom(seed))
  const heldOutGroups = new Set<string>()
  let held = 0
  for (const group of groups) {
    if (held >= share * cases.length) break
    heldOutGroups.add(group)
    held += cases.filter((each) => each.group === group).length
  }
  return {
    fit: cases.filter(({ group }) => !heldOutGroups.has(group)),
    heldOut: cases.filter(({ group }) => heldOutGroups.has(group)),
  }
}
