/** Switches the language of the page; each language is written in itself. */
import { ownNames, pageLanguages } from '../i18n/language.ts'
import { useLanguage } from '../i18n/language-context.tsx'

export const LanguagePicker = () => {
  const { language, texts, choose } = useLanguage()
  return (
    <select
      class="language-picker"
      aria-label={texts.app.language}
      value={language}
      onChange={(event) => {
        const chosen = pageLanguages.find((candidate) => candidate === event.currentTarget.value)
        if (chosen !== undefined) choose(chosen)
      }}
    >
      {pageLanguages.map((candidate) => (
        <option key={candidate} value={candidate} lang={candidate}>
          {ownNames[candidate]}
        </option>
      ))}
    </select>
  )
}
