/**
 * What a list item begins with: bullets, numbers and letters, Chinese and Japanese numerals, circled numbers. Pure; used by the
 * PDF and text parsers.
 */

const bullets = '[•●○◦▪■□◆◇▶►▸➢➤❖✓✔‣⁃∙・※★☆–—*+\\-]'
const numbered =
  '(?:\\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)、．）]|[（(](?:\\d{1,3}|[a-zA-Z]|[ivx]{1,5}|[一二三四五六七八九十]{1,3})[）)]'
const eastern = '[一二三四五六七八九十]{1,3}[、.．]|[①-⑳❶-❿㈠-㈩⑴-⒇]|[ア-ン][.)、．）]'

const marker = new RegExp(`^(?:${bullets}|${numbered}|${eastern})$`, 'u')
const item = new RegExp(
  `^(?:(?:${bullets}|${numbered})[\\s\\u3000]+|(?:[•●◦▪■◆➢❖]|${eastern})[\\s\\u3000]*)(?=\\S)`,
  'u',
)

/** Whether the text is a marker and nothing else. */
export const isListMarker = (text: string): boolean => marker.test(text.trim())

/** Whether the text begins with a marker and goes on after it. */
export const beginsListItem = (text: string): boolean => item.test(text)

/** Whether the text is a bulleted item; numbers begin headings as well, bullets do not. */
export const beginsWithBullet = (text: string): boolean => /^[•●○◦▪■□◆◇▶►▸➢➤❖✓✔‣⁃∙・]/u.test(text)
