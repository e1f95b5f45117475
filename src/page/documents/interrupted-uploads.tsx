/** Uploads that were under way when the page was left: choosing the same files again goes on with them. */
import { useEffect, useState } from 'preact/hooks'
import { forgetInterrupted, type InterruptedUpload, listInterrupted } from '../api/upload-file.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import type { Upload } from './use-uploads.ts'

export const InterruptedUploads = ({ uploads }: { readonly uploads: readonly Upload[] }) => {
  const texts = useTexts()
  const format = useFormatters()
  const [interrupted, setInterrupted] = useState<readonly InterruptedUpload[]>([])
  useEffect(() => {
    listInterrupted().then(setInterrupted, () => undefined)
  }, [])
  const chosenAgain = ({ name, bytes }: InterruptedUpload) =>
    uploads.some(({ file }) => file.name === name && file.size === bytes)
  const shown = interrupted.filter((upload) => !chosenAgain(upload))
  if (shown.length === 0) return null
  const forget = (upload: InterruptedUpload) => {
    setInterrupted((all) => all.filter(({ key }) => key !== upload.key))
    void forgetInterrupted(upload)
  }
  return (
    <section class="notice notice-quiet interrupted">
      <p>{texts.uploads.paused}</p>
      <ul>
        {shown.map((upload) => (
          <li key={upload.key}>
            {upload.name} <span class="quiet">{format.bytes(upload.bytes)}</span>
            <button
              type="button"
              class="plain small"
              aria-label={texts.uploads.forget(upload.name)}
              title={texts.uploads.forget(upload.name)}
              onClick={() => forget(upload)}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
