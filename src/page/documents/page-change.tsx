/** One page of the difference between two revisions. Long stretches that stayed the same are cut to what surrounds the changes. */
import type { RevisionRecord } from '../../store/records.ts'
import type { PageDifference } from '../api/revisions.ts'
import { useTexts } from '../i18n/language-context.tsx'

interface PageChangeProps {
  readonly page: PageDifference
  readonly older: RevisionRecord | undefined
  readonly newer: RevisionRecord | undefined
  readonly openPage: (revision: RevisionRecord, page: number) => void
}

const contextCharacters = 160

/** The ends of a stretch that stayed the same: of the first one only its end, of the last one only its beginning. */
export const cutSame = (text: string, place: 'first' | 'middle' | 'last' | 'only'): string => {
  const head = place === 'middle' || place === 'last' ? contextCharacters : 0
  const tail = place === 'middle' || place === 'first' ? contextCharacters : 0
  if (place === 'only' || text.length <= head + tail + 40) return text
  return `${text.slice(0, head)} … ${tail === 0 ? '' : text.slice(-tail)}`.trim()
}

const placeOf = (index: number, count: number) => {
  if (count === 1) return 'only'
  if (index === 0) return 'first'
  return index === count - 1 ? 'last' : 'middle'
}

const Parts = ({ parts }: { readonly parts: PageDifference['parts'] }) => {
  const { difference } = useTexts()
  if (parts.length === 0) return null
  return (
    <p class="page-change-text">
      {parts.map(({ kind, text }, index) => {
        if (kind === 'same') return <span key={index}>{cutSame(text, placeOf(index, parts.length))}</span>
        const Tag = kind === 'added' ? 'ins' : 'del'
        return (
          <Tag key={index}>
            <span class="hidden">{kind === 'added' ? difference.added : difference.removed} </span>
            {text}
          </Tag>
        )
      })}
    </p>
  )
}

export const PageChange = ({ page, older, newer, openPage }: PageChangeProps) => {
  const texts = useTexts()
  const link = (revision: RevisionRecord | undefined, number: number | null) =>
    revision !== undefined &&
    number !== null && (
      <button type="button" class="link" onClick={() => openPage(revision, number)}>
        {texts.revisions.short(revision.label)}, {texts.ask.page(number)}
      </button>
    )
  return (
    <article class={`page-change page-change-${page.change}`}>
      <h3>
        {page.label === '' ? texts.difference.page(page.from, page.to) : page.label}{' '}
        <span class={`change change-${page.change}`}>{texts.difference.changes[page.change]}</span>
        <span class="page-change-links">
          {link(older, page.from)}
          {link(newer, page.to)}
        </span>
      </h3>
      <Parts parts={page.parts} />
    </article>
  )
}
