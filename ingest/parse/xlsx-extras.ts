/**
 * What stands on a sheet beside its cells: notes and discussions of cells, lists of choices, text boxes, titles of charts, SmartArt, headers and footers.
 * In: the sheet's part and what it points to. Out: lines of text with the cell that they hang on. Neighbours: `xlsx-sheet.ts`, `xlsx-write-sheet.ts`.
 */
import { load } from 'cheerio'
import { readChart, valuesOfItsOwn } from './office-chart.ts'
import { readDiagram } from './office-diagram.ts'
import { readDrawingText } from './office-drawing-text.ts'
import type { OfficePackage, Relationship } from './office-package.ts'
import { childOf, childrenOf, descendantsOf, elementsOf, innerText, type XmlElement } from './office-xml.ts'
import { collapseBlanks } from './page-builder.ts'
import { isPageNumber } from './page-number.ts'
import { type CellArea, parseArea } from './xlsx-cell-reference.ts'
import type { Sheet } from './xlsx-sheet.ts'
import { StringItem } from './xlsx-strings.ts'
import type { SheetLine } from './xlsx-write-sheet.ts'

export interface DrawingContent {
  readonly lines: readonly SheetLine[]
  readonly hasPictures: boolean
}

const partsOf = (relationships: ReadonlyMap<string, Relationship>, type: RegExp): string[] =>
  [...relationships.values()].filter((relationship) => type.test(relationship.type)).map(({ target }) => target)

const richText = (element: XmlElement | undefined): string => {
  const item = new StringItem()
  const visit = (parent: XmlElement): void => {
    for (const child of parent.children) {
      if (typeof child === 'string') item.text(child)
      else {
        item.open(child.name, child.attributes)
        visit(child)
        item.close(child.name)
      }
    }
  }
  if (element) visit(element)
  return item.take()
}

/** Notes and discussions, by cell. A discussion repeats itself as a note for older programs: only the discussion is taken. */
export const readNotes = async (
  container: OfficePackage,
  relationships: ReadonlyMap<string, Relationship>,
): Promise<SheetLine[]> => {
  const notes: SheetLine[] = []
  for (const part of partsOf(relationships, /^threadedComment$/)) {
    for (const comment of elementsOf(await container.readXml(part))) {
      const text = collapseBlanks(innerText(childrenOf(comment, 'text')[0] ?? childOf(comment, 'tc:text')))
      notes.push({ cells: comment.attributes.ref ?? '', text })
    }
  }
  const discussed = new Set(notes.map(({ cells }) => cells))
  for (const part of partsOf(relationships, /^comments$/)) {
    for (const comment of childrenOf(childOf(await container.readXml(part), 'commentList'), 'comment')) {
      const cells = comment.attributes.ref ?? ''
      if (!discussed.has(cells)) notes.push({ cells, text: richText(childOf(comment, 'text')) })
    }
  }
  return notes.filter(({ text }) => text !== '').map(({ cells, text }) => ({ cells, text: `Note ${cells}: ${text}` }))
}

/** Choices and what is said when a cell is chosen; cells of one text together. */
export const describeValidations = ({ validations }: Sheet): SheetLine[] => {
  const places = new Map<string, string[]>()
  const add = (kind: string, text: string, cells: string): void => {
    if (text === '') return
    const known = places.get(`${kind}\n${text}`) ?? []
    places.set(`${kind}\n${text}`, [...known, ...cells.split(' ')])
  }
  for (const { cells, list, prompts } of validations) {
    add('List', list, cells)
    add('Note', [...new Set(prompts)].join(' '), cells)
  }
  return [...places].map(([key, cells]) => {
    const [kind = '', text = ''] = key.split('\n')
    return { cells: cells[0] ?? '', text: `${kind} ${cells.join(', ')}: ${text}` }
  })
}

