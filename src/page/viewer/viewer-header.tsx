/** The name and the revision of the document that is shown, a way to the file itself, and out. */
import type { RefObject } from 'preact'
import { originalPath } from '../api/documents.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import type { ShownContent } from './viewer-target.ts'

interface ViewerHeaderProps {
  readonly content: ShownContent
  readonly closeButton: RefObject<HTMLButtonElement | null>
  readonly close: () => void
}

export const ViewerHeader = ({ content, closeButton, close }: ViewerHeaderProps) => {
  const texts = useTexts()
  return (
    <header class="viewer-header">
      <h2 title={content.documentName}>{content.documentName}</h2>
      {content.revision !== '' && <span class="viewer-revision">{texts.revisions.short(content.revision)}</span>}
      <a
        class="button plain"
        href={originalPath(content.documentId, content.revisionId)}
        target="_blank"
        rel="noreferrer"
        aria-label={texts.viewer.original}
        title={texts.viewer.original}
      >
        <Icon name="external" />
        <span class="viewer-original">{texts.viewer.original}</span>
      </a>
      <button ref={closeButton} type="button" class="plain" aria-label={texts.app.close} onClick={close}>
        <Icon name="close" />
      </button>
    </header>
  )
}
