/**
 * Gives every component the texts of the chosen language, and keeps `<html lang>` right, so that Han characters are drawn
 * with the glyphs of the language.
 */
import { type ComponentChildren, createContext } from 'preact'
import { useContext, useLayoutEffect, useMemo, useState } from 'preact/hooks'
import type { Texts } from './en.ts'
import { dictionaries, type PageLanguage, resolveLanguage } from './language.ts'

const storageKey = 'kura.language'

interface LanguageChoice {
  readonly language: PageLanguage
  readonly texts: Texts
  readonly choose: (language: PageLanguage) => void
}

/** Storage may be closed to the page (private windows, policies): the choice lasts as long as the page then. */
const readStored = (): string | null => {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}

const store = (language: PageLanguage): void => {
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // the choice is not kept
  }
}

const LanguageContext = createContext<LanguageChoice>({
  language: 'en',
  texts: dictionaries.en,
  choose: () => undefined,
})

export const LanguageProvider = ({ children }: { readonly children: ComponentChildren }) => {
  const [language, setLanguage] = useState<PageLanguage>(() => resolveLanguage(readStored(), navigator.languages))
  const texts = dictionaries[language]
  useLayoutEffect(() => {
    document.documentElement.lang = language
    document.title = `${texts.app.title} · ${texts.app.tagline}`
  }, [language, texts])
  const value = useMemo<LanguageChoice>(
    () => ({
      language,
      texts,
      choose: (chosen) => {
        store(chosen)
        setLanguage(chosen)
      },
    }),
    [language, texts],
  )
  return <LanguageContext.Provider value={value}>{children}</LanguageContext.Provider>
}

export const useLanguage = (): LanguageChoice => useContext(LanguageContext)

/** The texts of the chosen language. */
export const useTexts = (): Texts => useContext(LanguageContext).texts
