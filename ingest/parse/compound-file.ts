/**
 * The compound files of old Office programs and of Outlook (MS-CFB): a small file system in a file. In: a path. Out: the names in its root, which tell
 * what it is. Every chain of sectors and every tree of names is walked with a limit; with its streams checked, a file that passes here does not
 * send a reader around in circles. Used by `detect-format.ts` and `parse-msg.ts`.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { KuraError, wrapError } from '../../src/core/errors.ts'

export const compoundSignature = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] as const

const headerBytes = 512
const entryBytes = 128
const freeSector = 0xfffffffa
const none = 0xffffffff
/** The kind of entry that holds others. */
const storage = 1
/** Sector numbers of the allocation table that stand in the header itself. */
const sectorsInHeader = 109
/** Streams shorter than this lie in a stream of small sectors. */
const smallStreamBytes = 4096
const smallSectorBytes = 64

const damaged = (): KuraError =>
  new KuraError('file_damaged', 'The Office container is damaged: its parts can not be found.')

interface Entry {
  readonly name: string
  readonly kind: number
  readonly left: number
  readonly right: number
  readonly child: number
  readonly start: number
  readonly size: number
}

const readEntry = (bytes: Buffer): Entry => {
  const length = Math.min(64, bytes.readUInt16LE(64))
  return {
    name: bytes.toString('utf16le', 0, Math.max(0, length - 2)),
    kind: bytes.readUInt8(66),
    left: bytes.readUInt32LE(68),
    right: bytes.readUInt32LE(72),
    child: bytes.readUInt32LE(76),
    start: bytes.readUInt32LE(116),
    size: bytes.readUInt32LE(120),
  }
}

const toNumbers = (bytes: Buffer): Uint32Array<ArrayBuffer> =>
  new Uint32Array(Math.floor(bytes.length / 4)).map((_, index) => bytes.readUInt32LE(index * 4))

class CompoundFile {
  readonly #handle: FileHandle
  readonly #sectorBytes: number
  readonly #sectors: number
  /** The number of the sector that follows each sector. */
  #next = new Uint32Array()
  /** The same for the small sectors. */
  #nextSmall = new Uint32Array()
  #entries: Entry[] = []

  constructor(handle: FileHandle, header: Buffer, fileBytes: number) {
    this.#handle = handle
    this.#sectorBytes = header.readUInt16LE(30) === 12 ? 4096 : 512
    this.#sectors = Math.ceil(fileBytes / this.#sectorBytes)
  }

  async load(header: Buffer): Promise<void> {
    const table = await this.#tableSectors(header)
    // What lies beyond the end of a file that was cut is missed where it is looked for.
    this.#next = toNumbers(await this.#join(table.filter((sector) => sector < this.#sectors)))
    const directory = await this.#join(this.#chain(header.readUInt32LE(48)))
    for (let at = 0; at + entryBytes <= directory.length; at += entryBytes) {
      this.#entries.push(readEntry(directory.subarray(at, at + entryBytes)))
    }
    const small = this.#chain(header.readUInt32LE(60))
    this.#nextSmall = toNumbers(await this.#join(small.filter((sector) => sector < this.#sectors)))
  }

  /** The names in the root. All trees are walked once, and with `checkStreams` all chains of sectors. */
  namesInRoot(checkStreams: boolean): string[] {
    const seen = new Set<number>()
    const names: string[] = []
    const [root] = this.#entries
    const stack = [{ index: root?.child ?? none, isTop: true }]
    if (root && checkStreams) this.#chain(root.start)
    for (let top = stack.pop(); top; top = stack.pop()) {
      const entry = this.#entries[top.index]
      if (!entry) continue
      if (seen.has(top.index)) throw damaged()
      seen.add(top.index)
      if (top.isTop) names.push(entry.name)
      stack.push({ index: entry.left, isTop: top.isTop }, { index: entry.right, isTop: top.isTop })
      if (entry.kind === storage) stack.push({ index: entry.child, isTop: false })
      else if (checkStreams) this.#checkStream(entry)
    }
    return names
  }

  /** @throws file_damaged where a stream goes in circles or is shorter than it says */
  #checkStream({ start, size }: Entry): void {
    if (size === 0) return
    const isSmall = size < smallStreamBytes
    const chain = this.#chain(start, isSmall ? this.#nextSmall : this.#next)
    if (chain.length * (isSmall ? smallSectorBytes : this.#sectorBytes) < size) throw damaged()
  }

  /** The sectors of the allocation table: the first of them from the header, the others from a chain of lists. */
  async #tableSectors(header: Buffer): Promise<number[]> {
    const sectors: number[] = []
    for (let index = 0; index < sectorsInHeader; index += 1) sectors.push(header.readUInt32LE(76 + index * 4))
    let list = header.readUInt32LE(68)
    for (let read = 0; list < freeSector; read += 1) {
      if (read > this.#sectors) throw damaged()
      const bytes = await this.#read(list)
      for (let at = 0; at < this.#sectorBytes - 4; at += 4) sectors.push(bytes.readUInt32LE(at))
      list = bytes.readUInt32LE(this.#sectorBytes - 4)
    }
    return sectors.filter((sector) => sector < freeSector)
  }

  /** The sectors of a stream, in order. @throws file_damaged where they go in circles */
  #chain(start: number, next = this.#next): number[] {
    const chain: number[] = []
    for (let sector = start; sector < freeSector; sector = next[sector] ?? none) {
      chain.push(sector)
      if (chain.length > next.length) throw damaged()
    }
    return chain
  }

  async #join(sectors: readonly number[]): Promise<Buffer> {
    return Buffer.concat(await Promise.all(sectors.map((sector) => this.#read(sector))))
  }

  async #read(sector: number): Promise<Buffer> {
    if (sector >= this.#sectors) throw damaged()
    const bytes = Buffer.alloc(this.#sectorBytes)
    await this.#handle.read(bytes, 0, bytes.length, (sector + 1) * this.#sectorBytes)
    return bytes
  }
}

/**
 * The names of the streams and storages in the root of a compound file.
 * @param checkStreams whether streams that go in circles are an error too, or left to the program that reads them
 * @throws file_damaged
 */
export const namesInCompoundFile = async (path: string, checkStreams: boolean): Promise<string[]> => {
  const handle = await open(path, 'r')
  try {
    const header = Buffer.alloc(headerBytes)
    const { bytesRead } = await handle.read(header, 0, headerBytes, 0)
    if (bytesRead < headerBytes) throw damaged()
    const file = new CompoundFile(handle, header, (await handle.stat()).size)
    await file.load(header)
    return file.namesInRoot(checkStreams)
  } catch (error) {
    throw wrapError(error, 'file_damaged', 'The Office container can not be read.')
  } finally {
    await handle.close()
  }
}
