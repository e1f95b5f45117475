/** Every page of a document with its outcome; the failed ones once more in words. Each page opens in the viewer. */
import type { PageSummary } from '../../store/records.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { useFormatters } from '../shell/use-formatters.ts'

interface PageLedgerProps {
  readonly pages: readonly PageSummary[]
  readonly openPage: (page: number) => void
}

const shownProblems = 50
const signs = { text: '', ocr: '', blank: '', failed: '!' } as const

export const PageLedger = ({ pages, openPage }: PageLedgerProps) => {
  const texts = useTexts()
  const format = useFormatters()
  const failed = pages.flatMap(({ number, outcome }) =>
    outcome.method === 'failed' ? [{ number, code: outcome.errorCode }] : [],
  )
  const present = (['text', 'ocr', 'blank', 'failed'] as const).filter((method) =>
    pages.some(({ outcome }) => outcome.method === method),
  )
  return (
    <section class="ledger">
      <h2>{texts.documents.ledger}</h2>
      <p class="ledger-legend">
        {present.map((method) => (
          <span key={method}>
            <span class={`tile tile-${method}`} aria-hidden="true">
              {signs[method]}
            </span>
            {texts.documents.outcome[method]}
          </span>
        ))}
        <span class="quiet">{texts.documents.ledgerHint}</span>
      </p>
      {failed.length > 0 && (
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
      )}
      <ol class="tiles">
        {pages.map(({ number, outcome, characters }) => {
          const label = texts.documents.pageState(
            number,
            outcome.method === 'text' || outcome.method === 'ocr'
              ? `${texts.documents.outcome[outcome.method]}, ${texts.documents.characters(format.count(characters))}`
              : texts.documents.outcome[outcome.method],
          )
          return (
            <li key={number}>
              <button
                type="button"
                class={`tile tile-${outcome.method}`}
                aria-label={label}
                title={label}
                onClick={() => openPage(number)}
              >
                {number}
                {signs[outcome.method]}
              </button>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
