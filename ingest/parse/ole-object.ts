/**
 * What Office wraps around a file that is inserted as an object (`oleObject1.bin`): a compound file (MS-CFB) with the file in a stream, or a whole old Office
 * document. In: the bytes. Out: the file inside and its name. Every chain is walked with a limit. Pure; used by `office-embedded.ts` and `parse-legacy.ts`.
 */

const endOfChain = 0xfffffffa
const entryBytes = 128
const sectorsInHeader = 109

export interface OleContent {
  readonly name: string
  readonly bytes: Buffer
}

interface Entry {
  readonly name: string
  readonly start: number
  readonly size: number
}

class OleFile {
  readonly #bytes: Buffer
  readonly #sectorBytes: number
  readonly #table: number[]
  readonly #smallTable: number[]
  readonly #small: Buffer
  readonly #smallLimit: number
  readonly entries: readonly Entry[]

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#sectorBytes = bytes.readUInt16LE(30) === 12 ? 4096 : 512
    this.#smallLimit = bytes.readUInt32LE(56)
    this.#table = this.#tableSectors().flatMap((sector) => numbersOf(this.#sector(sector)))
    const directory = this.#chain(bytes.readUInt32LE(48))
    this.entries = Array.from({ length: Math.floor(directory.length / entryBytes) }, (_, index) => {
      const entry = directory.subarray(index * entryBytes, (index + 1) * entryBytes)
      const length = Math.min(64, entry.readUInt16LE(64))
      const name = entry.toString('utf16le', 0, Math.max(0, length - 2))
      return { name, start: entry.readUInt32LE(116), size: entry.readUInt32LE(120) }
    })
    this.#smallTable = numbersOf(this.#chain(bytes.readUInt32LE(60)))
    this.#small = this.#chain(this.entries[0]?.start ?? endOfChain)
  }

  read({ start, size }: Entry): Buffer {
    if (size >= this.#smallLimit) return this.#chain(start).subarray(0, size)
    const parts: Buffer[] = []
    for (let sector = start; sector < endOfChain && parts.length < this.#smallTable.length; ) {
      parts.push(this.#small.subarray(sector * 64, (sector + 1) * 64))
      sector = this.#smallTable[sector] ?? endOfChain
    }
    return Buffer.concat(parts).subarray(0, size)
  }

  #tableSectors(): number[] {
    const sectors = Array.from({ length: sectorsInHeader }, (_, index) => this.#bytes.readUInt32LE(76 + index * 4))
    let list = this.#bytes.readUInt32LE(68)
    const most = this.#bytes.length / this.#sectorBytes
    for (let count = 0; list < endOfChain && count < most; count += 1) {
      const numbers = numbersOf(this.#sector(list))
      list = numbers.pop() ?? endOfChain
      sectors.push(...numbers)
    }
    return sectors.filter((sector) => sector < endOfChain)
  }

  #chain(start: number): Buffer {
    const parts: Buffer[] = []
    for (let sector = start; sector < endOfChain && parts.length < this.#table.length; ) {
      parts.push(this.#sector(sector))
      sector = this.#table[sector] ?? endOfChain
    }
    return Buffer.concat(parts)
  }

  #sector(index: number): Buffer {
    return this.#bytes.subarray((index + 1) * this.#sectorBytes, (index + 2) * this.#sectorBytes)
  }
}

const numbersOf = (bytes: Buffer): number[] =>
  Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readUInt32LE(index * 4))

/** An inserted file of any kind: two names, a path, then the length and the bytes (MS-OLEDS, `OLESimple`). */
const readNative = (bytes: Buffer): OleContent | undefined => {
  let at = 6
  const readString = (): string => {
    const end = bytes.indexOf(0, at)
    const text = bytes.toString('latin1', at, end < 0 ? at : end)
    at = end + 1
    return text
  }
  const label = readString()
  readString()
  at += 4
  at += 4 + bytes.readUInt32LE(at)
  const size = bytes.readUInt32LE(at)
  const content = bytes.subarray(at + 4, at + 4 + size)
  return content.length === size && size > 0
    ? { name: label.split(/[\\/]/).at(-1) || 'object', bytes: content }
    : undefined
}

const documents: Readonly<Record<string, string>> = {
  WordDocument: 'doc',
  Workbook: 'xls',
  Book: 'xls',
  'PowerPoint Document': 'ppt',
}

/**
 * @param bytes of the object
 * @param name of the part that it lies in, without its folder
 * @returns undefined where no file is found in it
 */
export const unwrapOleObject = (bytes: Buffer, name: string): OleContent | undefined => {
  const stem = name.replace(/\.[^.]*$/, '')
  try {
    const file = new OleFile(bytes)
    const find = (wanted: string): Entry | undefined => file.entries.find((entry) => entry.name === wanted)
    const native = find('\u0001Ole10Native')
    if (native) return readNative(file.read(native))
    const whole = find('Package')
    if (whole) return { name: stem, bytes: file.read(whole) }
    const contents = find('CONTENTS')
    if (contents) return { name: stem, bytes: file.read(contents) }
    const known = Object.keys(documents).find((stream) => find(stream))
    return known === undefined ? undefined : { name: `${stem}.${documents[known]}`, bytes }
  } catch {
    // A damaged object beside a sound document: the document is read without it.
    return undefined
  }
}

const filePass = 0x2f
const beginOfFile = 0x809

/** The second record of a workbook, or one of the next few, says that all others are encrypted. */
const hasFilePass = (stream: Buffer): boolean => {
  let at = 0
  for (let count = 0; count < 8 && at + 4 <= stream.length; count += 1) {
    const kind = stream.readUInt16LE(at)
    if (kind === filePass) return true
    if (count === 0 && kind !== beginOfFile) return false
    at += 4 + stream.readUInt16LE(at + 2)
  }
  return false
}

/** Whether an old Office document opens with a password only. @param bytes of a compound file */
export const isEncryptedOle = (bytes: Buffer): boolean => {
  try {
    const file = new OleFile(bytes)
    const read = (name: string): Buffer | undefined => {
      const entry = file.entries.find((one) => one.name === name)
      return entry && file.read(entry)
    }
    const word = read('WordDocument')
    if (word) return word.length > 12 && (word.readUInt16LE(10) & 0x100) !== 0
    const workbook = read('Workbook')
    if (workbook) return hasFilePass(workbook)
    const user = read('Current User')
    return user !== undefined && user.length > 16 && user.readUInt32LE(12) === 0xf3d1c4df
  } catch {
    return false
  }
}
