/** English texts about open questions and verified answers. The other languages have the same keys. */
import type { GapReason, GapState } from '../../store/gap-records.ts'

const states: Record<GapState, string> = {
  open: 'Open',
  expired: 'Answer expired',
  answered: 'Answered',
  document_missing: 'Document missing',
  dismissed: 'Dismissed',
}

const reasons: Record<GapReason, string> = { not_found: 'Nothing was found', voted_down: 'Answer was voted down' }

export const gapsEn = {
  gaps: {
    heading: 'Open questions',
    intro:
      'Questions that found no answer, and answers that did not help. What you answer here is given first from then on.',
    waiting: (count: string) => `${count} wait for an answer`,
    none: 'No question is waiting here.',
    state: 'State',
    anyState: 'Any state',
    states,
    reasons,
    asked: (count: string) => `asked ${count}×`,
    lastAsked: 'Last asked',
    wordings: 'How it was asked',
    correction: 'Correction:',
    nearest: 'Nearest passages',
    note: 'Note:',
    back: 'All open questions',
    answer: 'Answer it',
    answerAgain: 'Answer it anew',
    answerText: 'Answer',
    answerHint: 'It is given word for word; each line is one statement.',
    alsoAnswers: 'It answers',
    otherWordings: 'Other wordings',
    otherWordingsHint: 'One on each line, in other languages too.',
    cite: 'What it stands on',
    citeHint: 'Search and choose passages. When one of them is revised, the answer expires by itself.',
    search: 'Search the documents',
    find: 'Find',
    nothingFound: 'Nothing was found.',
    choose: (name: string, place: string) => `Cite ${name}, ${place}`,
    chosen: 'Chosen',
    drop: (name: string, place: string) => `Do not cite ${name}, ${place}`,
    sign: 'Signed by',
    signHint: 'Name of who answers for it. Needed where nothing is cited.',
    save: 'Save the verified answer',
    missing: 'Document missing',
    missingNote: 'Which document would answer it?',
    dismiss: 'Dismiss',
    dismissNote: 'Why? (optional)',
    reopen: 'Reopen',
    confirm: 'Save',
    verifiedAnswer: 'Verified answer',
    verifiedBy: (name: string, day: string) => `Verified by ${name}, ${day}`,
    preparing: 'It is being made searchable.',
    expired:
      'What it cites is not in force any more, so it is not given. Check it against the new revision and answer anew.',
    notInForce: 'not in force any more',
    showDocument: 'Show document',
    answersTab: 'Verified answers',
    noAnswers: 'There are no verified answers yet.',
  },
}
