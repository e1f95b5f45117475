/**
 * Parses a mail as Outlook saves it (MSG). In: a path. Out: one page and the attachments as files; a mail in the mail comes out as an MSG of its own. Properties are taken as bytes
 * from the library and decoded here: old files are in the code page of the machine that wrote them, and do not always name the right one.
 * Neighbours: `compound-file.ts`, `mail-rtf.ts`, `mail-reader.ts`, `mail-page.ts`.
 */
import { readFile } from 'node:fs/promises'
import msgReader, { type FieldsData } from '@kenjiuno/msgreader'
import { wrapError } from '../../src/core/errors.ts'
import { namesInCompoundFile } from './compound-file.ts'
import { declaredCharset } from './decode-text.ts'
import { readMessage } from './mail-message.ts'
import { type Mail, type MailAttachment, type MailBody, sendMail } from './mail-page.ts'
import { MailReader } from './mail-reader.ts'
import { readRtfBody } from './mail-rtf.ts'
import { openCms } from './mail-smime.ts'
import { datedField, decodeCharset } from './mail-words.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'

/** Property identifiers (MS-OXPROPS). */
const id = {
  messageClass: 0x001a,
  subject: 0x0037,
  submitTime: 0x0039,
  transportHeaders: 0x007d,
  senderName: 0x0c1a,
  senderAddress: 0x0c1f,
  recipientType: 0x0c15,
  deliveryTime: 0x0e06,
  body: 0x1000,
  compressedRtf: 0x1009,
  html: 0x1013,
  displayName: 0x3001,
  address: 0x3003,
  attachmentData: 0x3701,
  shortFileName: 0x3704,
  attachMethod: 0x3705,
  longFileName: 0x3707,
  mimeType: 0x370e,
  contentId: 0x3712,
  contentLocation: 0x3713,
  smtpAddress: 0x39fe,
  internetCodePage: 0x3fde,
  messageCodePage: 0x3ffd,
  senderSmtpAddress: 0x5d01,
} as const

/** Types of properties. */
const [integer, string8, unicode, time] = [0x0003, 0x001e, 0x001f, 0x0040]
/** By value and as a mail; other methods are links and objects of other programs. */
const [byValue, embeddedMail] = [1, 5]
const recipientLabels: Readonly<Record<number, string>> = { 1: 'To', 2: 'Cc' }
/** Intervals of 100 ns from 1601 to 1970. */
const epochTicks = 116_444_736_000_000_000n

/** The properties of a message, a recipient or an attachment, by type and identifier. */
class Properties {
  readonly #raw = new Map<number, Buffer>()

