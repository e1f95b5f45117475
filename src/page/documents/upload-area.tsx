/** Takes files by button or by drag and drop, into the chosen collection. */
import { useRef, useState } from 'preact/hooks'
import type { CollectionRecord } from '../../store/records.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'

interface UploadAreaProps {
  /** Undefined until they are known. */
  readonly collections: readonly CollectionRecord[] | undefined
  /** Id of the collection that files go into; empty where there is none. */
  readonly target: string
  readonly choose: (id: string) => void
  readonly create: () => void
  readonly add: (files: readonly File[], collectionId: string) => void
}

export const UploadArea = ({ collections, target, choose, create, add }: UploadAreaProps) => {
  const texts = useTexts()
  const picker = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const none = collections?.length === 0
  const take = (files: FileList | null | undefined) => {
    if (files && files.length > 0 && target !== '') add([...files], target)
  }
  return (
    <section
      class={over ? 'upload-area upload-over' : 'upload-area'}
      aria-label={texts.documents.upload}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(target !== '')
      }}
      onDragLeave={(event) => {
        if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))) setOver(false)
      }}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer?.files)
      }}
    >
      <div class="upload-choose">
        <input
          ref={picker}
          type="file"
          multiple
          class="hidden"
          tabIndex={-1}
          aria-hidden="true"
          accept=".pdf,.docx,.md,.markdown,.html,.htm,.txt"
          onChange={(event) => {
            take(event.currentTarget.files)
            event.currentTarget.value = ''
          }}
        />
        <button type="button" class="primary" disabled={target === ''} onClick={() => picker.current?.click()}>
          <Icon name="upload" />
          {texts.documents.choose}
        </button>
        <p>
          {over ? texts.documents.dropNow : texts.documents.drop}
          <span class="quiet">{texts.documents.formats}</span>
        </p>
      </div>
      <div class="upload-into">
        {none && <p>{texts.documents.collectionFirst}</p>}
        {collections !== undefined && collections.length > 0 && (
          <label class="picker">
            <span>{texts.documents.into}</span>
            <select value={target} onChange={(event) => choose(event.currentTarget.value)}>
              {collections.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <button type="button" onClick={create}>
          <Icon name="plus" />
          {texts.documents.newCollection}
        </button>
      </div>
    </section>
  )
}
