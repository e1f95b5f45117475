/**
 * Parses a ZIP archive: each file in it becomes a document of its own. In: a path. Out: one attachment for each file that could be unpacked, and one page, the
 * table of contents with what became of each entry, so that nothing vanishes silently. Sizes are counted while unpacking; what is declared is
 * not believed. A bomb gives no attachment at all; a damaged entry costs that entry only. Neighbour: `zip-entries.ts`.
 */
import { createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { type ErrorCode, KuraError, wrapError } from '../../src/core/errors.ts'
import { PageBuilder } from './page-builder.ts'
import type { Attachment, ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'
import { sendOnlyPage } from './single-page.ts'
import { ZipArchive, type ZipEntry } from './zip-entries.ts'

const mebibyte = 2 ** 20

/** Bounds of one archive; those of archives within archives are set where the attachments are taken. */
const limits = {
  entries: 2_000,
  entryBytes: 1024 * mebibyte,
  totalBytes: 4096 * mebibyte,
  /** Inflated to packed over the whole archive, counted above `freeBytes`. */
  ratio: 200,
  freeBytes: 64 * mebibyte,
} as const

const [stored, deflated] = [0, 8]

interface Outcome {
  readonly item: ZipEntry
  readonly attachment?: Attachment
  readonly errorCode?: ErrorCode
}

const bomb = (message: string): KuraError => new KuraError('file_bomb', message)

/** Sizes of all entries together, and whether they are beyond measure. */
class Measure {
  readonly #packedBytes: number
  #inflated = 0

  constructor(packedBytes: number) {
    this.#packedBytes = packedBytes
  }

  /** @throws file_bomb */
  add(bytes: number): void {
    this.#inflated += bytes
    const blown = this.#inflated > limits.freeBytes && this.#inflated > this.#packedBytes * limits.ratio
    if (this.#inflated <= limits.totalBytes && !blown) return
    const [packed, mebibytes] = [Math.ceil(this.#packedBytes / 1024), Math.floor(this.#inflated / mebibyte)]
    throw bomb(`The archive inflates from ${packed} KiB to more than ${mebibytes} MiB.`)
  }
}

/** Entries that share their bytes inflate one small part again and again. @throws file_bomb */
const checkOverlap = async (archive: ZipArchive, files: readonly ZipEntry[]): Promise<void> => {
  const ranges: { start: number; end: number }[] = []
  // An entry whose header can not be read is damaged, which is told when it is unpacked.
  for (const file of files) ranges.push(await archive.rangeOf(file).catch(() => ({ start: 0, end: 0 })))
  ranges.sort((a, b) => a.start - b.start)
  let end = 0
  for (const range of ranges) {
    if (range.end === 0) continue
    if (range.start < end) throw bomb('Entries of the archive overlap: it was made to inflate beyond all measure.')
    end = range.end
  }
}

class Unpacker {
  readonly #archive: ZipArchive
  readonly #folder: string
  readonly #measure: Measure
  #files = 0

  constructor(archive: ZipArchive, folder: string, measure: Measure) {
    this.#archive = archive
    this.#folder = folder
    this.#measure = measure
  }

  /** @throws file_bomb, disk_full; everything else is the outcome of the entry */
  async unpack(item: ZipEntry): Promise<Outcome> {
    const { entry, path } = item
    if (entry.isEncrypted()) return { item, errorCode: 'zip_entry_encrypted' }
    if (entry.compressionMethod !== stored && entry.compressionMethod !== deflated) {
      return { item, errorCode: 'format_unsupported' }
    }
    if (entry.uncompressedSize > limits.entryBytes) return { item, errorCode: 'file_too_large' }
    this.#files += 1
    const file = join(this.#folder, `entry-${this.#files}`)
    try {
      await this.#write(item, file)
      return { item, attachment: { entry: path, file } }
    } catch (error) {
      await rm(file, { force: true })
      const known = wrapError(error, 'file_damaged', 'The entry can not be unpacked.')
      const isOwn = known instanceof KuraError && ['file_damaged', 'file_too_large'].includes(known.code)
      if (!isOwn) throw known
      return { item, errorCode: known.code }
    }
  }

  async #write({ entry, ...item }: ZipEntry, file: string): Promise<void> {
    let [size, checksum] = [0, 0]
    const counter = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        size += chunk.length
        checksum = crc32(chunk, checksum)
        try {
          this.#measure.add(chunk.length)
          done(size > limits.entryBytes ? tooLarge() : null, chunk)
        } catch (error) {
          done(error instanceof Error ? error : new Error('not an error', { cause: error }))
        }
      },
    })
    await pipeline(await this.#archive.read({ entry, ...item }), counter, createWriteStream(file))
    if (size !== entry.uncompressedSize || checksum !== entry.crc32) {
      throw new KuraError('file_damaged', 'The size or the checksum of the entry is wrong.')
    }
  }
}

const tooLarge = (): KuraError => new KuraError('file_too_large', 'The entry is larger than 1 GiB.')

const sizeOf = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`
  return bytes < mebibyte ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / mebibyte).toFixed(1)} MiB`
}

const wordOf = ({ errorCode }: Outcome): string => errorCode ?? 'document'

/** The page that people see of an archive. */
const writeContents = (name: string, outcomes: readonly Outcome[], others: readonly ZipEntry[]): PageBuilder => {
  const builder = new PageBuilder()
  builder.heading(1, [{ text: name }])
  const rows = outcomes.map((outcome) => [
    outcome.item.path,
    sizeOf(outcome.item.entry.uncompressedSize),
    wordOf(outcome),
  ])
  const links = others.filter(({ kind }) => kind === 'link').map(({ path }) => [path, '', 'symbolic link, left out'])
  builder.table(
    [['entry', 'size', 'outcome'], ...rows, ...links].map((row) => row.map((text) => [{ text }])),
    true,
  )
  const count = (kind: ZipEntry['kind']): number => others.filter((other) => other.kind === kind).length
  const [folders, system] = [count('directory'), count('system')]
  if (folders + system > 0) {
    builder.paragraph([{ text: `Left out: folders ${folders}, files of the operating system ${system}` }])
  }
  return builder
}

/** An archive from which nothing came is an error by the code that most entries have. @throws zip_empty and the codes of entries */
const checkOutcomes = (outcomes: readonly Outcome[]): void => {
  if (outcomes.some(({ attachment }) => attachment)) return
  const codes = outcomes.flatMap(({ errorCode }) => errorCode ?? [])
  const [code] = codes
  if (code === undefined) throw new KuraError('zip_empty', 'The archive holds no file.')
  throw new KuraError(code, `None of the ${outcomes.length} files in the archive could be unpacked.`)
}

/** @throws file_damaged, file_bomb, file_too_large, zip_empty, zip_entry_encrypted, format_unsupported */
export const parseZip = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  using archive = await ZipArchive.open(path)
  if (archive.entryCount > limits.entries) {
    const message = `The archive holds ${archive.entryCount} entries; ${limits.entries} are allowed.`
    throw new KuraError('file_too_large', message)
  }
  const entries = await archive.entries(limits.entries)
  const files = entries.filter(({ kind }) => kind === 'file')
  await checkOverlap(archive, files)
  // Entries that do not overlap are no longer than the file, whatever they say of themselves.
  const declared = files.reduce((sum, { entry }) => sum + entry.compressedSize, 0)
  const packed = Math.min(declared, (await stat(path)).size)
  new Measure(packed).add(files.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0))
  const unpacker = new Unpacker(archive, options.scratchFolder, new Measure(packed))
  const outcomes: Outcome[] = []
  for (const file of files) outcomes.push(await unpacker.unpack(file))
  const others = entries.filter(({ kind }) => kind !== 'file')
  await sendOnlyPage(writeContents(basename(options.name), outcomes, others), sink)
  checkOutcomes(outcomes)
  for (const { attachment } of outcomes) if (attachment) await sink.attachment(attachment)
  return { format: 'zip', paginated: false }
}
