/** Asks before something is done that others notice, and does it. */
import { useState } from 'preact/hooks'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { ModalDialog } from './modal-dialog.tsx'

interface ConfirmDialogProps {
  readonly title: string
  readonly text: string
  readonly confirm: string
  /** It can not be undone, or takes something away. */
  readonly danger: boolean
  readonly act: () => Promise<void>
  readonly close: () => void
  readonly onDone: () => void
}

export const ConfirmDialog = ({ title, text, confirm, danger, act, close, onDone }: ConfirmDialogProps) => {
  const texts = useTexts()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const run = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await act()
      close()
      onDone()
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  return (
    <ModalDialog title={title} close={close}>
      <p>{text}</p>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <div class="dialog-actions">
        <button type="button" onClick={close}>
          {texts.app.cancel}
        </button>
        <button type="button" class={danger ? 'danger' : 'primary'} disabled={busy} onClick={() => void run()}>
          {confirm}
        </button>
      </div>
    </ModalDialog>
  )
}
