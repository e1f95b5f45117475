/** Asks before a document is deleted, and deletes it. */
import { useState } from 'preact/hooks'
import type { DocumentRecord } from '../../store/records.ts'
import { removeDocument } from '../api/documents.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { ModalDialog } from './modal-dialog.tsx'

interface DeleteDialogProps {
  readonly document: DocumentRecord
  readonly close: () => void
  readonly onDeleted: () => void
}

export const DeleteDialog = ({ document, close, onDeleted }: DeleteDialogProps) => {
  const texts = useTexts()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const remove = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await removeDocument(document.id)
      close()
      onDeleted()
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  return (
    <ModalDialog title={texts.documents.removeTitle} close={close}>
      <p>{texts.documents.removeText(document.name)}</p>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <div class="dialog-actions">
        <button type="button" onClick={close}>
          {texts.app.cancel}
        </button>
        <button type="button" class="danger" disabled={busy} onClick={() => void remove()}>
          {texts.documents.removeConfirm}
        </button>
      </div>
    </ModalDialog>
  )
}
