/** Uploads a new revision of a document: its file, its label, and from when it is to be in force, or that it is a draft. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { DocumentRecord } from '../../store/records.ts'
import type { UploadFields } from '../api/upload-file.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ModalDialog } from './modal-dialog.tsx'
import { accept } from './upload-area.tsx'

interface RevisionDialogProps {
  readonly document: DocumentRecord
  readonly upload: (file: File, fields: UploadFields) => void
  readonly close: () => void
}

interface FieldProps {
  readonly label: string
  readonly hint?: string
  readonly children: ComponentChildren
}

const Field = ({ label, hint, children }: FieldProps) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
  <label class="field">
    <span>{label}</span>
    {children}
    {hint !== undefined && <small class="quiet">{hint}</small>}
  </label>
)

export const RevisionDialog = ({ document, upload, close }: RevisionDialogProps) => {
  const texts = useTexts()
  const [file, setFile] = useState<File | undefined>(undefined)
  const [label, setLabel] = useState('')
  const [from, setFrom] = useState('')
  const [draft, setDraft] = useState(false)
  const submit = () => {
    if (file === undefined) return
    upload(file, {
      revisionOf: document.id,
      ...(label.trim() === '' ? {} : { revision: label.trim() }),
      ...(draft ? { status: 'draft' } : from === '' ? {} : { effectiveFrom: from }),
    })
    close()
  }
  return (
    <ModalDialog title={texts.revisions.addTitle(document.name)} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Field label={texts.revisions.file}>
          <input
            type="file"
            accept={accept}
            required
            onChange={(event) => setFile(event.currentTarget.files?.[0] ?? undefined)}
          />
        </Field>
        <Field label={texts.revisions.label} hint={texts.revisions.labelHint}>
          <input type="text" maxLength={100} value={label} onInput={(event) => setLabel(event.currentTarget.value)} />
        </Field>
        <Field label={texts.revisions.from} hint={texts.revisions.fromHint}>
          <input
            type="date"
            value={draft ? '' : from}
            disabled={draft}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
        </Field>
        <label class="check">
          <input type="checkbox" checked={draft} onChange={(event) => setDraft(event.currentTarget.checked)} />
          <span>{texts.revisions.draft}</span>
        </label>
        <div class="dialog-actions">
          <button type="button" onClick={close}>
            {texts.app.cancel}
          </button>
          <button type="submit" class="primary" disabled={file === undefined}>
            {texts.revisions.upload}
          </button>
        </div>
      </form>
    </ModalDialog>
  )
}
