/**
 * Parses a PPTX file: each slide is a page, in the order in which they are shown, hidden ones too. In: a path. Out: pages with notes and comments, and the files
 * embedded in it. Text that layouts and footers put on every slide stands once, on the first. A slide that can not be read is a failed
 * page; the others are read. Neighbours: `pptx-shapes.ts`, `pptx-slide.ts`.
 */
import type { ParsedPage } from '../../src/core/document.ts'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { readDrawingText } from './office-drawing-text.ts'
import { EmbeddedFiles } from './office-embedded.ts'
import { OfficePackage, type Relationship } from './office-package.ts'
import { childOf, childrenOf, descendantsOf, elementsOf, innerText, type XmlElement } from './office-xml.ts'
import { remarkMark } from './page-builder.ts'
import { isPageNumber } from './page-number.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'
import { type Background, readShapes, type Shape } from './pptx-shapes.ts'
import { SlideWriter } from './pptx-slide.ts'
import { checkZip, pptxLimits } from './zip-guard.ts'

type Relationships = ReadonlyMap<string, Relationship>
type Content = Omit<ParsedPage, 'number' | 'label'>

interface LoadedPart {
  readonly root: XmlElement
  readonly relationships: Relationships
}

const unreadable: Content = {
  outcome: { method: 'failed', errorCode: 'page_unreadable' },
  text: '',
  blocks: [],
  lines: [],
}

/** Numbers, dates and footers that stand on every slide. */
const isMargin = ({ placeholder }: Shape): boolean => /^(?:ftr|hdr|dt|sldNum)$/.test(placeholder ?? '')

const partOfType = (relationships: Relationships, type: string): string | undefined =>
  [...relationships.values()].find((relationship) => relationship.type === type)?.target

const treeOf = (root: XmlElement | undefined): XmlElement | undefined => childOf(root, 'p:cSld', 'p:spTree')

const showsMaster = (root: XmlElement | undefined): boolean =>
  !/^(?:0|false)$/.test(root?.attributes.showMasterSp ?? '1')

class PptxParser {
  readonly #container: OfficePackage
  readonly #embedded: EmbeddedFiles
  readonly #parts = new Map<string, LoadedPart>()
  /** Texts of layouts, masters and footers that have been written. */
  readonly #written = new Set<string>()
  #title = ''

  constructor(container: OfficePackage, embedded: EmbeddedFiles) {
    this.#container = container
    this.#embedded = embedded
  }

  /** The title of the first slide that has one. @throws file_damaged where no slide can be read */
  async run(sink: ParseSink): Promise<string> {
    const main = await this.#container.mainPart('ppt/presentation.xml')
    const root = await this.#container.getXml(main)
    const relationships = await this.#container.relationshipsOf(main)
    const { cx = '9144000', cy = '6858000' } = childOf(root, 'p:sldSz')?.attributes ?? {}
    const size = { width: Number(cx), height: Number(cy) }
    const slides = childrenOf(childOf(root, 'p:sldIdLst'), 'p:sldId').map(
      ({ attributes }) => relationships.get(attributes['r:id'] ?? '')?.target,
    )
    if (slides.length === 0) throw new KuraError('no_text', 'The presentation has no slides.')
    let readable = 0
    for (const [index, part] of slides.entries()) {
      const { content, isHidden } = await this.#slide(part, size)
      if (content !== unreadable) readable += 1
      else if (index === slides.length - 1 && readable === 0)
        throw new KuraError('file_damaged', 'None of its slides can be read.')
      await sink.page({ number: index + 1, ...(isHidden && { label: '(hidden)' }), ...content }, slides.length)
    }
    return this.#title
  }

