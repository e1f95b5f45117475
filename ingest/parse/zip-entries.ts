/**
 * The table of contents of a ZIP archive, with the names as people gave them. In: a path. Out: entries with a clean, unique path, what kind each is, and where its
 * bytes lie. Names without a mark of UTF-8 are in the code page of the machine that packed them: it is guessed over all names together.
 * Paths are labels, never used on the disk, and still lead nowhere. Used by `parse-zip.ts` and `detect-format.ts`.
 */
import { crc32 } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import { wrapError } from '../../src/core/errors.ts'
import { guessNameEncodings } from './guess-encoding.ts'
import { openZip } from './open-zip.ts'
import { decodeLoosely, decodeStrictly } from './text-encodings.ts'

const utf8Flag = 0x800
const unicodePathField = 0x7075
const [unix, darwin] = [3, 19]
const [fileTypeMask, symbolicLink, directory] = [0xf000, 0xa000, 0x4000]
const dosDirectory = 0x10

/** What an entry is: `system` are files that Windows and macOS leave behind. */
export type ZipEntryKind = 'file' | 'directory' | 'system' | 'link'

export interface ZipEntry {
  /** With slashes, without `..`, drives and leading slashes; unique in the archive. */
  readonly path: string
  readonly kind: ZipEntryKind
  readonly entry: Entry
}

export class ZipArchive implements Disposable {
  readonly #zip: ZipFile

  private constructor(zip: ZipFile) {
    this.#zip = zip
  }

  /** @throws file_damaged */
  static async open(path: string): Promise<ZipArchive> {
    return new ZipArchive(await openZip(path, { decodeStrings: false }))
  }

  /** As the archive declares it. */
  get entryCount(): number {
    return this.#zip.entryCount
  }

  /** The entries in the order of the table of contents. @param most stops after as many @throws file_damaged */
  async entries(most: number): Promise<ZipEntry[]> {
    const found: Entry[] = []
    try {
      for await (const entry of this.#zip.eachEntry()) {
        found.push(entry)
        if (found.length >= most) break
      }
    } catch (error) {
      throw wrapError(error, 'file_damaged', 'The table of contents of the ZIP archive is damaged.')
    }
    return label(found)
  }

  /** Where the entry's packed bytes lie in the file: [start, end). */
  async rangeOf({ entry }: ZipEntry): Promise<{ start: number; end: number }> {
    const { fileDataStart } = await this.#zip.readLocalFileHeaderPromise(entry, { minimal: true })
    return { start: entry.relativeOffsetOfLocalHeader, end: fileDataStart + entry.compressedSize }
  }

  /** The entry's bytes, inflated. */
  read({ entry }: ZipEntry): ReturnType<ZipFile['openReadStreamPromise']> {
    return this.#zip.openReadStreamPromise(entry)
  }

  [Symbol.dispose](): void {
    this.#zip.close()
  }
}

/** The name in UTF-8 that some packers put beside the other, if it belongs to it. */
const unicodePath = ({ extraFields, fileNameRaw }: Entry): string | undefined => {
  const data = extraFields.find(({ id }) => id === unicodePathField)?.data
  if (!data || data.length < 6 || data[0] !== 1 || data.readUInt32LE(1) !== crc32(fileNameRaw)) return undefined
  return decodeStrictly(data.subarray(5), 'utf-8')
}

const markedName = (entry: Entry): string | undefined =>
  unicodePath(entry) ??
  (entry.generalPurposeBitFlag & utf8Flag ? decodeStrictly(entry.fileNameRaw, 'utf-8') : undefined)

/** Decodes the names that do not say in what they are written, all in one encoding. */
const decodeNames = (entries: readonly Entry[]): string[] => {
  const marked = entries.map(markedName)
  const open = entries.flatMap((entry, index) => (marked[index] === undefined ? [entry.fileNameRaw] : []))
  const together = Buffer.concat(open.flatMap((name) => [name, Buffer.from('\n')]))
  const encodings = ['utf-8', ...(decodeStrictly(together, 'utf-8') === undefined ? guessNameEncodings(together) : [])]
  const encoding = encodings.find((name) => decodeStrictly(together, name) !== undefined) ?? 'cp437'
  return entries.map(({ fileNameRaw }, index) => marked[index] ?? decodeLoosely(fileNameRaw, encoding) ?? '')
}

const maxNameCharacters = 200

/** A path that is fit for showing: no drive, no way up, no control characters, no part longer than file systems have them. */
export const cleanPath = (path: string): string => {
  const parts = path
    .normalize('NFC')
    .replace(/\0.*$/s, '')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .replaceAll('\\', '/')
    .replace(/^[a-z]:/i, '')
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^\.{1,2}$/.test(part))
    .map((part) => {
      const [, stem = part, extension = ''] = /^(.*?)(\.[^.]{1,10})?$/s.exec(part) ?? []
      return `${[...stem].slice(0, maxNameCharacters).join('')}${extension}`
    })
  return parts.join('/') || 'unnamed'
}

/** Gives each path only once: the second of a name becomes `name (2).ext`. */
export class UniquePaths {
  readonly #taken = new Set<string>()

  take(path: string): string {
    const [, stem = path, extension = ''] = /^(.*?)(\.[^./]{1,10})?$/s.exec(path) ?? []
    let unique = path
    // Windows tells no capitals apart.
    for (let copy = 2; this.#taken.has(unique.toLowerCase()); copy += 1) unique = `${stem} (${copy})${extension}`
    this.#taken.add(unique.toLowerCase())
    return unique
  }
}

const isSystemFile = (path: string): boolean =>
  /(?:^|\/)__MACOSX\//.test(path) || /(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i.test(path)

const kindOf = (entry: Entry, name: string): ZipEntryKind => {
  const system = entry.versionMadeBy >> 8
  const mode = system === unix || system === darwin ? (entry.externalFileAttributes >>> 16) & fileTypeMask : 0
  if (mode === symbolicLink) return 'link'
  const isEmptyDirectory = entry.uncompressedSize === 0 && (entry.externalFileAttributes & dosDirectory) !== 0
  if (/[/\\]$/.test(name) || mode === directory || isEmptyDirectory) return 'directory'
  return isSystemFile(name.replaceAll('\\', '/')) ? 'system' : 'file'
}

const label = (entries: readonly Entry[]): ZipEntry[] => {
  const names = decodeNames(entries)
  const paths = new UniquePaths()
  return entries.map((entry, index) => {
    const name = names[index] ?? ''
    const kind = kindOf(entry, name)
    return { entry, kind, path: kind === 'file' ? paths.take(cleanPath(name)) : cleanPath(name) }
  })
}
