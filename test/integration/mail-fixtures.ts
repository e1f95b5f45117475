/** Mails for tests: a small writer of Outlook's MSG on the container writer of msgreader, and ZIP archives with fields of any value. */
import { crc32, deflateRawSync } from 'node:zlib'
import { burn, type Entry } from '@kenjiuno/msgreader/lib/Burner.js'

const [directory, stream, root] = [1, 2, 5]
type Value = string | number | Date | Uint8Array | { readonly codePage: Uint8Array }

/** Properties by identifier; a string becomes Unicode, bytes a binary, `codePage` a string of 8-bit characters. */
export type MsgProperties = Readonly<Record<number, Value>>

export interface MsgContent {
  readonly properties: MsgProperties
  readonly recipients?: readonly MsgProperties[]
  readonly attachments?: readonly { readonly properties: MsgProperties; readonly mail?: MsgContent }[]
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0')

/** The type of a property, and its bytes in a stream of its own or in the list. */
const encode = (value: Value): { type: number; own?: Uint8Array; listed: Buffer } => {
  const listed = Buffer.alloc(8)
  if (typeof value === 'number') {
    listed.writeInt32LE(value)
    return { type: 0x0003, listed }
  }
  if (value instanceof Date) {
    listed.writeBigUInt64LE(BigInt(value.getTime()) * 10_000n + 116_444_736_000_000_000n)
    return { type: 0x0040, listed }
  }
  const own =
    typeof value === 'string' ? Buffer.from(value, 'utf16le') : value instanceof Uint8Array ? value : value.codePage
  listed.writeUInt32LE(own.length + (typeof value === 'string' ? 2 : 0))
  return { type: typeof value === 'string' ? 0x001f : value instanceof Uint8Array ? 0x0102 : 0x001e, own, listed }
}

class MsgWriter {
  readonly entries: Entry[] = []

  #add(parent: number | undefined, entry: Entry): number {
    const index = this.entries.push(entry) - 1
    if (parent !== undefined) this.entries[parent]?.children?.push(index)
    return index
  }

  folder(parent: number | undefined, name: string): number {
    const type = parent === undefined ? root : directory
    return this.#add(parent, { name, type, length: 0, children: [] })
  }

  stream(parent: number, name: string, bytes: Uint8Array): void {
    // The writer takes the whole memory that lies behind an array.
    const own = Uint8Array.from(bytes)
    this.#add(parent, { name, type: stream, length: own.length, binaryProvider: () => own })
  }

  properties(parent: number, headerBytes: number, properties: MsgProperties): void {
    const list: Buffer[] = [Buffer.alloc(headerBytes)]
    for (const [key, value] of Object.entries(properties)) {
      const { type, own, listed } = encode(value)
      const tag = Number(key) * 0x10000 + type
      if (own) this.stream(parent, `__substg1.0_${hex(tag, 8)}`, own)
      const head = Buffer.alloc(8)
      head.writeUInt32LE(tag, 0)
      head.writeUInt32LE(6, 4)
      list.push(head, listed)
    }
    this.stream(parent, '__properties_version1.0', Buffer.concat(list))
  }

  mail(folder: number, content: MsgContent, headerBytes: number): void {
    this.properties(folder, headerBytes, content.properties)
    content.recipients?.forEach((properties, index) => {
      this.properties(this.folder(folder, `__recip_version1.0_#${hex(index, 8)}`), 8, properties)
    })
    content.attachments?.forEach(({ properties, mail }, index) => {
      const attachment = this.folder(folder, `__attach_version1.0_#${hex(index, 8)}`)
      this.properties(attachment, 8, properties)
      if (mail) this.mail(this.folder(attachment, '__substg1.0_3701000D'), mail, 24)
    })
  }
}

/** A MSG file. */
export const makeMsg = (content: MsgContent): Uint8Array => {
  const writer = new MsgWriter()
  writer.mail(writer.folder(undefined, 'Root Entry'), content, 32)
  return burn(writer.entries)
}

/** A compound file with the named streams in its root, as old Office programs write. */
export const makeCompoundFile = (names: readonly string[]): Uint8Array => {
  const writer = new MsgWriter()
  const folder = writer.folder(undefined, 'Root Entry')
  for (const name of names) writer.stream(folder, name, Buffer.from('x'))
  return burn(writer.entries)
}

export interface RawEntry {
  readonly name: string | Uint8Array
  readonly content: Uint8Array
  readonly flags?: number
  readonly method?: number
  /** As packed, where it is not deflated content. */
  readonly packed?: Uint8Array
  readonly declaredSize?: number
  readonly declaredCrc?: number
  /** Mode of the file on Unix. */
  readonly mode?: number
  /** Points at the bytes of the entry before. */
  readonly sharesBytes?: boolean
}

/** A ZIP archive that says of its entries whatever it is told to. */
export const makeArchive = (entries: readonly RawEntry[]): Uint8Array => {
  const parts: Buffer[] = []
  const table: Buffer[] = []
  let [offset, last] = [0, 0]
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const packed = entry.packed ?? deflateRawSync(entry.content)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(entry.flags ?? 0, 2)
    fields.writeUInt16LE(entry.method ?? 8, 4)
    fields.writeUInt32LE(entry.declaredCrc ?? crc32(entry.content), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(entry.declaredSize ?? entry.content.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6)
    tail.writeUInt32LE(entry.sharesBytes ? last : offset, 10)
    const madeBy = Buffer.from([20, entry.mode === undefined ? 0 : 3])
    table.push(Buffer.concat([Buffer.from('PK\x01\x02'), madeBy, fields, tail, name]))
    if (entry.sharesBytes) continue
    parts.push(local)
    last = offset
    offset += local.length
  }
  const directoryBytes = Buffer.concat(table)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(table.length, 8)
  end.writeUInt16LE(table.length, 10)
  end.writeUInt32LE(directoryBytes.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, directoryBytes, end])
}
