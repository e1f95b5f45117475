/** English texts about revisions, their differences, and what is being processed. The other languages have the same keys. */
import type { RevisionValidity } from '../../store/records.ts'

const validities: Record<RevisionValidity, string> = {
  draft: 'Draft',
  scheduled: 'Scheduled',
  effective: 'In force',
  superseded: 'Superseded',
  withdrawn: 'Withdrawn',
}

export const libraryEn = {
  revisions: {
    heading: 'Revisions',
    hint: 'Only the revision in force answers questions. Earlier ones answer questions “as of” their time.',
    validities,
    label: 'Revision',
    validity: 'State',
    from: 'In force from',
    until: 'Until',
    inForce: 'In force',
    noneInForce: 'none',
    short: (label: string) => `Rev. ${label}`,
    ofPages: 'Pages of revision',
    add: 'New revision',
    addTitle: (name: string) => `New revision of ${name}`,
    file: 'File',
    labelHint: 'Left empty, it is numbered.',
    fromHint: 'Left empty: from the moment it has been read. A day to come schedules it.',
    draft: 'Keep as a draft: it answers only after someone has put it in force',
    upload: 'Upload revision',
    enforce: 'Put in force now',
    enforceNamed: (label: string) => `Put revision ${label} in force now`,
    enforceText: (label: string) => `From now on questions are answered from revision ${label} only.`,
    rollBack: 'Roll back to this one',
    rollBackNamed: (label: string) => `Roll back to revision ${label}`,
    rollBackText: (label: string) =>
      `From now on revision ${label} answers again, and the one now in force does not. Nothing is deleted.`,
    withdraw: 'Withdraw',
    withdrawNamed: (label: string) => `Withdraw revision ${label}`,
    withdrawText: (label: string) =>
      `From now on no revision of this document answers; revision ${label} is kept and can be put in force again.`,
    sure: 'Yes, do it',
  },
  difference: {
    heading: 'What changed',
    older: 'From revision',
    newer: 'to revision',
    all: 'Show unchanged pages too',
    none: 'The text of the two revisions is the same.',
    unchanged: (count: number) => (count === 1 ? '1 page is unchanged.' : `${count} pages are unchanged.`),
    page: (from: number | null, to: number | null) =>
      from === null ? `Page ${to}` : to === null || from === to ? `Page ${from}` : `Page ${from}, now page ${to}`,
    changes: { same: 'unchanged', changed: 'changed', added: 'added', removed: 'removed' },
    added: 'Added:',
    removed: 'Removed:',
  },
  related: {
    inside: 'Files inside this one',
    insideOf: (entry: string) => `It was inside another file, as “${entry}”.`,
    showOuter: 'Show that file',
    nearDuplicate: (percent: string) => `${percent} the same as`,
    nearDuplicateAsk: 'Is one a revision of the other? Then upload it as a revision, so that only one answers.',
  },
  jobs: {
    heading: 'Processing',
    documentsTab: 'All documents',
    pause: 'Pause all',
    resume: 'Go on',
    paused: 'Processing is paused',
    pausedText: 'Uploads are kept, but nothing is read until you go on. Questions are answered as before.',
    underWay: 'Under way',
    troubled: 'Ended with a problem',
    finished: 'Finished lately',
    none: 'Nothing is being processed.',
  },
}
