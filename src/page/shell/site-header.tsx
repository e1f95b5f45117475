/** The name of the house, the views, how many questions wait for an answer, and the language. */
import { useTexts } from '../i18n/language-context.tsx'
import logo from '../kura.svg'
import { LanguagePicker } from './language-picker.tsx'
import { useFormatters } from './use-formatters.ts'
import { useGapCount } from './use-gap-count.ts'
import { askAddress, documentsAddress, gapsAddress, type Route } from './use-route.ts'

export const SiteHeader = ({ route }: { readonly route: Route }) => {
  const texts = useTexts()
  const format = useFormatters()
  const waiting = useGapCount(route)
  const inGaps = route.view === 'gaps' || route.view === 'gap'
  const inDocuments = ['documents', 'document', 'answers', 'jobs'].includes(route.view)
  return (
    <header class="site-header">
      <a class="brand" href={askAddress}>
        <img src={logo} alt="" width="32" height="32" />
        <span class="brand-name">Kura</span>
        <span class="brand-kanji" lang="ja" aria-hidden="true">
          蔵
        </span>
      </a>
      <nav aria-label={texts.nav.label}>
        <a href={askAddress} aria-current={route.view === 'ask' ? 'page' : undefined}>
          {texts.nav.ask}
        </a>
        <a href={documentsAddress} aria-current={inDocuments ? 'page' : undefined}>
          {texts.nav.documents}
        </a>
        <a href={gapsAddress} aria-current={inGaps ? 'page' : undefined}>
          {texts.gaps.heading}
          {waiting > 0 && (
            <span class="nav-count" title={texts.gaps.waiting(format.count(waiting))}>
              {format.count(waiting)}
            </span>
          )}
        </a>
      </nav>
      <LanguagePicker />
    </header>
  )
}
