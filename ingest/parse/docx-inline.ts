/**
 * The text of one paragraph of a DOCX file: runs, links, fields, content controls, equations, insertions; not what was deleted. In: `w:p`. Out: its text
 * and what hangs on it (text boxes, charts, pictures, marks of notes). Keeps the state of fields, which may reach over paragraphs.
 * Neighbours: `docx-blocks.ts`.
 */
import type { DocxStyles } from './docx-styles.ts'
import { readMath } from './office-math.ts'
import { raise, readSymbols, symbolOf } from './office-symbols.ts'
import { childOf, childrenOf, descendantsOf, elementsOf, innerText, isOn, type XmlElement } from './office-xml.ts'

export interface Inline {
  /** As it stands, blanks not yet collapsed. */
  readonly text: string
  /** All of the text is bold. */
  readonly isBold: boolean
  /** `w:txbxContent` of text boxes, in order. */
  readonly boxes: readonly XmlElement[]
  /** Relationship ids of charts and SmartArt data. */
  readonly graphics: readonly string[]
  readonly pictures: number
}

/** Marks of notes in the order in which the text calls them. */
export class NoteMarks {
  readonly #numbers = new Map<string, number>()

  markOf(kind: 'footnote' | 'endnote', id: string): string {
    const key = `${kind} ${id}`
    const number = this.#numbers.get(key) ?? this.#numbers.size + 1
    this.#numbers.set(key, number)
    return `[${number}]`
  }

  /** Kind, id and number of each note that is called. */
  *called(): Generator<{ kind: string; id: string; number: number }> {
    for (const [key, number] of this.#numbers) {
      const [kind = '', id = ''] = key.split(' ')
      yield { kind, id, number }
    }
  }
}

/** What stands in a field: its instruction, its result, or a result that is not shown (page numbers). */
type FieldState = 'instruction' | 'result' | 'unshown'

interface Collected {
  text: string
  boldLength: number
  boxes: XmlElement[]
  graphics: string[]
  pictures: number
}

const pageFields = /^\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b/i

export class InlineReader {
  readonly #styles: DocxStyles
  readonly #notes: NoteMarks
  readonly #skipsPageNumbers: boolean
  readonly #fields: FieldState[] = []
  #instruction = ''

  /** @param skipsPageNumbers for headers and footers, where they are no content */
  constructor(styles: DocxStyles, notes: NoteMarks, skipsPageNumbers: boolean) {
    this.#styles = styles
    this.#notes = notes
    this.#skipsPageNumbers = skipsPageNumbers
  }

  read(paragraph: XmlElement): Inline {
    const found: Collected = { text: '', boldLength: 0, boxes: [], graphics: [], pictures: 0 }
    const style = childOf(paragraph, 'w:pPr', 'w:pStyle')?.attributes['w:val']
    this.#children(paragraph, this.#styles.isBold(style), found)
    const letters = found.text.replace(/\s/g, '').length
    return { ...found, isBold: letters > 0 && found.boldLength >= letters }
  }

