/** What may be done with a revision in its state: put it in force, roll back to it, withdraw it. Each asks first. */
import { useState } from 'preact/hooks'
import type { RevisionRecord } from '../../store/records.ts'
import { changeRevision } from '../api/revisions.ts'
import type { Texts } from '../i18n/en.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'

interface RevisionActionProps {
  readonly revision: RevisionRecord
  readonly onChanged: () => void
}

const actionOf = ({ validity, label }: RevisionRecord, { revisions }: Texts) => {
  switch (validity) {
    case 'effective':
      return {
        status: 'withdrawn',
        button: revisions.withdraw,
        title: revisions.withdrawNamed(label),
        text: revisions.withdrawText(label),
      } as const
    case 'draft':
    case 'scheduled':
      return {
        status: 'effective',
        button: revisions.enforce,
        title: revisions.enforceNamed(label),
        text: revisions.enforceText(label),
      } as const
    case 'superseded':
    case 'withdrawn':
      return {
        status: 'effective',
        button: revisions.rollBack,
        title: revisions.rollBackNamed(label),
        text: revisions.rollBackText(label),
      } as const
  }
}

export const RevisionAction = ({ revision, onChanged }: RevisionActionProps) => {
  const texts = useTexts()
  const [asking, setAsking] = useState(false)
  const { status, button, title, text } = actionOf(revision, texts)
  // what could not be read has nothing to answer with
  if (revision.status === 'failed' || revision.status === 'cancelled') return null
  return (
    <>
      <button
        type="button"
        class={status === 'withdrawn' ? 'small danger-plain' : 'small'}
        aria-label={title}
        onClick={() => setAsking(true)}
      >
        {button}
      </button>
      {asking && (
        <ConfirmDialog
          title={`${title}?`}
          text={text}
          confirm={texts.revisions.sure}
          danger={status === 'withdrawn'}
          act={() => changeRevision(revision.documentId, revision.id, { status })}
          close={() => setAsking(false)}
          onDone={onChanged}
        />
      )}
    </>
  )
}
