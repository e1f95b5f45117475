/**
 * Parses DOC, XLS and PPT files: LibreOffice, where it is installed, makes DOCX, XLSX or PPTX of them, and the parser of that format reads it. In: a path. Out: the
 * pages of that parser, under the format that the file has. Neighbours: `find-libreoffice.ts`, `legacy-conversion.ts`.
 */
import { readFile } from 'node:fs/promises'
import { KuraError } from '../../src/core/errors.ts'
import { findLibreOffice } from './find-libreoffice.ts'
import { convertLegacy } from './legacy-conversion.ts'
import { isEncryptedOle } from './ole-object.ts'
import { parseDocx } from './parse-docx.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'
import { parsePptx } from './parse-pptx.ts'
import { parseXlsx } from './parse-xlsx.ts'

const successors = {
  doc: { format: 'docx', parse: parseDocx },
  xls: { format: 'xlsx', parse: parseXlsx },
  ppt: { format: 'pptx', parse: parsePptx },
} as const

/** @throws legacy_office_unavailable, office_encrypted, and what the parser of the newer format throws */
export const parseLegacy = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  const format = options.format === 'xls' || options.format === 'ppt' ? options.format : 'doc'
  if (isEncryptedOle(await readFile(path))) {
    throw new KuraError('office_encrypted', 'The Office file is encrypted: it opens with a password only.')
  }
  const program = await findLibreOffice()
  if (program === undefined) {
    throw new KuraError(
      'legacy_office_unavailable',
      `${format.toUpperCase()} files are read by way of LibreOffice, which is not installed on this machine.`,
    )
  }
  const { format: newer, parse } = successors[format]
  const converted = await convertLegacy(program, path, { from: format, to: newer }, options.scratchFolder)
  return { ...(await parse(converted, sink, options)), format }
}
