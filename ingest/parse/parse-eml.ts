/**
 * Parses a mail as it was sent (EML, also saved web pages in MHTML). In: a path. Out: one page and the attachments as files.
 * Neighbours: `mail-message.ts`, `mail-reader.ts`, `mail-page.ts`.
 */
import { readFile } from 'node:fs/promises'
import { readMessage } from './mail-message.ts'
import { type Mail, sendMail } from './mail-page.ts'
import { MailReader } from './mail-reader.ts'
import { datedField } from './mail-words.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'

/** @throws mail_encrypted, encoding_unknown, file_damaged, file_too_large, format_unsupported, disk_full */
export const parseEml = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  const message = await readMessage(await readFile(path))
  const reader = new MailReader(options.encoding)
  await reader.read(message)
  const fields = [
    ['From', message.field('from')],
    ['To', message.field('to')],
    ['Cc', message.field('cc')],
    ['Date', datedField(message.field('date'))],
  ] as const
  const mail: Mail = {
    subject: message.field('subject') ?? '',
    fields: fields.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const])),
    bodies: reader.bodies,
    attachments: reader.attachments,
    signatures: reader.signatures,
  }
  return sendMail(mail, 'eml', sink, options)
}
