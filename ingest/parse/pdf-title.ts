/**
 * The title that a PDF gives itself. In: the document's metadata and the text of some of its pages. Out: the title, or nothing where it is the name of a file, of a program, or
 * of another document: it stands above every passage for the embedder, so a wrong one harms them all.
 */
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { collapseBlanks } from './page-builder.ts'
import { isGarbled } from './text-quality.ts'

const maxLength = 200
/** Part of a title's words (of Chinese and Japanese ones, pairs of characters) that the document has to have itself. */
const minShare = 0.5
const noTitle =
  /^(?:untitled|無題|无标题|無標題|microsoft (?:word|powerpoint|excel) - |(?:document|slide|presentation|book|sheet)\s*\d*$|\W*$)|\.(?:docx?|pptx?|xlsx?|pdf|indd|ai|tex|dvi|rtf|odt|html?)$/iu

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

const termsOf = (folded: string): string[] =>
  [...folded.matchAll(/[\p{L}\p{N}]+/gu)].flatMap(([word]) => {
    if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word)) return word.length > 1 ? [word] : []
    const characters = [...word]
    return characters.length === 1 ? [word] : characters.slice(1).map((after, index) => `${characters[index]}${after}`)
  })

/** Whether the text speaks of what the title says; a document without text can not contradict. */
const isOwn = (title: string, text: string): boolean => {
  const body = fold(text).replaceAll(/\s+/gu, '')
  const terms = termsOf(fold(title))
  if (body === '') return terms.length > 0
  return terms.length > 0 && terms.filter((term) => body.includes(term)).length >= terms.length * minShare
}

/** @param text of pages all over the document */
export const readPdfTitle = async (document: PDFDocumentProxy, text: string): Promise<string | undefined> => {
  const metadata = await document.getMetadata().catch(() => undefined)
  const info: unknown = metadata?.info
  const title = info && typeof info === 'object' && 'Title' in info ? collapseBlanks(String(info.Title ?? '')) : ''
  const isUsable = title.length <= maxLength && !noTitle.test(title) && !isGarbled(title) && isOwn(title, text)
  return title !== '' && isUsable ? title : undefined
}
