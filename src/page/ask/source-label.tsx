/** A document's name, cut if it is long, its revision, and the place in it, which is never cut. */
import { useTexts } from '../i18n/language-context.tsx'

interface SourceLabelProps {
  readonly name: string
  /** The revision's label; empty if unknown. */
  readonly revision: string
  readonly place: string
}

export const SourceLabel = ({ name, revision, place }: SourceLabelProps) => {
  const texts = useTexts()
  return (
    <>
      <span class="source-name">{name}</span>
      {revision !== '' && <span class="source-revision">{texts.revisions.short(revision)}</span>}
      <span class="source-place">{place}</span>
    </>
  )
}
