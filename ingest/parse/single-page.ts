/**
 * What the parsers of formats without pages share: reading the whole file as text, and sending what was built as page 1.
 */
import { readFile, stat } from 'node:fs/promises'
import { KuraError } from '../../src/core/errors.ts'
import { decodeText } from './decode-text.ts'
import type { PageBuilder } from './page-builder.ts'
import type { ParseSink } from './parse-messages.ts'

/** Longer text files are data, not documents. */
const maxTextBytes = 64 * 2 ** 20

/** @throws file_too_large, file_damaged */
export const readText = async (
  path: string,
  decode: (bytes: Uint8Array) => string | undefined = (bytes) => decodeText(bytes),
): Promise<string> => {
  const { size } = await stat(path)
  if (size > maxTextBytes) {
    throw new KuraError(
      'file_too_large',
      `The file has ${Math.ceil(size / 2 ** 20)} MiB of text; ${maxTextBytes / 2 ** 20} MiB can be read.`,
    )
  }
  const text = decode(await readFile(path))
  if (text === undefined) throw new KuraError('file_damaged', 'The file is in no encoding that is known.')
  return text
}

/** A page without any text is blank; the caller of the parser makes an error of it. */
export const sendOnlyPage = async (builder: PageBuilder, sink: ParseSink): Promise<void> => {
  const outcome = { method: builder.isEmpty ? ('blank' as const) : ('text' as const) }
  await sink.page({ number: 1, outcome, ...builder.build() }, 1)
}
