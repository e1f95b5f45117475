/** A LoRA adapter as a GGUF file, written byte by byte: for some tensors of a model a pair of small matrices with made-up numbers. */

export interface LoraTensor {
  /** Of the model, such as `blk.0.attn_q.weight`. */
  readonly name: string
  readonly inputs: number
  readonly outputs: number
}

export interface LoraOptions {
  readonly architecture: string
  readonly tensors: readonly LoraTensor[]
  /** 0 changes nothing. */
  readonly strength: number
  /** `general.type`. @default adapter */
  readonly type?: string
}

const rank = 2
const alignment = 32
const float32 = 6
const string = 8

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

const text = (value: string): Buffer => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)])

const alpha = (): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(rank)
  return bytes
}

const padding = (length: number): Buffer => Buffer.alloc((alignment - (length % alignment)) % alignment)

/** Numbers that look random, and are the same each time. */
const numbers = (count: number, strength: number, seed: number): Buffer => {
  const values = Float32Array.from({ length: count }, (_, i) => Math.sin((i + 1) * 12.9898 + seed) * strength)
  return Buffer.from(values.buffer)
}

export const makeLora = ({ architecture, tensors, strength, type = 'adapter' }: LoraOptions): Buffer => {
  const matrices = tensors.flatMap(({ name, inputs, outputs }, i) => [
    { name: `${name}.lora_a`, dimensions: [inputs, rank], data: numbers(inputs * rank, strength, i) },
    { name: `${name}.lora_b`, dimensions: [rank, outputs], data: numbers(rank * outputs, strength, i + 0.5) },
  ])
  const metadata = [
    [text('general.architecture'), uint32(string), text(architecture)],
    [text('general.type'), uint32(string), text(type)],
    [text('adapter.type'), uint32(string), text('lora')],
    [text('adapter.lora.alpha'), uint32(float32), alpha()],
  ].flat()
  let offset = 0
  const infos = matrices.flatMap(({ name, dimensions, data }) => {
    const info = [text(name), uint32(dimensions.length), ...dimensions.map(uint64), uint32(0), uint64(offset)]
    offset += data.length + padding(data.length).length
    return info
  })
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    uint32(3),
    uint64(matrices.length),
    uint64(4),
    ...metadata,
    ...infos,
  ])
  return Buffer.concat([head, padding(head.length), ...matrices.flatMap(({ data }) => [data, padding(data.length)])])
}
