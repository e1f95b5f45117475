/** Takes files and folders by button or by drag and drop, into the chosen collection. */
import type { RefObject } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { CollectionRecord } from '../../store/records.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { droppedFiles, isForPeople } from './dropped-files.ts'

interface UploadAreaProps {
  /** Undefined until they are known. */
  readonly collections: readonly CollectionRecord[] | undefined
  /** Id of the collection that files go into; empty where there is none. */
  readonly target: string
  readonly choose: (id: string) => void
  readonly create: () => void
  readonly add: (files: readonly File[], collectionId: string) => void
}

/** What the file dialog offers first; the server looks at the content, not at the name. */
export const accept =
  '.pdf,.docx,.xlsx,.xlsm,.pptx,.doc,.xls,.ppt,.csv,.tsv,.txt,.md,.markdown,.html,.htm,.eml,.msg,.png,.jpg,.jpeg,.tif,.tiff,.zip'

interface FileInputProps {
  readonly input: RefObject<HTMLInputElement | null>
  readonly kinds: { readonly accept: string } | { readonly webkitdirectory: true }
  readonly take: (files: readonly File[]) => void
}

/** Opened by a button: it is not seen itself. */
const FileInput = ({ input, kinds, take }: FileInputProps) => (
  <input
    ref={input}
    type="file"
    multiple
    class="hidden"
    tabIndex={-1}
    aria-hidden="true"
    {...kinds}
    onChange={(event) => {
      take([...(event.currentTarget.files ?? [])].filter(({ name }) => isForPeople(name)))
      event.currentTarget.value = ''
    }}
  />
)

/** The collection that files go into. */
const Destination = ({ collections, target, choose, create }: Omit<UploadAreaProps, 'add'>) => {
  const texts = useTexts()
  return (
    <div class="upload-into">
      {collections?.length === 0 && <p>{texts.documents.collectionFirst}</p>}
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
  )
}

export const UploadArea = ({ collections, target, choose, create, add }: UploadAreaProps) => {
  const texts = useTexts()
  const picker = useRef<HTMLInputElement>(null)
  const folderPicker = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: readonly File[]) => {
    if (files.length > 0 && target !== '') add(files, target)
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
        void droppedFiles(event.dataTransfer?.items ?? []).then(take)
      }}
    >
      <div class="upload-choose">
        <FileInput input={picker} take={take} kinds={{ accept }} />
        <FileInput input={folderPicker} take={take} kinds={{ webkitdirectory: true }} />
        <button type="button" class="primary" disabled={target === ''} onClick={() => picker.current?.click()}>
          <Icon name="upload" />
          {texts.documents.choose}
        </button>
        <button
          type="button"
          class="choose-folder"
          disabled={target === ''}
          onClick={() => folderPicker.current?.click()}
        >
          {texts.documents.chooseFolder}
        </button>
        <p>
          {over ? texts.documents.dropNow : texts.documents.drop}
          <span class="quiet">{texts.documents.formats}</span>
        </p>
      </div>
      <Destination collections={collections} target={target} choose={choose} create={create} />
    </section>
  )
}