  #children(parent: XmlElement, isBold: boolean, found: Collected): void {
    for (const child of elementsOf(parent)) this.#element(child, isBold, found)
  }

  #element(element: XmlElement, isBold: boolean, found: Collected): void {
    switch (element.name) {
      case 'w:r':
        this.#run(element, isBold, found)
        break
      case 'w:del':
      case 'w:moveFrom':
      case 'w:pPr':
      case 'w:rPr':
        return
      case 'm:oMath':
      case 'm:oMathPara':
        this.#write(readMath(element), isBold, found)
        break
      case 'w:fldSimple':
        if (!(this.#skipsPageNumbers && pageFields.test(element.attributes['w:instr'] ?? ''))) {
          this.#children(element, isBold, found)
        }
        return
      case 'w:sdt':
        this.#control(element, isBold, found)
        break
      case 'mc:AlternateContent':
        this.#alternative(element, found, (branch) => this.#children(branch, isBold, found))
        break
      default:
        this.#children(element, isBold, found)
    }
  }

  /** The newer form of something and, for older programs, the same again: only one of them is read. */
  #alternative(element: XmlElement, found: Collected, read: (branch: XmlElement) => void): void {
    const size = (): number => found.text.length + found.boxes.length + found.graphics.length + found.pictures
    const before = size()
    for (const branch of [...childrenOf(element, 'mc:Choice'), ...childrenOf(element, 'mc:Fallback')]) {
      if (size() === before) read(branch)
    }
  }

  /** A content control; a checkbox shows its state whatever sign it is drawn with. */
  #control(element: XmlElement, isBold: boolean, found: Collected): void {
    const checkbox = childOf(element, 'w:sdtPr', 'w14:checkbox')
    const content = childOf(element, 'w:sdtContent')
    if (checkbox) this.#write(isOn(childOf(checkbox, 'w14:checked')) ? '☒' : '☐', isBold, found)
    else if (content) this.#children(content, isBold, found)
  }

  #run(run: XmlElement, inheritsBold: boolean, found: Collected): void {
    const properties = childOf(run, 'w:rPr')
    const own = childOf(properties, 'w:b')
    const byStyle = this.#styles.isBold(childOf(properties, 'w:rStyle')?.attributes['w:val'])
    const isBold = own ? isOn(own) : byStyle || inheritsBold
    const { 'w:ascii': ascii, 'w:hAnsi': other } = childOf(properties, 'w:rFonts')?.attributes ?? {}
    const isRaised = childOf(properties, 'w:vertAlign')?.attributes['w:val'] === 'superscript'
    for (const part of elementsOf(run)) {
      if (part.name === 'w:t') {
        const text = readSymbols(innerText(part), ascii ?? other)
        this.#write(isRaised ? raise(text) : text, isBold, found)
      } else if (part.name === 'w:sym') {
        const { 'w:font': font = 'Symbol', 'w:char': code = '' } = part.attributes
        this.#write(symbolOf(font, Number.parseInt(code, 16)), isBold, found)
      } else this.#partOfRun(part, isBold, found)
    }
  }

  #partOfRun(part: XmlElement, isBold: boolean, found: Collected): void {
    const write = (text: string): void => this.#write(text, isBold, found)
    switch (part.name) {
      case 'w:tab':
      case 'w:ptab':
      case 'w:br':
      case 'w:cr':
        write(' ')
        break
      case 'w:noBreakHyphen':
        write('-')
        break
      case 'w:footnoteReference':
        write(this.#notes.markOf('footnote', part.attributes['w:id'] ?? ''))
        break
      case 'w:endnoteReference':
        write(this.#notes.markOf('endnote', part.attributes['w:id'] ?? ''))
        break
      case 'w:fldChar':
        this.#field(part, isBold, found)
        break
      case 'w:instrText':
        this.#instruction += innerText(part)
        return
      case 'w:ruby':
        this.#ruby(part, isBold, found)
        break
      case 'w:drawing':
      case 'w:pict':
      case 'w:object':
        this.#graphic(part, isBold, found)
        break
      case 'mc:AlternateContent':
        this.#alternative(part, found, (branch) => this.#run(branch, isBold, found))
        break
      default:
    }
  }

  /** The reading of a word stands after it, in brackets. */
  #ruby(ruby: XmlElement, isBold: boolean, found: Collected): void {
    const base = childOf(ruby, 'w:rubyBase')
    const reading = descendantsOf(childOf(ruby, 'w:rt'), 'w:t').map(innerText).join('')
    if (base) this.#children(base, isBold, found)
    if (reading !== '') this.#write(`(${reading})`, isBold, found)
  }

  #field(part: XmlElement, isBold: boolean, found: Collected): void {
    const type = part.attributes['w:fldCharType']
    if (type === 'begin') {
      this.#instruction = ''
      this.#fields.push('instruction')
      const form = childOf(part, 'w:ffData')
      if (form) this.#formField(form, isBold, found)
    } else if (type === 'separate') {
      const isPage = this.#skipsPageNumbers && pageFields.test(this.#instruction)
      this.#fields.pop()
      this.#fields.push(isPage ? 'unshown' : 'result')
    } else if (type === 'end') this.#fields.pop()
  }

  /** Fields of forms that show something which is not their result: boxes and lists. */
  #formField(form: XmlElement, isBold: boolean, found: Collected): void {
    const box = childOf(form, 'w:checkBox')
    const list = childOf(form, 'w:ddList')
    const text = box
      ? isOn(childOf(box, 'w:checked') ?? childOf(box, 'w:default'))
        ? '☒'
        : '☐'
      : childrenOf(list, 'w:listEntry')[
          Number(childOf(list, 'w:result')?.attributes['w:val'] ?? childOf(list, 'w:default')?.attributes['w:val'] ?? 0)
        ]?.attributes['w:val']
    if (text === undefined) return
    const state = this.#fields.pop()
    this.#write(text, isBold, found)
    if (state) this.#fields.push(state)
  }

  #graphic(element: XmlElement, isBold: boolean, found: Collected): void {
    for (const child of elementsOf(element)) {
      const { name, attributes } = child
      // Files of the strict kind have the second.
      if (name === 'w:txbxContent' || name === 'wne:txbxContent') found.boxes.push(child)
      else if (name === 'mc:AlternateContent') {
        this.#alternative(child, found, (branch) => this.#graphic(branch, isBold, found))
      } else if (name === 'c:chart' || name === 'cx:chart') found.graphics.push(attributes['r:id'] ?? '')
      else if (name === 'dgm:relIds') found.graphics.push(attributes['r:dm'] ?? '')
      else if (name === 'a:t') this.#write(`${innerText(child)} `, isBold, found)
      else {
        if (name === 'a:blip' || name === 'v:imagedata') found.pictures += 1
        if (name === 'v:textpath') this.#write(`${attributes.string ?? ''} `, isBold, found)
        this.#graphic(child, isBold, found)
      }
    }
  }

  /** Text inside the instruction of a field, and page numbers, are not shown. */
  #write(text: string, isBold: boolean, found: Collected): void {
    if (this.#fields.includes('unshown') || this.#fields.slice(0, -1).includes('instruction')) return
    found.text += text
    if (isBold) found.boldLength += text.replace(/\s/g, '').length
  }
}
