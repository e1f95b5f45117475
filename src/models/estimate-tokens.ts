/**
 * Token counts for engines that do not tell: a rule of thumb on the safe side, never used with the model host.
 */

/** Characters of alphabetic text in a token; tokenizers of today come to 3.5 to 4.5 in English, less in part lists. */
const charactersPerToken = 3
/** Han, kana, hangul, full-width forms: about a token each, at worst more. */
const wideCharacter = /[\u1100-\u11FF\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFFEF\u{20000}-\u{3FFFF}]/gu

/** One token for each wide character, and one for every three of the others. */
export const estimateTokens = (text: string): number => {
  const wide = text.match(wideCharacter)?.length ?? 0
  return wide + Math.ceil(text.replace(wideCharacter, '').length / charactersPerToken)
}
