/**
 * Texts of cells: the table of shared strings, and how strings are written in sheets (`_x000D_` for control characters, runs of rich text). In: XML events
 * of `si` and `is` elements. Out: plain texts. Readings of Japanese words are not shown and not read. Neighbour: `xlsx-sheet.ts`.
 */
import type { OfficePackage } from './office-package.ts'
import { raise, readSymbols } from './office-symbols.ts'
import { readXmlEvents, type XmlEvents } from './office-xml.ts'
import { collapseBlanks } from './page-builder.ts'

const escapes = /_x([0-9a-f]{4})_/gi

/** A string as a cell shows it, on one line. */
export const cellText = (raw: string): string =>
  collapseBlanks(
    raw.includes('_x')
      ? raw.replace(escapes, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      : raw,
  )

/** Collects the text of one string item from events between its start and its end. */
export class StringItem implements XmlEvents {
  #text = ''
  #inText = false
  #inReading = false
  #font: string | undefined
  #isRaised = false

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 't') this.#inText = true
    else if (name === 'rPh') this.#inReading = true
    else if (name === 'r') this.#beginRun()
    else if (name === 'rFont') this.#font = attributes.val
    else if (name === 'vertAlign') this.#isRaised = attributes.val === 'superscript'
  }

  text(text: string): void {
    if (!this.#inText || this.#inReading) return
    const shown = readSymbols(text, this.#font)
    this.#text += this.#isRaised ? raise(shown) : shown
  }

  close(name: string): void {
    if (name === 't') this.#inText = false
    else if (name === 'rPh') this.#inReading = false
  }

  /** The text so far; what comes next belongs to another item. */
  take(): string {
    const text = cellText(this.#text)
    this.#text = ''
    this.#beginRun()
    return text
  }

  #beginRun(): void {
    this.#font = undefined
    this.#isRaised = false
  }
}

/** @returns texts by index; none where the workbook has no such part. @throws file_damaged */
export const readSharedStrings = async (container: OfficePackage, part: string): Promise<string[]> => {
  const strings: string[] = []
  if (!container.has(part)) return strings
  const item = new StringItem()
  await readXmlEvents(container.readChunks(part), {
    open: (name, attributes) => item.open(name, attributes),
    text: (text) => item.text(text),
    close: (name) => {
      item.close(name)
      if (name === 'si') strings.push(item.take())
    },
  })
  return strings
}
