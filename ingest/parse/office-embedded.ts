/**
 * Files that are embedded in an Office document (a workbook in a report, a PDF on a slide): unpacked into the scratch folder and handed on as attachments.
 * In: what the parts of the document point to. Out: attachments, each file once; bounded in number and size. Data behind charts is no attachment:
 * only the chart points to it. Neighbours: `office-package.ts`, `ole-object.ts`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { wrapError } from '../../src/core/errors.ts'
import type { OfficePackage, Relationship } from './office-package.ts'
import { unwrapOleObject } from './ole-object.ts'
import type { ParseSink } from './parse-messages.ts'

const maxFiles = 200
const maxBytes = 500 * 2 ** 20

const isCompoundFile = (bytes: Buffer): boolean => bytes.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1'

/** What can be read at all: containers and PDF; anything else is a control or a picture of some program. */
const isDocument = (bytes: Buffer): boolean => {
  const head = bytes.subarray(0, 1024)
  return head.subarray(0, 2).toString('latin1') === 'PK' || isCompoundFile(bytes) || head.includes('%PDF-')
}

export class EmbeddedFiles {
  readonly #container: OfficePackage
  readonly #sink: ParseSink
  readonly #folder: string
  readonly #seen = new Set<string>()
  #files = 0
  #bytes = 0

  /** @param folder the parser's scratch folder */
  constructor(container: OfficePackage, sink: ParseSink, folder: string) {
    this.#container = container
    this.#sink = sink
    this.#folder = join(folder, 'embedded')
  }

  /** Hands on the files that a part points to and that no part before it has pointed to. @throws disk_full */
  async send(relationships: ReadonlyMap<string, Relationship>): Promise<void> {
    for (const { type, target } of relationships.values()) {
      if (!/^(?:package|oleObject|aFChunk)$/.test(type) || this.#seen.has(target)) continue
      this.#seen.add(target)
      await this.#sendPart(target)
    }
  }

  async #sendPart(part: string): Promise<void> {
    const bytes = await this.#container.readBytes(part)
    if (!bytes) return
    const file = isCompoundFile(bytes) ? unwrapOleObject(bytes, basename(part)) : { name: basename(part), bytes }
    if (!file || (!isDocument(file.bytes) && !/\.(?:txt|csv|html?|md|eml|msg|rtf)$/i.test(file.name))) return
    this.#files += 1
    this.#bytes += file.bytes.length
    if (this.#files > maxFiles || this.#bytes > maxBytes) return
    const path = join(this.#folder, String(this.#files))
    try {
      await mkdir(this.#folder, { recursive: true })
      await writeFile(path, file.bytes)
    } catch (error) {
      throw wrapError(error, 'data_not_writable', 'An embedded file can not be unpacked into the scratch folder.')
    }
    const stem = basename(part).replace(/\.[^.]*$/, '')
    await this.#sink.attachment({
      entry: file.name === basename(part) ? file.name : `${stem}/${file.name}`,
      file: path,
    })
  }
}
