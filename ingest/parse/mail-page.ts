/**
 * A mail as one page: subject, who and when, names of what is attached, then the body. In: the parts of a mail, however it was stored. Out: blocks in
 * a `PageBuilder`, and the attachments as files. Nothing that the HTML points to is fetched. Pictures that stand in the text are named, not
 * taken out; everything else that is attached becomes a document. Used by `parse-eml.ts` and `parse-msg.ts`.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { load } from 'cheerio'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { writeHtml } from './html-blocks.ts'
import { textOf } from './html-text.ts'
import { encryptedMail } from './mail-reader.ts'
import { collapseBlanks, PageBuilder } from './page-builder.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'
import { writeText } from './parse-text.ts'
import { sendOnlyPage } from './single-page.ts'
import { cleanPath, UniquePaths } from './zip-entries.ts'

/** A stretch of the body, in the forms that the mail has it in. */
export interface MailBody {
  readonly html?: string
  readonly text?: string
}

export interface MailAttachment {
  readonly name: string
  /** What the HTML calls it by: `cid:` and `Content-Location`. */
  readonly contentId?: string | undefined
  readonly location?: string | undefined
  readonly isPicture: boolean
  /** Left out where the mail only names it: a link to a cloud, an object of another program. */
  readonly content?: Uint8Array
}

export interface Mail {
  readonly subject: string
  /** Label and value, in the order in which they are shown. */
  readonly fields: readonly (readonly [label: string, value: string])[]
  readonly bodies: readonly MailBody[]
  readonly attachments: readonly MailAttachment[]
  /** Names of signatures, which are no documents. */
  readonly signatures: readonly string[]
}

const maxAttachments = 2_000
/** An HTML form that has less than this part of the plain form's letters is a stub. */
const richShare = 0.8

const letters = (text: string): number => text.replace(/\s+/g, '').length

/** Marks of quoting are no text; what is quoted is. */
const withoutQuoteMarks = (text: string): string => {
  let before = 0
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => {
      const [, marks = '', rest = ''] = /^((?:>[ \t]?)*)(.*)$/s.exec(line) ?? []
      const depth = marks.replace(/[^>]/g, '').length
      const gap = depth === before ? '' : '\n'
      before = depth
      return gap + rest
    })
    .join('\n')
}

const writeBody = ({ html, text }: MailBody, builder: PageBuilder): void => {
  const body = html === undefined ? undefined : load(html)('body').get(0)
  const plain = withoutQuoteMarks(text ?? '')
  const inHtml = body ? letters(textOf(body)) : 0
  if (body && inHtml > 0 && inHtml >= letters(plain) * richShare) writeHtml(body, builder)
  else writeText(plain, builder)
}

/** A picture of a signature is smaller; a pasted screenshot, whose text is worth reading, is larger. */
const maxOrnamentBytes = 20 * 1024

/** Whether the attachment is an ornament that the HTML shows where it stands. */
const isShown = ({ contentId, location, isPicture, content }: MailAttachment, html: string): boolean => {
  if (isPicture && content !== undefined && content.length > maxOrnamentBytes) return false
  if (contentId !== undefined && isPicture) {
    return html.includes(`cid:${contentId}`) || html.includes(`cid:${encodeURIComponent(contentId)}`)
  }
  return location !== undefined && html.includes(location)
}

const writeList = (builder: PageBuilder, label: string, names: readonly string[]): void => {
  if (names.length > 0) builder.paragraph([{ text: `${label}: ${names.join(', ')}` }])
}

/** @throws file_too_large, disk_full */
const sendAttachments = async (
  attachments: readonly { readonly entry: string; readonly content: Uint8Array }[],
  sink: ParseSink,
  folder: string,
): Promise<void> => {
  for (const [index, { entry, content }] of attachments.entries()) {
    const file = join(folder, `attachment-${index + 1}`)
    try {
      await writeFile(file, content)
    } catch (error) {
      throw wrapError(error, 'data_not_writable', 'An attachment could not be unpacked.')
    }
    await sink.attachment({ entry, file })
  }
}

/** Writes the page, then hands the attachments on. @throws mail_encrypted, file_too_large, disk_full */
export const sendMail = async (
  mail: Mail,
  format: 'eml' | 'msg',
  sink: ParseSink,
  { scratchFolder }: ParserOptions,
): Promise<ParsedHead> => {
  // Mails under rights management, or encrypted with PGP, carry their real content in such an attachment.
  if (mail.attachments.some(({ name }) => /^message\.rpmsg$|\.pgp-encrypted$/i.test(name))) throw encryptedMail()
  if (mail.attachments.length > maxAttachments) {
    const message = `The mail has ${mail.attachments.length} attachments; ${maxAttachments} are allowed.`
    throw new KuraError('file_too_large', message)
  }
  const html = mail.bodies.map((body) => body.html ?? '').join('\n')
  const paths = new UniquePaths()
  const [shown, taken, named]: [string[], { entry: string; content: Uint8Array }[], string[]] = [[], [], []]
  for (const attachment of mail.attachments) {
    const name = cleanPath(attachment.name).replaceAll('/', '_')
    if (isShown(attachment, html)) shown.push(name)
    else if (attachment.content) taken.push({ entry: paths.take(name), content: attachment.content })
    else named.push(name)
  }
  const subject = collapseBlanks(mail.subject)
  const builder = new PageBuilder()
  builder.heading(1, [{ text: subject }])
  const fields = mail.fields.map(([label, value]) => ({ text: `${label}: ${collapseBlanks(value)}`, glue: '\n' }))
  builder.paragraph(fields)
  writeList(
    builder,
    'Attachments',
    taken.map(({ entry }) => entry),
  )
  writeList(builder, 'Not taken out', named)
  writeList(builder, 'Pictures in the mail', shown)
  writeList(builder, 'Signatures', mail.signatures)
  for (const body of mail.bodies) writeBody(body, builder)
  await sendOnlyPage(builder, sink)
  await sendAttachments(taken, sink, scratchFolder)
  return { format, paginated: false, ...(subject === '' ? {} : { title: subject }) }
}
