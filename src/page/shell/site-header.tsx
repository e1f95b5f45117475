/** The name of the house, the two views, and the language. */
import { useTexts } from '../i18n/language-context.tsx'
import logo from '../kura.svg'
import { LanguagePicker } from './language-picker.tsx'
import { askAddress, documentsAddress, type Route } from './use-route.ts'

export const SiteHeader = ({ route }: { readonly route: Route }) => {
  const texts = useTexts()
  const inDocuments = route.view === 'documents' || route.view === 'document' || route.view === 'jobs'
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
      </nav>
      <LanguagePicker />
    </header>
  )
}
