/** What is left of "Page 3 of 12" in headers and footers of Office files, where numbers are fields. Pure. */

const words = /\b(?:page|seite|of|von|de|sur|p)\b\.?|[页頁第共]|ページ/giu

/** Whether the text says nothing but where the page stands, without or with its numbers. A longer number is that of the document. */
export const isPageNumber = (text: string): boolean => {
  const rest = text.replace(words, ' ').trim()
  return rest === text.trim()
    ? /^[-–—(|\s]*\d{0,4}[-–—)|\s]*$|^\d{1,4}\s*\/\s*\d{1,4}$/u.test(rest)
    : /^[\s\d/|.,\-–—()]*$/u.test(rest)
}
