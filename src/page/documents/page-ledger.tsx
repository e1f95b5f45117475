/** Every page of a revision with its outcome; the failed ones once more in words. Each page opens in the viewer. */
import type { PageOutcome } from '../../core/document.ts'
import type { PageSummary } from '../../store/records.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { useFormatters } from '../shell/use-formatters.ts'

interface PageLedgerProps {
  readonly pages: readonly PageSummary[]
  readonly openPage: (page: number) => void
}

const shownProblems = 50
const methods = ['text', 'ocr', 'blank', 'failed', 'unread'] as const
const signs: Readonly<Record<PageOutcome['method'], string>> = {
  text: '',
  ocr: '',
  blank: '',
  failed: '!',
  unread: '…',
}
/** Below this the text of a scan is worth a look. */
const unsure = 0.7

const Legend = ({ pages }: { readonly pages: readonly PageSummary[] }) => {
  const texts = useTexts()
  const present = methods.filter((method) => pages.some(({ outcome }) => outcome.method === method))
  return (
    <p class="ledger-legend">
      {present.map((method) => (
        <span key={method}>
          <span class={`tile tile-${method}`} aria-hidden="true">
            {method === 'ocr' ? '%' : signs[method]}
          </span>
          {texts.documents.outcome[method]}
        </span>
      ))}
      <span class="quiet">{texts.documents.ledgerHint}</span>
    </p>
  )
}

const ProblemPages = ({ pages, openPage }: PageLedgerProps) => {
  const texts = useTexts()
  const failed = pages.flatMap(({ number, outcome }) =>
    outcome.method === 'failed' ? [{ number, code: outcome.errorCode }] : [],
  )
  if (failed.length === 0) return null
  return (
    <>
      <h3>{texts.documents.problemPages}</h3>
      <ul class="ledger-problems">
        {failed.slice(0, shownProblems).map(({ number, code }) => (
          <li key={number}>
            <button type="button" class="link" onClick={() => openPage(number)}>
              {texts.ask.page(number)}
            </button>
            {': '}
            {texts.errors[code]?.join('. ') ?? code} <code>{code}</code>
          </li>
        ))}
        {failed.length > shownProblems && <li>…</li>}
      </ul>
    </>
  )
}

const Tile = ({ page, openPage }: { readonly page: PageSummary; readonly openPage: (page: number) => void }) => {
  const { documents } = useTexts()
  const format = useFormatters()
  const { number, label, outcome, characters } = page
  const sure = outcome.method === 'ocr' ? format.percent(outcome.confidence) : ''
  const facts = [
    documents.outcome[outcome.method],
    ...(sure === '' ? [] : [documents.sure(sure)]),
    ...(characters > 0 ? [documents.characters(format.count(characters))] : []),
  ]
  const state = documents.pageState(number, facts.join(', '))
  const description = label === null ? state : `${label} – ${state}`
  const isUnsure = outcome.method === 'ocr' && outcome.confidence < unsure
  return (
    <button
      type="button"
      class={`tile tile-${outcome.method}${isUnsure ? ' tile-unsure' : ''}`}
      aria-label={description}
      title={description}
      onClick={() => openPage(number)}
    >
      <span>
        {label ?? number}
        {signs[outcome.method]}
      </span>
      {sure !== '' && <small>{sure}</small>}
    </button>
  )
}

export const PageLedger = ({ pages, openPage }: PageLedgerProps) => (
  <>
    <Legend pages={pages} />
    <ProblemPages pages={pages} openPage={openPage} />
    <ol class={pages.some(({ label }) => label !== null) ? 'tiles tiles-named' : 'tiles'}>
      {pages.map((page) => (
        <li key={page.number}>
          <Tile page={page} openPage={openPage} />
        </li>
      ))}
    </ol>
  </>
)
