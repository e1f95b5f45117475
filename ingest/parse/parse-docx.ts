/**
 * Parses a DOCX file: container checked for bombs, then headers, body, notes, comments and footers to blocks. In: a path. Out: one page (Word does not store where its
 * pages end), and the files embedded in it. The text of headers and footers stands once, notes once, at the end, as list items.
 * Pictures are left out and nothing outside the file is read. Neighbours: `docx-blocks.ts`, `office-embedded.ts`.
 */
import { load } from 'cheerio'
import { findEncoding } from '../../src/core/encodings.ts'
import { wrapError } from '../../src/core/errors.ts'
import { declaredCharset, decodeText } from './decode-text.ts'
import { type DocxContext, DocxStory } from './docx-blocks.ts'
import { NoteMarks } from './docx-inline.ts'
import { DocxNumbering } from './docx-numbering.ts'
import { DocxStyles } from './docx-styles.ts'
import { writeHtml } from './html-blocks.ts'
import { readMessage } from './mail-message.ts'
import { MailReader } from './mail-reader.ts'
import { EmbeddedFiles } from './office-embedded.ts'
import { OfficePackage, type Relationship } from './office-package.ts'
import { childrenOf, descendantsOf, type XmlElement } from './office-xml.ts'
import { collapseBlanks, PageBuilder, remarkMark } from './page-builder.ts'
import { isPageNumber } from './page-number.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'
import { checkZip, docxLimits } from './zip-guard.ts'

type Relationships = ReadonlyMap<string, Relationship>

const partOfType = (relationships: Relationships, type: string): string | undefined =>
  [...relationships.values()].find((relationship) => relationship.type === type)?.target

/** Parts of headers and footers in the order of the sections that show them; each once. */
const marginParts = (document: XmlElement, relationships: Relationships, kind: 'header' | 'footer'): string[] => {
  const shown = descendantsOf(document, `w:${kind}Reference`).map(({ attributes }) =>
    relationships.get(attributes['r:id'] ?? ''),
  )
  return [...new Set(shown.flatMap((relationship) => (relationship ? [relationship.target] : [])))]
}

class DocxParser {
  readonly #context: DocxContext
  readonly #relationships: Relationships
  readonly #builder = new PageBuilder()
  /** Parts that stand in the text. */
  readonly #chunks = new Set<string>()

  constructor(context: DocxContext, relationships: Relationships) {
    this.#context = context
    this.#relationships = relationships
  }

