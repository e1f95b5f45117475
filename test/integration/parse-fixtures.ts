/** What the parser tests share: a temporary folder, a small ZIP writer, and `parseFile` with generous limits. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 as crcOf, deflateRawSync } from 'node:zlib'
import { type ParseOptions, parseFile } from '../../ingest/parse/parse-file.ts'
import type { Block, ParsedDocument, ParsedPage } from '../../src/core/document.ts'

export class Folder implements AsyncDisposable {
  readonly path: string
  private constructor(path: string) {
    this.path = path
  }

  static async create(): Promise<Folder> {
    return new Folder(await mkdtemp(join(tmpdir(), 'kura-parse-')))
  }

  /** Writes a file and gives its path. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.path, name)
    await writeFile(path, content)
    return path
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}

export const parse = (path: string, options: Partial<ParseOptions> = {}): Promise<ParsedDocument> =>
  parseFile(path, { name: path, scratchFolder: tmpdir(), timeoutMs: 300_000, memoryBytes: 2 ** 30, ...options })

/** The error code that the file gets. */
export const codeOf = async (path: string, options: Partial<ParseOptions> = {}): Promise<string> => {
  try {
    await parse(path, options)
    return 'none'
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
}

export const onlyPage = (document: ParsedDocument): ParsedPage => {
  const [page] = document.pages
  if (!page || document.pages.length !== 1) throw new Error(`${document.pages.length} pages`)
  return page
}

/** Blocks as `kind: text`, tables as one entry for each row. */
export const outline = (page: ParsedPage): string[] =>
  page.blocks.flatMap((block: Block) => {
    const textOf = ({ start, end }: { start: number; end: number }): string => page.text.slice(start, end)
    if (block.kind === 'heading') return [`h${block.level}: ${textOf(block)}`]
    if (block.kind !== 'table') return [`${block.kind}: ${textOf(block)}`]
    return [
      ...(block.header ? [`header: ${textOf(block.header)}`] : []),
      ...block.rows.map((row) => `row: ${textOf(row)}`),
    ]
  })

/** A ZIP container with deflated entries. */
export const makeZip = (entries: Readonly<Record<string, Uint8Array>>): Uint8Array => {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(entries)) {
    const packed = deflateRawSync(content)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crcOf(content), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(content.length, 18)
    fields.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, tail, Buffer.from(name)]))
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, central, end])
}
