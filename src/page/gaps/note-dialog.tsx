/** Asks for a note - which document is missing, why a question is dismissed - and does what it is for. */
import { useState } from 'preact/hooks'
import { type Problem, problemOf } from '../api/request.ts'
import { ModalDialog } from '../documents/modal-dialog.tsx'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'

interface NoteDialogProps {
  readonly title: string
  readonly label: string
  readonly required: boolean
  /** Closes the dialog itself where it succeeds. */
  readonly act: (note: string) => Promise<void>
  readonly close: () => void
}

export const NoteDialog = ({ title, label, required, act, close }: NoteDialogProps) => {
  const texts = useTexts()
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const submit = async () => {
    setBusy(true)
    try {
      await act(note.trim())
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  return (
    <ModalDialog title={title} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <label class="field">
          <span>{label}</span>
          <textarea
            rows={3}
            maxLength={2000}
            required={required}
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </label>
        {problem !== undefined && <ProblemNotice problem={problem} />}
        <div class="dialog-actions">
          <button type="button" onClick={close}>
            {texts.app.cancel}
          </button>
          <button type="submit" class="primary" disabled={busy || (required && note.trim() === '')}>
            {texts.gaps.confirm}
          </button>
        </div>
      </form>
    </ModalDialog>
  )
}
