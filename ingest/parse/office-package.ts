/**
 * The container of a DOCX, XLSX or PPTX file: parts by name, and what they point to. In: a path that has passed `checkZip`. Out: parts as trees, texts
 * or bytes, one at a time. Nothing outside the container is ever read. Neighbours: `zip-guard.ts` before, `office-xml.ts` after.
 */
import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import type { Entry, ZipFile } from 'yauzl'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { elementsOf, parseXml, type XmlElement } from './office-xml.ts'
import { openZip } from './open-zip.ts'

/** What one part says of another. */
export interface Relationship {
  /** The last part of the type's address: `worksheet`, `notesSlide`, `chart`. */
  readonly type: string
  /** Name of the part, without the leading slash. */
  readonly target: string
}

/** XML that is built into a tree takes some ten times its size in memory. */
const maxTreeBytes = 40 * 2 ** 20
const maxBufferBytes = 200 * 2 ** 20

const keyOf = (name: string): string => name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase()

export class OfficePackage implements AsyncDisposable {
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip
    this.#entries = entries
  }

  /** @throws file_damaged */
  static async open(path: string): Promise<OfficePackage> {
    const zip = await openZip(path)
    try {
      const entries = new Map<string, Entry>()
      for await (const entry of zip.eachEntry()) {
        const key = keyOf(entry.fileName)
        if (!entries.has(key)) entries.set(key, entry)
      }
      return new OfficePackage(zip, entries)
    } catch (error) {
      zip.close()
      throw wrapError(error, 'file_damaged', 'The ZIP container of the file is damaged.')
    }
  }

  has(name: string): boolean {
    return this.#entries.has(keyOf(name))
  }

  /** @throws file_damaged where there is no such part */
  async stream(name: string): Promise<Readable> {
    const entry = this.#entries.get(keyOf(name))
    if (!entry) throw new KuraError('file_damaged', 'A part that the file names is not in its container.')
    try {
      return await this.#zip.openReadStreamPromise(entry)
    } catch (error) {
      throw wrapError(error, 'file_damaged', 'A part of the file can not be unpacked.')
    }
  }

  /** The part's text in pieces, for parts of any size. @throws file_damaged */
  async *readChunks(name: string): AsyncGenerator<string> {
    const stream = await this.stream(name)
    let decoder: TextDecoder | undefined
    try {
      for await (const bytes of stream as AsyncIterable<Buffer>) {
        decoder ??= new TextDecoder(encodingOf(bytes))
        yield decoder.decode(bytes, { stream: true })
      }
    } catch (error) {
      throw wrapError(error, 'file_damaged', 'A part of the file can not be unpacked.')
    }
    yield decoder?.decode() ?? ''
  }

  /** @returns undefined where there is no such part. @throws file_damaged, file_bomb */
  async readText(name: string): Promise<string | undefined> {
    if (!this.has(name)) return undefined
    let text = ''
    for await (const chunk of this.readChunks(name)) {
      text += chunk
      if (text.length > maxTreeBytes) {
        throw new KuraError('file_bomb', `A part of the file has over ${maxTreeBytes / 2 ** 20} MiB of XML.`)
      }
    }
    return text
  }

  /** @returns undefined where there is no such part. @throws file_damaged, file_bomb */
  async readXml(name: string): Promise<XmlElement | undefined> {
    const text = await this.readText(name)
    return text === undefined ? undefined : parseXml(text)
  }

  /** @throws file_damaged where there is no such part, file_bomb */
  async getXml(name: string): Promise<XmlElement> {
    const root = await this.readXml(name)
    if (!root) throw new KuraError('file_damaged', 'A part that the file names is not in its container.')
    return root
  }

  /** @returns undefined where there is no such part, or it is longer than what may be held in memory. @throws file_damaged */
  async readBytes(name: string): Promise<Buffer | undefined> {
    if (!this.has(name)) return undefined
    const chunks: Buffer[] = []
    let size = 0
    try {
      for await (const chunk of (await this.stream(name)) as AsyncIterable<Buffer>) {
        size += chunk.length
        if (size > maxBufferBytes) return undefined
        chunks.push(chunk)
      }
    } catch (error) {
      throw wrapError(error, 'file_damaged', 'A part of the file can not be unpacked.')
    }
    return Buffer.concat(chunks)
  }

  /** What a part points to inside the container, by id; '' is the container itself. @throws file_damaged */
  async relationshipsOf(part: string): Promise<ReadonlyMap<string, Relationship>> {
    const { dir, base } = posix.parse(part)
    const root = await this.readXml(posix.join(dir, '_rels', `${base}.rels`))
    const found = new Map<string, Relationship>()
    for (const { attributes } of elementsOf(root)) {
      const { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode } = attributes
      if (mode === 'External' || target === '') continue
      found.set(id, { type: type.slice(type.lastIndexOf('/') + 1), target: this.#resolve(dir, target) })
    }
    return found
  }

  /** The name of the part that the container declares as its document. @param usual where it nearly always is */
  async mainPart(usual: string): Promise<string> {
    const relationships = [...(await this.relationshipsOf('')).values()]
    const declared = relationships.find(({ type }) => type === 'officeDocument')?.target
    return declared !== undefined && this.has(declared) ? declared : usual
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#zip.close()
  }

  #resolve(folder: string, target: string): string {
    const plain = target.replaceAll('\\', '/').replace(/[?#].*$/, '')
    const join = (name: string): string =>
      (name.startsWith('/') ? posix.normalize(name) : posix.join(folder, name)).replace(/^\/+/, '')
    if (this.has(join(plain))) return join(plain)
    try {
      return join(decodeURIComponent(plain))
    } catch {
      return join(plain)
    }
  }
}

/** XML parts are UTF-8 or UTF-16. */
const encodingOf = (bytes: Uint8Array): string => {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be'
  return 'utf-8'
}
