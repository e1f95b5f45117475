/** Makes a collection: a name and, if wished, what it is for. */
import { useState } from 'preact/hooks'
import { createCollection } from '../api/documents.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { ModalDialog } from './modal-dialog.tsx'

interface CreateCollectionDialogProps {
  readonly close: () => void
  readonly onCreated: (id: string) => void
}

export const CreateCollectionDialog = ({ close, onCreated }: CreateCollectionDialogProps) => {
  const texts = useTexts()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const create = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { id } = await createCollection(name.trim(), description.trim())
      close()
      onCreated(id)
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  return (
    <ModalDialog title={texts.collections.title} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '' && !busy) void create()
        }}
      >
        <label class="field">
          <span>{texts.collections.name}</span>
          <input
            type="text"
            maxLength={100}
            required
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>{texts.collections.description}</span>
          <input
            type="text"
            maxLength={500}
            value={description}
            onInput={(event) => setDescription(event.currentTarget.value)}
          />
        </label>
        {problem !== undefined && <ProblemNotice problem={problem} />}
        <div class="dialog-actions">
          <button type="button" onClick={close}>
            {texts.app.cancel}
          </button>
          <button type="submit" class="primary" disabled={busy || name.trim() === ''}>
            {texts.collections.create}
          </button>
        </div>
      </form>
    </ModalDialog>
  )
}
