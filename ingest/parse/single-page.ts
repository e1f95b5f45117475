/**
 * What the parsers of formats without pages share: reading the whole file as text, and sending what was built as page 1.
 */
import { readFile, stat } from 'node:fs/promises'
import { findEncoding } from '../../src/core/encodings.ts'
import { KuraError } from '../../src/core/errors.ts'
import { decodeText } from './decode-text.ts'
import type { PageBuilder } from './page-builder.ts'
import type { ParseSink } from './parse-messages.ts'
import { decodeStrictly } from './text-encodings.ts'

/** Longer text files are data, not documents. */
const maxTextBytes = 64 * 2 ** 20

export interface ReadTextOptions {
  /** What the user says of the encoding; takes the place of any guess. */
  readonly encoding?: string | undefined
  /** Finds the label of the encoding that the file itself names. */
  readonly declaredIn?: (bytes: Uint8Array) => string | undefined
}

/** @throws encoding_unknown */
const getEncoding = (label: string): string => {
  const encoding = findEncoding(label)
  if (encoding !== undefined) return encoding
  throw new KuraError('encoding_unknown', 'The encoding that was given has no name that is known.', {
    details: { encoding: label },
  })
}

/** @throws encoding_unknown, file_damaged */
const decodeAs = (bytes: Uint8Array, label: string): string => {
  const encoding = getEncoding(label)
  const text = decodeStrictly(bytes, encoding)
  if (text !== undefined) return text
  throw new KuraError('file_damaged', `The file is not in the encoding that was given, ${encoding}.`, {
    details: { encoding },
  })
}

/** The text of bytes that are one file or the body of a mail. @throws encoding_unknown, file_damaged */
export const textOfBytes = (bytes: Uint8Array, { encoding, declaredIn }: ReadTextOptions = {}): string => {
  if (encoding !== undefined) return decodeAs(bytes, encoding)
  const label = declaredIn?.(bytes)
  const text = decodeText(bytes, { declared: label === undefined ? undefined : findEncoding(label) })
  if (text === undefined) throw new KuraError('file_damaged', 'The file is in no encoding that is known.')
  return text
}

/** @throws file_too_large, encoding_unknown, file_damaged */
export const readText = async (path: string, options: ReadTextOptions = {}): Promise<string> => {
  const { size } = await stat(path)
  if (size > maxTextBytes) {
    throw new KuraError(
      'file_too_large',
      `The file has ${Math.ceil(size / 2 ** 20)} MiB of text; ${maxTextBytes / 2 ** 20} MiB can be read.`,
    )
  }
  return textOfBytes(await readFile(path), options)
}

/** A page without any text is blank; the caller of the parser makes an error of it. */
export const sendOnlyPage = async (builder: PageBuilder, sink: ParseSink): Promise<void> => {
  const outcome = { method: builder.isEmpty ? ('blank' as const) : ('text' as const) }
  await sink.page({ number: 1, outcome, ...builder.build() }, 1)
}
