/**
 * Walks the parts of a mail (MIME) and sorts them: bodies, attachments, signatures. In: parts of `mail-message.ts`. Out: what `mail-page.ts` writes. Charsets are
 * believed where they can be true and found from the bytes where not. What is signed is read, what is encrypted is refused. Used by the
 * parsers of EML and of signed MSG.
 */
import { KuraError } from '../../src/core/errors.ts'
import { decodeText } from './decode-text.ts'
import { type MailPart, readMessage } from './mail-message.ts'
import type { MailAttachment, MailBody } from './mail-page.ts'
import { openCms } from './mail-smime.ts'
import { decodeCharset, decodeWords } from './mail-words.ts'
import { textOfBytes } from './single-page.ts'

/** What every part that can not be read without a key leads to. */
export const encryptedMail = (): KuraError =>
  new KuraError('mail_encrypted', 'The mail is encrypted and can not be read.')

const maxHeadBytes = 16_384
/** Signed messages in signed messages. */
const maxLayers = 8

/** Extensions for parts that have no name. */
const extensions: Readonly<Record<string, string>> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
  'image/tiff': '.tif',
  'image/bmp': '.bmp',
  'application/pdf': '.pdf',
  'application/zip': '.zip',
  'text/plain': '.txt',
  'text/html': '.html',
  'text/csv': '.csv',
  'text/calendar': '.ics',
  'application/ms-tnef': '.dat',
}

const isSignature = ({ type, filename }: MailPart): boolean =>
  /^application\/(?:x-)?pkcs7-signature$|^application\/pgp-signature$/.test(type) || /\.p7s$/i.test(filename ?? '')

const isCms = ({ type, filename }: MailPart): boolean =>
  /^application\/(?:x-)?pkcs7-mime$/.test(type) || /(?:^|\/)smime\.p7m$/i.test(filename ?? '')

export class MailReader {
  readonly bodies: MailBody[] = []
  readonly attachments: MailAttachment[] = []
  readonly signatures: string[] = []
  readonly #encoding: string | undefined
  #unnamed = 0

  constructor(encoding: string | undefined) {
    this.#encoding = encoding
  }

  /** @throws mail_encrypted, encoding_unknown, file_damaged */
  async read(part: MailPart, layer = 0): Promise<void> {
    if (part.type === 'multipart/encrypted') throw encryptedMail()
    if (part.type === 'multipart/alternative') return this.#alternative(part, layer)
    if (part.type.startsWith('multipart/') && part.parts.length > 0) {
      for (const child of part.parts) await this.read(child, layer)
      return
    }
    if (isSignature(part)) this.signatures.push(part.filename ?? part.type)
    else if (isCms(part)) await this.#signed(part, layer)
    else if (this.#isBody(part)) this.bodies.push(this.#bodyOf(part))
    else if (part.content.length > 0 || part.filename !== undefined) this.#attach(part)
  }

  /** One body in several forms: the forms are put together, what is attached to them is kept. */
  async #alternative(part: MailPart, layer: number): Promise<void> {
    const inner = new MailReader(this.#encoding)
    for (const child of part.parts) await inner.read(child, layer)
    const html = inner.bodies.flatMap((body) => body.html ?? []).join('\n')
    const text = inner.bodies.flatMap((body) => body.text ?? []).join('\n')
    this.bodies.push({ ...(html === '' ? {} : { html }), ...(text === '' ? {} : { text }) })
    this.attachments.push(...inner.attachments)
    this.signatures.push(...inner.signatures)
  }

  async #signed(part: MailPart, layer: number): Promise<void> {
    const content = openCms(part.content)
    const says = part.parameters['smime-type']
    if (content.kind === 'encrypted' || (content.kind === 'other' && says === 'enveloped-data')) throw encryptedMail()
    if (content.kind === 'other' || layer >= maxLayers) return this.#attach(part)
    this.signatures.push(part.filename ?? 'smime.p7m')
    await this.read(await readMessage(content.message), layer + 1)
  }

  #isBody({ type, disposition, filename }: MailPart): boolean {
    // A multipart without its parts is what is left of a damaged mail: it is read as it stands there.
    if (type.startsWith('multipart/')) return true
    if ((type !== 'text/plain' && type !== 'text/html') || disposition === 'attachment') return false
    return filename === undefined || this.bodies.length === 0
  }

  #bodyOf({ type, content, charset }: MailPart): MailBody {
    const override = charset === undefined ? this.#encoding : undefined
    const text = override === undefined ? decodeCharset(content, charset) : textOfBytes(content, { encoding: override })
    if (/^\s*-----BEGIN PGP MESSAGE-----/.test(text)) throw encryptedMail()
    return type === 'text/html' ? { html: text } : { text }
  }

  #attach(part: MailPart): void {
    const { contentId, location, content } = part
    const isPicture = part.type.startsWith('image/')
    this.attachments.push({ name: this.#nameOf(part), contentId, location, isPicture, content })
  }

  #nameOf({ filename, type, content, location, field }: MailPart): string {
    if (filename !== undefined)
      return type === 'message/rfc822' && !/\.\w+$/.test(filename) ? `${filename}.eml` : filename
    if (type === 'message/rfc822') return `${subjectOf(content) ?? 'message'}.eml`
    const described = field('content-description') ?? location?.split('/').at(-1)
    this.#unnamed += 1
    const extension = extensions[type] ?? (type.startsWith('text/') || type.startsWith('message/') ? '.txt' : '.bin')
    return `${described ?? `part ${this.#unnamed}`}${described?.endsWith(extension) ? '' : extension}`
  }
}

/** The subject of a mail in the mail, from its head only. */
const subjectOf = (content: Uint8Array): string | undefined => {
  const head = decodeText(content.subarray(0, maxHeadBytes), { cut: true })?.split(/\r?\n\r?\n/)[0] ?? ''
  const value = /^subject:[ \t]*(.*(?:\r?\n[ \t].*)*)/im.exec(head)?.[1]
  return value === undefined ? undefined : decodeWords(value) || undefined
}
