/** Asks before a document is deleted, and deletes it. */
import type { DocumentRecord } from '../../store/records.ts'
import { removeDocument } from '../api/documents.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'

interface DeleteDialogProps {
  readonly document: DocumentRecord
  readonly close: () => void
  readonly onDeleted: () => void
}

export const DeleteDialog = ({ document, close, onDeleted }: DeleteDialogProps) => {
  const texts = useTexts()
  return (
    <ConfirmDialog
      title={texts.documents.removeTitle}
      text={texts.documents.removeText(document.name)}
      confirm={texts.documents.removeConfirm}
      danger={true}
      act={() => removeDocument(document.id)}
      close={close}
      onDone={onDeleted}
    />
  )
}