  async run(document: XmlElement): Promise<{ builder: PageBuilder; title: string; hasPictures: boolean }> {
    await this.#margins(document, 'header')
    const story = new DocxStory(
      this.#context,
      { relationships: this.#relationships, writeChunk: (part) => this.#chunk(part) },
      this.#builder,
    )
    for (const body of childrenOf(document, 'w:body')) await story.write(body)
    await this.#notes()
    await this.#comments()
    await this.#margins(document, 'footer')
    return { builder: this.#builder, title: story.title, hasPictures: story.hasPictures }
  }

  /** Lines of headers or footers that have not been written yet, each as a paragraph. */
  async #margins(document: XmlElement, kind: 'header' | 'footer'): Promise<void> {
    const seen = new Set<string>()
    for (const part of marginParts(document, this.#relationships, kind)) {
      const root = await this.#context.container.readXml(part)
      if (!root) continue
      const own = new PageBuilder()
      const relationships = await this.#context.container.relationshipsOf(part)
      await new DocxStory(this.#context, { relationships, isMargin: true }, own).write(root)
      for (const line of own.build().text.split('\n')) {
        const text = collapseBlanks(line)
        if (text !== '' && !seen.has(text) && !isPageNumber(text)) this.#builder.paragraph([{ text }])
        seen.add(text)
      }
    }
  }

  async #notes(): Promise<void> {
    const stories = new Map<string, { root: XmlElement; relationships: Relationships }>()
    for (const kind of ['footnote', 'endnote']) {
      const part = partOfType(this.#relationships, `${kind}s`)
      const root = part === undefined ? undefined : await this.#context.container.readXml(part)
      if (part !== undefined && root) {
        stories.set(kind, { root, relationships: await this.#context.container.relationshipsOf(part) })
      }
    }
    for (const { kind, id, number } of this.#context.notes.called()) {
      const found = stories.get(kind)
      const note = childrenOf(found?.root, `w:${kind}`).find(({ attributes }) => attributes['w:id'] === id)
      if (!note || !found) continue
      const own = new PageBuilder()
      await new DocxStory(this.#context, found, own).write(note)
      const text = collapseBlanks(own.build().text)
      if (text !== '') this.#builder.listItem([{ text: `${number}. ${text}` }])
    }
  }

  /** What reviewers remarked beside the text, with the answers to it. */
  async #comments(): Promise<void> {
    const part = partOfType(this.#relationships, 'comments')
    const root = part === undefined ? undefined : await this.#context.container.readXml(part)
    if (part === undefined || !root) return
    const relationships = await this.#context.container.relationshipsOf(part)
    for (const comment of childrenOf(root, 'w:comment')) {
      const own = new PageBuilder()
      await new DocxStory(this.#context, { relationships }, own).write(comment)
      const text = collapseBlanks(own.build().text)
      if (text !== '') this.#builder.paragraph([{ text: `${remarkMark}${text}` }])
    }
  }

  /** A document inside the document, as programs that put reports together leave it: HTML, a web archive, or plain text. */
  async #chunk(part: string): Promise<void> {
    const bytes = await this.#context.container.readBytes(part)
    if (!bytes) return
    const text = decodeText(bytes, { declared: findEncoding(declaredCharset(bytes) ?? '') })
    if (text === undefined || /^\s*\{\\rtf/.test(text)) return
    this.#chunks.add(part)
    if (/^(?:[\w-]+:.*\r?\n(?:[ \t].*\r?\n)*)*content-type:\s*multipart\//i.test(text)) {
      const archive = new MailReader(undefined)
      await archive.read(await readMessage(bytes))
      for (const body of archive.bodies) this.#markup(body.html ?? body.text ?? '')
    } else this.#markup(text)
  }

  #markup(text: string): void {
    if (/<\/?(?:html|body|p|div|table|span|h\d)\b/i.test(text)) {
      const body = load(text)('body').get(0)
      if (body) writeHtml(body, this.#builder)
    } else for (const paragraph of text.split(/\n\s*\n/)) this.#builder.paragraph([{ text: collapseBlanks(paragraph) }])
  }

  /** What is a file of its own: parts that were written as text are none. */
  get embedded(): Relationships {
    return new Map([...this.#relationships].filter(([, { target }]) => !this.#chunks.has(target)))
  }
}

/** @throws file_bomb, file_damaged, disk_full */
export const parseDocx = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  await checkZip(path, docxLimits)
  try {
    await using container = await OfficePackage.open(path)
    const main = await container.mainPart('word/document.xml')
    const relationships = await container.relationshipsOf(main)
    const read = async (type: string, usual: string): Promise<XmlElement | undefined> =>
      container.readXml(partOfType(relationships, type) ?? usual)
    const styles = new DocxStyles(await read('styles', 'word/styles.xml'))
    const numbering = new DocxNumbering(await read('numbering', 'word/numbering.xml'), styles)
    const document = await container.getXml(main)
    const parser = new DocxParser({ container, styles, numbering, notes: new NoteMarks() }, relationships)
    const { builder, title, hasPictures } = await parser.run(document)
    await sink.page({ number: 1, outcome: outcomeOf(builder, hasPictures), ...builder.build() }, 1)
    await new EmbeddedFiles(container, sink, options.scratchFolder).send(parser.embedded)
    return { format: 'docx', paginated: false, ...(title === '' ? {} : { title }) }
  } catch (error) {
    throw wrapError(error, 'file_damaged', 'The DOCX file can not be read: its structure is damaged.')
  }
}

const outcomeOf = (
  builder: PageBuilder,
  hasPictures: boolean,
): { method: 'text' } | { method: 'blank' } | { method: 'failed'; errorCode: string } => {
  if (!builder.isEmpty) return { method: 'text' }
  return hasPictures ? { method: 'failed', errorCode: 'page_has_no_text' } : { method: 'blank' }
}
