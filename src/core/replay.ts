/**
 * What it shows to answer a recorded question again: by the same sources with the model in use, and from today's documents.
 * Made by `src/compare/replay-answer.ts`, shown by the API and `kura replay`.
 */
import type { Answer, Passage, Statement } from './answer.ts'

/** Something that an answer depends on, as it was and as it is; null where there is none, or it is not known. */
export interface ReplayChange {
  readonly what: 'model' | 'adapter' | 'prompt' | 'embedding' | 'ranking' | 'kura'
  readonly before: string | null
  readonly now: string | null
}

/** Statements by their text, width, case and blanks aside. */
export interface StatementChanges {
  readonly kept: readonly Statement[]
  readonly gone: readonly Statement[]
  readonly added: readonly Statement[]
}

export interface ReplayedDraft {
  readonly promptId: string
  readonly promptVersion: number
  /** What the model wrote, word for word. */
  readonly before: string
  readonly now: string
}

/**
 * `superseded`, `withdrawn`, `removed`: what became of the revision that it was from;
 * `found_no_more`: it is in force, and others came before it.
 */
export type GoneReason = 'superseded' | 'withdrawn' | 'removed' | 'found_no_more'

export interface GonePassage {
  readonly passage: Passage
  readonly reason: GoneReason
  /** Label of the revision that is in force now, where another one is. */
  readonly revisionNow?: string
}

export interface Replay {
  readonly before: Answer
  /** The question as it was searched for, understood without the turns before it. */
  readonly standalone: string
  /** What else is different from then; empty where nothing is. */
  readonly changes: readonly ReplayChange[]
  /** The same prompts, sources and settings, with the model in use; null where no model was asked then. */
  readonly again: {
    readonly model: string
    readonly drafts: readonly ReplayedDraft[]
    /** What the checks of today leave of the drafts of then, and of those of now. */
    readonly statements: StatementChanges
  } | null
  /** The question asked anew, from the documents that are in force now. It is not recorded. */
  readonly today: {
    readonly answer: Answer
    readonly statements: StatementChanges
    readonly passages: {
      readonly kept: readonly Passage[]
      readonly gone: readonly GonePassage[]
      readonly added: readonly Passage[]
    }
  }
  /** Whether both say what was said then. */
  readonly same: boolean
}
