/** Entry of the page. */
import { render } from 'preact'
import { App } from './app.tsx'
import { LanguageProvider } from './i18n/language-context.tsx'
import './styles/base.css'
import './styles/shell.css'
import './styles/ask.css'
import './styles/documents.css'
import './styles/revisions.css'
import './styles/gaps.css'
import './styles/viewer.css'

const root = document.getElementById('app')
if (root !== null) {
  render(
    <LanguageProvider>
      <App />
    </LanguageProvider>,
    root,
  )
}
