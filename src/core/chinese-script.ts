/**
 * Traditional and Simplified Chinese characters. Both directions change Chinese characters only; everything else passes as it is.
 */
import { Converter as TraditionalConverter } from 'opencc-js/cn2t'
import { Converter as SimplifiedConverter } from 'opencc-js/t2cn'
import type { Language } from './document.ts'

export const toSimplified: (text: string) => string = SimplifiedConverter({ from: 't', to: 'cn' })

const toTraditional = TraditionalConverter({ from: 'cn', to: 'tw' })

/** Small models asked for one Chinese script write the other; text in other languages is left as it is. */
export const toScriptOf = (language: Language, text: string): string => {
  if (language === 'zh-Hant') return toTraditional(text)
  return language === 'zh-Hans' ? toSimplified(text) : text
}