  async #slide(
    part: string | undefined,
    size: { width: number; height: number },
  ): Promise<{ content: Content; isHidden: boolean }> {
    if (part === undefined || !this.#container.has(part)) return { content: unreadable, isHidden: false }
    try {
      const root = await this.#container.getXml(part)
      const relationships = await this.#container.relationshipsOf(part)
      const writer = new SlideWriter({ container: this.#container, relationships, size })
      const layers = await this.#layersOf(root, relationships)
      const shapes = readShapes(treeOf(root), layers.background)
      await writer.shapes(shapes.filter((shape) => !isMargin(shape)))
      this.#writeOnce(writer, [...shapes.filter(isMargin), ...layers.fixed])
      await this.#notes(writer, relationships)
      await this.#comments(writer, relationships)
      this.#title ||= writer.title
      await this.#embedded.send(relationships)
      const hasBackground = descendantsOf(childOf(root, 'p:cSld', 'p:bg'), 'a:blip').length > 0
      return { content: writer.finish(hasBackground), isHidden: /^(?:0|false)$/.test(root.attributes.show ?? '1') }
    } catch (error) {
      if (error instanceof KuraError && error.code === 'file_damaged') return { content: unreadable, isHidden: false }
      throw error
    }
  }

  /** What a slide has from its layout and master: places, formats, and shapes that stand on every slide. */
  async #layersOf(
    slide: XmlElement,
    relationships: Relationships,
  ): Promise<{ background: Background; fixed: Shape[] }> {
    const layout = await this.#load(partOfType(relationships, 'slideLayout'))
    const master = await this.#load(layout && partOfType(layout.relationships, 'slideMaster'))
    const trees = [treeOf(layout?.root), treeOf(master?.root)].filter((tree) => tree !== undefined)
    const background = { trees, bodyStyle: childOf(master?.root, 'p:txStyles', 'p:bodyStyle') }
    const shown = [
      ...(layout && showsMaster(slide) ? [layout.root] : []),
      ...(master && showsMaster(slide) && showsMaster(layout?.root) ? [master.root] : []),
    ]
    const fixed = shown.flatMap((root) => readShapes(treeOf(root), { trees: [], bodyStyle: undefined }))
    return { background, fixed: fixed.filter(({ placeholder }) => placeholder === undefined) }
  }

  async #load(part: string | undefined): Promise<LoadedPart | undefined> {
    if (part === undefined || !this.#container.has(part)) return undefined
    const known = this.#parts.get(part)
    if (known) return known
    const loaded = {
      root: await this.#container.getXml(part),
      relationships: await this.#container.relationshipsOf(part),
    }
    this.#parts.set(part, loaded)
    return loaded
  }

  #writeOnce(writer: SlideWriter, shapes: readonly Shape[]): void {
    for (const shape of shapes) {
      if (shape.kind === 'group') this.#writeOnce(writer, shape.shapes)
      if (shape.kind !== 'text' || shape.placeholder === 'sldNum') continue
      for (const { text } of shape.paragraphs) {
        if (!this.#written.has(text) && !isPageNumber(text)) writer.line(text)
        this.#written.add(text)
      }
    }
  }

  async #notes(writer: SlideWriter, relationships: Relationships): Promise<void> {
    const part = partOfType(relationships, 'notesSlide')
    const root = part === undefined ? undefined : await this.#container.readXml(part)
    const shapes = readShapes(treeOf(root), { trees: [], bodyStyle: undefined })
    await writer.notes(
      shapes.filter((shape) => shape.kind !== 'picture' && !isMargin(shape) && shape.placeholder !== 'sldImg'),
    )
    this.#writeOnce(writer, shapes.filter(isMargin))
  }

  /** Comments of both kinds, with the answers to them. */
  async #comments(writer: SlideWriter, relationships: Relationships): Promise<void> {
    for (const { type, target } of relationships.values()) {
      const root = type === 'comments' ? await this.#container.readXml(target) : undefined
      for (const text of commentTexts(root)) writer.line(`${remarkMark}${text}`)
    }
  }
}

const commentTexts = (element: XmlElement | undefined): string[] =>
  elementsOf(element)
    .flatMap((child) => {
      if (child.name === 'p:text') return [innerText(child)]
      if (child.name === 'p188:txBody')
        return [
          readDrawingText(child)
            .map(({ text }) => text)
            .join(' '),
        ]
      return commentTexts(child)
    })
    .filter((text) => text.trim() !== '')

/** @throws file_bomb, file_damaged, no_text, disk_full */
export const parsePptx = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  await checkZip(path, pptxLimits)
  try {
    await using container = await OfficePackage.open(path)
    const title = await new PptxParser(container, new EmbeddedFiles(container, sink, options.scratchFolder)).run(sink)
    return { format: 'pptx', paginated: true, ...(title === '' ? {} : { title }) }
  } catch (error) {
    throw wrapError(error, 'file_damaged', 'The PPTX file can not be read: its structure is damaged.')
  }
}
