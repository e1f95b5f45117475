/**
 * What lies in a signed or encrypted container of a mail (CMS, RFC 5652, in BER). In: its bytes. Out: the message that was signed, or
 * what else it is. Signatures are not checked: Kura reads, it does not vouch. Pure; used by `parse-eml.ts` and `parse-msg.ts`.
 */

export type CmsContent =
  | { readonly kind: 'signed'; readonly message: Uint8Array }
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'other' }

/** Object identifiers of the kinds of content, as their bytes in hexadecimal. */
const signedData = '2a864886f70d010702'
const encryptedKinds = new Set(['2a864886f70d010703', '2a864886f70d0109100117', '2a864886f70d010706'])

const [octetString, constructedOctetString, objectIdentifier, sequence, explicitZero] = [0x04, 0x24, 0x06, 0x30, 0xa0]
const maxDepth = 32

interface Element {
  readonly tag: number
  readonly start: number
  readonly end: number
  /** Where the next one begins. */
  readonly next: number
}

/** @throws RangeError where the bytes end too soon or the nesting has no end */
const readElement = (bytes: Uint8Array, at: number, depth = 0): Element => {
  const [tag, first] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || first === undefined || depth > maxDepth) throw new RangeError('not BER')
  if (first === 0x80) {
    // Of indefinite length: until two zeros.
    let inner = at + 2
    while (bytes[inner] !== 0 || bytes[inner + 1] !== 0) inner = readElement(bytes, inner, depth + 1).next
    return { tag, start: at + 2, end: inner, next: inner + 2 }
  }
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  let length = first < 0x80 ? first : 0
  for (let index = 0; index < lengthBytes; index += 1) length = length * 256 + (bytes[at + 2 + index] ?? 0)
  const start = at + 2 + lengthBytes
  if (lengthBytes > 4 || start + length > bytes.length) throw new RangeError('not BER')
  return { tag, start, end: start + length, next: start + length }
}

const childrenOf = (bytes: Uint8Array, { start, end }: Element): Element[] => {
  const children: Element[] = []
  for (let at = start; at < end; ) {
    const child = readElement(bytes, at)
    children.push(child)
    at = child.next
  }
  return children
}

/** An octet string in one piece or in several. */
const octetsOf = (bytes: Uint8Array, element: Element, depth = 0): Uint8Array[] => {
  if (element.tag === octetString) return [bytes.subarray(element.start, element.end)]
  if (element.tag !== constructedOctetString || depth > maxDepth) return []
  return childrenOf(bytes, element).flatMap((child) => octetsOf(bytes, child, depth + 1))
}

/** The kind of content and the content of a `ContentInfo` or an `EncapsulatedContentInfo`. */
const contentOf = (bytes: Uint8Array, info: Element | undefined): { kind: string; content: Element | undefined } => {
  const [kind, content] = info?.tag === sequence ? childrenOf(bytes, info) : []
  const name = kind?.tag === objectIdentifier ? Buffer.from(bytes.subarray(kind.start, kind.end)).toString('hex') : ''
  return { kind: name, content: content?.tag === explicitZero ? childrenOf(bytes, content)[0] : undefined }
}

/** What the container holds; `other` where it can not be told. */
export const openCms = (bytes: Uint8Array): CmsContent => {
  try {
    const { kind, content } = contentOf(bytes, readElement(bytes, 0))
    if (encryptedKinds.has(kind)) return { kind: 'encrypted' }
    if (kind !== signedData || !content) return { kind: 'other' }
    const info = childrenOf(bytes, content).find(({ tag }) => tag === sequence)
    const signed = contentOf(bytes, info).content
    const message = signed ? Buffer.concat(octetsOf(bytes, signed)) : Buffer.alloc(0)
    return message.length > 0 ? { kind: 'signed', message } : { kind: 'other' }
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'other' }
    throw error
  }
}