/** `&L&"Arial,Bold"&8Line A&CPage &P`: what is left without page numbers, dates and fonts. */
export const readMargins = ({ margins }: Sheet): SheetLine[] => {
  const texts = margins.flatMap((code) =>
    code
      .split(/&[LCR]/)
      .map((part) =>
        collapseBlanks(
          part
            .replace(/&&/g, '\ue000')
            .replace(/&"[^"]*"|&K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|&\d+|&[A-Za-z+-]/g, ' ')
            .replaceAll('\ue000', '&'),
        ),
      )
      .filter((text) => /\p{L}/u.test(text) && !isPageNumber(text)),
  )
  return [...new Set(texts)].map((text) => ({ cells: '', text }))
}

/** Areas of tables with a header row. */
export const readTableAreas = async (
  container: OfficePackage,
  relationships: ReadonlyMap<string, Relationship>,
): Promise<CellArea[]> => {
  const areas: CellArea[] = []
  for (const part of partsOf(relationships, /^table$/)) {
    const { ref = '', headerRowCount = '1' } = (await container.readXml(part))?.attributes ?? {}
    const area = parseArea(ref)
    if (area && headerRowCount !== '0') areas.push(area)
  }
  return areas
}

/** Text boxes, charts and diagrams from top to bottom, then the captions of form controls. */
export const readDrawings = async (
  container: OfficePackage,
  relationships: ReadonlyMap<string, Relationship>,
): Promise<DrawingContent> => {
  const lines: SheetLine[] = []
  let hasPictures = false
  for (const part of partsOf(relationships, /^drawing$/)) {
    const root = await container.readXml(part)
    const own = await container.relationshipsOf(part)
    const anchors = elementsOf(root).toSorted((a, b) => rowOf(a) - rowOf(b))
    for (const anchor of anchors) {
      hasPictures ||= descendantsOf(anchor, 'a:blip').length > 0
      for (const text of await readAnchor(anchor, container, own)) lines.push({ cells: '', text })
    }
  }
  for (const part of partsOf(relationships, /^vmlDrawing$/)) {
    for (const text of readVml((await container.readText(part)) ?? '')) lines.push({ cells: '', text })
  }
  return { lines, hasPictures }
}

const rowOf = (anchor: XmlElement): number => Number(innerText(childOf(anchor, 'xdr:from', 'xdr:row')) || 0)

const readAnchor = async (
  element: XmlElement,
  container: OfficePackage,
  relationships: ReadonlyMap<string, Relationship>,
): Promise<string[]> => {
  const texts: string[] = []
  for (const child of elementsOf(element)) {
    const { name, attributes } = child
    if (name === 'xdr:txBody') texts.push(...readDrawingText(child).map(({ text }) => text))
    else if (name === 'mc:AlternateContent') {
      const branches = [...childrenOf(child, 'mc:Choice'), ...childrenOf(child, 'mc:Fallback')]
      for (const branch of branches) {
        const found: string[] = await readAnchor(branch, container, relationships)
        texts.push(...found)
        if (found.length > 0) break
      }
    } else if (/^(?:cx?:chart|dgm:relIds)$/.test(name)) {
      const part = relationships.get(attributes['r:id'] ?? attributes['r:dm'] ?? '')?.target
      const root = part === undefined ? undefined : await container.readXml(part)
      if (root?.name === 'dgm:dataModel') texts.push(...readDiagram(root).map(({ text }) => collapseBlanks(text)))
      else if (root) texts.push(...[...readChart(root).lines, ...valuesOfItsOwn(root)].map(collapseBlanks))
    } else texts.push(...(await readAnchor(child, container, relationships)))
  }
  return texts
}

/** Shapes of the older kind are not always well-formed. The shapes of notes say nothing that the notes do not. */
const readVml = (source: string): string[] => {
  const $ = load(source, { xml: { xmlMode: true, decodeEntities: true } })
  return $('v\\:shape, v\\:rect, v\\:oval, v\\:roundrect')
    .toArray()
    .filter((shape) => $(shape).find('x\\:ClientData').attr('ObjectType') !== 'Note')
    .map((shape) => collapseBlanks($(shape).find('v\\:textbox').text()))
    .filter((text) => text !== '')
}
