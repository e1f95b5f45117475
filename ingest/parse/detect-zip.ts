/**
 * What lies in a ZIP container: an Office document, a document of another program, or an archive. In: a path. Out: a `FileFormat`, or the refusal that
 * names the kind. Names inside decide, then the list of types of the container. Used by `detect-format.ts`.
 */
import type { FileFormat } from '../../src/core/document.ts'
import { unsupportedKind } from './unsupported-kind.ts'
import { ZipArchive, type ZipEntry } from './zip-entries.ts'

/** Documents have their main parts among the first entries. */
const maxEntries = 20_000
const maxTypesBytes = 2 ** 20
const maxMimeBytes = 200

const byMainPart: readonly (readonly [part: RegExp, format: FileFormat])[] = [
  [/^word\/document\d*\.xml$/i, 'docx'],
  [/^xl\/workbook\d*\.xml$/i, 'xlsx'],
  [/^ppt\/presentation\d*\.xml$/i, 'pptx'],
]

/** Main parts by their declared type, for programs that name them otherwise. */
const byType: readonly (readonly [type: RegExp, format: FileFormat])[] = [
  [/(?:wordprocessingml\.(?:document|template)|ms-word\.\w+\.macroEnabled\w*)\.main\+xml/i, 'docx'],
  [/(?:spreadsheetml\.(?:sheet|template)|ms-excel\.\w+\.macroEnabled\w*)\.main\+xml/i, 'xlsx'],
  [/(?:presentationml\.(?:presentation|slideshow|template)|ms-powerpoint\.\w+\.macroEnabled\w*)\.main\+xml/i, 'pptx'],
]

const refused: readonly (readonly [part: RegExp, kind: string])[] = [
  [/^xl\/workbook\.bin$/i, 'xlsb'],
  [/^visio\/document\.xml$/i, 'vsdx'],
  [/^FixedDocumentSequence\.fdseq$|^FixedDocSeq\.fdseq$/i, 'xps'],
  [/^Index\/Document\.iwa$|^Index\.zip$/, 'iwork'],
  [/^AndroidManifest\.xml$/, 'apk'],
  [/^META-INF\/MANIFEST\.MF$/, 'jar'],
]

const openDocument: Readonly<Record<string, string>> = {
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.text-template': 'ott',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/vnd.oasis.opendocument.spreadsheet-template': 'ots',
  'application/vnd.oasis.opendocument.presentation': 'odp',
  'application/vnd.oasis.opendocument.presentation-template': 'otp',
  'application/vnd.oasis.opendocument.graphics': 'odg',
  'application/vnd.oasis.opendocument.graphics-template': 'otg',
  'application/epub+zip': 'epub',
}

/** The beginning of an entry; empty where it can not be read. */
const readHead = async (archive: ZipArchive, entry: ZipEntry | undefined, most: number): Promise<string> => {
  if (!entry) return ''
  let text = ''
  try {
    for await (const chunk of (await archive.read(entry)) as AsyncIterable<Buffer>) {
      text += chunk.toString('latin1')
      if (text.length >= most) break
    }
  } catch {
    // The parser of the format says what is wrong with it.
  }
  return text.slice(0, most)
}

/** @throws format_unsupported, file_damaged */
export const detectInZip = async (path: string): Promise<FileFormat> => {
  using archive = await ZipArchive.open(path)
  const entries = (await archive.entries(maxEntries)).filter(({ kind }) => kind === 'file')
  const find = (part: RegExp): ZipEntry | undefined => entries.find((entry) => part.test(entry.path))
  const types = find(/^\[Content_Types\]\.xml$/i)
  const main = byMainPart.find(([part]) => find(part))
  if (main) return main[1]
  if (types) {
    const list = await readHead(archive, types, maxTypesBytes)
    const typed = byType.find(([type]) => type.test(list))
    if (typed) return typed[1]
  }
  const mime = (await readHead(archive, find(/^mimetype$/), maxMimeBytes)).trim()
  const known = openDocument[mime] ?? refused.find(([part]) => find(part))?.[1]
  if (known !== undefined) throw unsupportedKind(known)
  return 'zip'
}
