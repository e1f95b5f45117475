/**
 * Decides whether the text that a PDF has for a page will do. In: the text and what the page shows beside it. Out: `text`, `blank`, or `unread` with the
 * reason, which sends the page to OCR. Where in doubt it is `unread`: reading a page twice costs seconds, a page taken for read that
 * was not is lost. Neighbours: `pdf-ink.ts`, `text-quality.ts`; called by `pdf-reader.ts`.
 */
import type { PageOutcome } from '../../src/core/document.ts'
import type { Ink } from './pdf-ink.ts'
import { isGarbled } from './text-quality.ts'

export interface PageEvidence {
  /** As the file has it, control characters included; what each font shows by itself, for its mapping may be useless where others are good. */
  readonly rawTexts: readonly string[]
  /** Letters and digits of the text as it is shown. */
  readonly characters: number
  /** Those of them that are in the file but not painted. */
  readonly hiddenCharacters: number
  /** There is text that the page does not show. */
  readonly hasRemarks: boolean
  readonly inspectInk: () => Ink
  /** Whether there are pictures beside those that the ink counts; tells for certain, and takes longer. */
  readonly hasPictures: () => Promise<boolean>
}

/** With more text a page is never looked at for pictures of text. */
const muchText = 400
/** Part of the page that pictures of it cover at least, and letters that such a page has more of when they are its text. */
const pageSizedShare = 0.5
/** Letters in a text layer under the picture of a page from which on somebody has read that page. */
const readBefore = 40
/** Shapes of the size of letters that are no mere ornament. */
const manyGlyphShapes = 60
/** Signs without a letter or a figure among them that are no mere ornament: letters that the file gives as signs. */
const manySigns = 8
/** A page that shows no more than this many rules and frames (a letterhead's, a footer's) is blank. */
const maxOrnaments = 8

const unread = (reason: 'no_text' | 'little_text' | 'garbled_text'): PageOutcome => ({ method: 'unread', reason })

/** Whether pictures cover so much of the page, and its text is so short, that the text can not be all that it says. */
const isPicture = async (evidence: PageEvidence, { pictures, pictureShare }: Ink): Promise<boolean> => {
  const { characters, hiddenCharacters } = evidence
  if (pictureShare < pageSizedShare || characters >= muchText * pictureShare) return false
  if (hiddenCharacters >= readBefore && hiddenCharacters * 2 >= characters) return false
  return pictures > 0 || evidence.hasPictures()
}

/** Part of the page's characters from which on one unreadable font spoils the page. */
const spoilingShare = 0.25

const isSpoilt = (texts: readonly string[]): boolean => {
  const length = texts.reduce((sum, text) => sum + text.length, 0)
  const main = texts.filter((text) => text.length >= length * spoilingShare)
  return isGarbled(texts.join(' ')) || (texts.length > 1 && main.some(isGarbled))
}

/** What is drawn beside letters, figures, and the dots, dashes and lines of forms. */
const signsOf = (texts: readonly string[]): string =>
  texts.join('').replaceAll(/[\s\p{L}\p{N}\p{Pd}\p{Pc}.·…‥・*=|●•]+/gu, '')

export const judgePage = async (evidence: PageEvidence): Promise<PageOutcome> => {
  if (evidence.characters === 0) {
    const ink = evidence.inspectInk()
    const drawn = ink.pictures + ink.glyphShapes + ink.shapes > 0 || ink.ornaments > maxOrnaments
    if (drawn || (await evidence.hasPictures())) return unread('no_text')
    const hasSigns = signsOf(evidence.rawTexts).length >= manySigns
    if (hasSigns || isSpoilt(evidence.rawTexts)) return unread('garbled_text')
    return { method: evidence.hasRemarks ? 'text' : 'blank' }
  }
  if (isSpoilt(evidence.rawTexts)) return unread('garbled_text')
  if (evidence.characters >= muchText) return { method: 'text' }
  const ink = evidence.inspectInk()
  const outlined = ink.glyphShapes >= manyGlyphShapes && ink.glyphShapes > evidence.characters
  return outlined || (await isPicture(evidence, ink)) ? unread('little_text') : { method: 'text' }
}