  /** What lies in a stream of its own comes before the list of all, which has only its length. */
  add(tag: number, bytes: Uint8Array): void {
    if (!this.#raw.has(tag)) this.#raw.set(tag, Buffer.from(bytes))
  }

  bytes(property: number, type: number): Buffer | undefined {
    return this.#raw.get(property * 0x10000 + type)
  }

  integer(property: number): number | undefined {
    return this.bytes(property, integer)?.readInt32LE(0)
  }

  date(property: number): string | undefined {
    const ticks = this.bytes(property, time)?.readBigUInt64LE(0) ?? 0n
    return ticks > epochTicks ? new Date(Number((ticks - epochTicks) / 10_000n)).toUTCString() : undefined
  }

  /** @param charset of strings that are not Unicode */
  text(property: number, charset: string | undefined): string | undefined {
    const wide = this.bytes(property, unicode)
    const narrow = this.bytes(property, string8)
    const text = wide ? wide.toString('utf16le') : narrow && decodeCharset(narrow, charset)
    const clean = text?.replace(/\0+$/, '')
    return clean === '' ? undefined : clean
  }
}

interface Outlook {
  readonly properties: Properties
  /** When and where, for appointments; named properties, which the library finds. */
  readonly appointment: readonly (readonly [label: string, value: string | undefined])[]
  readonly recipients: readonly Properties[]
  readonly attachments: readonly { readonly properties: Properties; readonly read: () => Uint8Array }[]
}

const readOutlook = (bytes: Buffer): Outlook => {
  const reader = new msgReader.default(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
  )
  const found = new Map<FieldsData, Properties>()
  const propertiesOf = (fields: FieldsData): Properties => {
    const properties = found.get(fields) ?? new Properties()
    found.set(fields, properties)
    return properties
  }
  reader.parserConfig = {
    propertyObserver: (fields, tag, raw) => {
      if (raw) propertiesOf(fields).add(tag, raw)
    },
  }
  const data = reader.getFileData()
  return {
    properties: propertiesOf(data),
    appointment: [
      ['Begin', datedField(data.apptStartWhole)],
      ['End', datedField(data.apptEndWhole)],
      ['Place', data.apptLocation ?? data.location],
    ],
    recipients: (data.recipients ?? []).map(propertiesOf),
    attachments: (data.attachments ?? []).map((attachment) => ({
      properties: propertiesOf(attachment),
      read: () => reader.getAttachment(attachment).content,
    })),
  }
}

/** The encoding of strings that are not Unicode, as a label. */
const charsetOf = (properties: Properties): string | undefined => {
  const page = properties.integer(id.messageCodePage) ?? properties.integer(id.internetCodePage)
  return page === undefined ? undefined : labelOf(page)
}

const labelOf = (page: number): string => (page === 65_001 ? 'utf-8' : page === 20_127 ? 'us-ascii' : `cp${page}`)

const personOf = (name: string | undefined, address: string | undefined): string | undefined => {
  // Addresses within an Exchange server name no mailbox that a reader knows.
  const mailbox = address?.includes('@') ? address : undefined
  if (name === undefined || name === mailbox) return mailbox
  return mailbox === undefined ? name : `${name} <${mailbox}>`
}

const fieldsOf = ({ properties, recipients, appointment }: Outlook, charset: string | undefined): Mail['fields'] => {
  const text = (property: number): string | undefined => properties.text(property, charset)
  const sender = text(id.senderSmtpAddress) ?? text(id.senderAddress)
  const addressees = (label: string): string | undefined => {
    const people = recipients.flatMap((recipient) => {
      if ((recipientLabels[recipient.integer(id.recipientType) ?? 1] ?? '') !== label) return []
      const address = recipient.text(id.smtpAddress, charset) ?? recipient.text(id.address, charset)
      return personOf(recipient.text(id.displayName, charset), address) ?? []
    })
    return people.length > 0 ? people.join(', ') : undefined
  }
  const sent = /^date:[ \t]*(.+)$/im.exec(text(id.transportHeaders) ?? '')?.[1]?.trim()
  const date = sent ?? properties.date(id.submitTime) ?? properties.date(id.deliveryTime)
  const all = [
    ['From', personOf(text(id.senderName), sender)],
    ['To', addressees('To')],
    ['Cc', addressees('Cc')],
    ['Date', datedField(date)],
    ...appointment,
  ] as const
  return all.flatMap(([label, value]) => (value === undefined || value.trim() === '' ? [] : [[label, value] as const]))
}

const binary = 0x0102

const bodyOf = (properties: Properties, charset: string | undefined): MailBody => {
  const text = properties.text(id.body, charset)
  const bytes = properties.bytes(id.html, binary)
  const page = properties.integer(id.internetCodePage)
  const label = bytes && (declaredCharset(bytes) ?? (page === undefined ? charset : labelOf(page)))
  const html = bytes ? decodeCharset(bytes, label) : properties.text(id.html, charset)
  const rtf = html === undefined ? properties.bytes(id.compressedRtf, binary) : undefined
  const fromRtf = rtf && readRtfBody(rtf)
  const [markup, plain] = [html ?? fromRtf?.html, text ?? fromRtf?.text]
  return { ...(markup === undefined ? {} : { html: markup }), ...(plain === undefined ? {} : { text: plain }) }
}

const attachmentOf = (
  { properties, read }: Outlook['attachments'][number],
  charset: string | undefined,
): MailAttachment => {
  const text = (property: number): string | undefined => properties.text(property, charset)
  const method = properties.integer(id.attachMethod) ?? byValue
  const given = text(id.longFileName) ?? text(id.shortFileName) ?? text(id.displayName)
  const isPicture = /^image\//.test(text(id.mimeType) ?? '') || /\.(?:png|jpe?g|gif|bmp|emz|wmz)$/i.test(given ?? '')
  return {
    name: method === embeddedMail ? `${text(id.displayName) ?? 'message'}.msg` : (given ?? 'attachment'),
    contentId: text(id.contentId),
    location: text(id.contentLocation),
    isPicture,
    ...(method === byValue || method === embeddedMail ? { content: read() } : {}),
  }
}

/** What a signed mail holds in its one attachment. @throws mail_encrypted */
const openSigned = async (
  attachments: readonly MailAttachment[],
  encoding?: string,
): Promise<MailReader | undefined> => {
  const content = attachments.find(({ name }) => /\.p7m$/i.test(name))?.content ?? attachments[0]?.content
  if (!content) return undefined
  const reader = new MailReader(encoding)
  const cms = openCms(content)
  // Clear-signed mails keep the whole of it, head and all; others keep the container.
  const type =
    cms.kind === 'other'
      ? ''
      : 'Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n'
  const message = type === '' ? content : Buffer.from(type + Buffer.from(content).toString('base64'))
  await reader.read(await readMessage(message))
  return reader
}

/** @throws file_damaged, mail_encrypted, file_too_large, disk_full */
export const parseMsg = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  // The library follows chains of sectors without end: this does not.
  await namesInCompoundFile(path, true)
  const mail = await readMail(await readFile(path), options)
  return sendMail(mail, 'msg', sink, options)
}

const readMail = async (bytes: Buffer, { encoding }: ParserOptions): Promise<Mail> => {
  try {
    const outlook = readOutlook(bytes)
    const charset = encoding ?? charsetOf(outlook.properties)
    const attachments = outlook.attachments.map((attachment) => attachmentOf(attachment, charset))
    const isSigned = /^IPM\.Note\.SMIME/i.test(outlook.properties.text(id.messageClass, charset) ?? '')
    const signed = isSigned ? await openSigned(attachments, encoding) : undefined
    return {
      subject: outlook.properties.text(id.subject, charset) ?? '',
      fields: fieldsOf(outlook, charset),
      bodies: signed?.bodies ?? [bodyOf(outlook.properties, charset)],
      attachments: signed?.attachments ?? attachments,
      signatures: signed?.signatures ?? [],
    }
  } catch (error) {
    throw wrapError(error, 'file_damaged', 'The mail can not be read: its structure is damaged.')
  }
}
