/**
 * The sentence for a file that can not be read: what it is and what to do with it. In: what `file-type` found, or a name of our own.
 * Out: an error `format_unsupported`. Used by `detect-format.ts` and the mail parsers.
 */
import { KuraError } from '../../src/core/errors.ts'

/** What to do with a file, by the kind of thing that it is. */
const advice = {
  document: 'save it as DOCX or PDF',
  sheet: 'save it as XLSX',
  slides: 'save it as PPTX or PDF',
  drawing: 'export it as PDF',
  picture: 'save it as PNG or JPEG',
  archive: 'unpack it, and pack the files as ZIP',
  book: 'convert it to PDF or HTML',
} as const

type Advice = keyof typeof advice

/** Extensions as `file-type` names them. */
const kinds: Readonly<Record<string, readonly [kind: string, advice?: Advice]>> = {
  odt: ['an OpenDocument text', 'document'],
  ott: ['an OpenDocument text template', 'document'],
  ods: ['an OpenDocument spreadsheet', 'sheet'],
  ots: ['an OpenDocument spreadsheet template', 'sheet'],
  odp: ['an OpenDocument presentation', 'slides'],
  otp: ['an OpenDocument presentation template', 'slides'],
  odg: ['an OpenDocument drawing', 'drawing'],
  otg: ['an OpenDocument drawing template', 'drawing'],
  xlsb: ['a binary Excel workbook (XLSB)', 'sheet'],
  rtf: ['an RTF file', 'document'],
  vsdx: ['a Visio drawing', 'drawing'],
  vsd: ['an old Visio drawing', 'drawing'],
  dwg: ['an AutoCAD drawing (DWG)', 'drawing'],
  ps: ['a PostScript file', 'drawing'],
  eps: ['a PostScript drawing (EPS)', 'drawing'],
  xps: ['an XPS document', 'drawing'],
  pub: ['a Publisher document', 'drawing'],
  hwp: ['a Hangul document (HWP)', 'document'],
  wps: ['a Works document', 'document'],
  iwork: ['a document of Pages, Numbers or Keynote', 'document'],
  epub: ['an EPUB book', 'book'],
  mobi: ['a MOBI book', 'book'],
  chm: ['a compiled help file (CHM)', 'book'],
  heic: ['a HEIC picture', 'picture'],
  psd: ['a Photoshop picture', 'picture'],
  '7z': ['a 7-Zip archive', 'archive'],
  rar: ['a RAR archive', 'archive'],
  tar: ['a TAR archive', 'archive'],
  gz: ['a GZIP file', 'archive'],
  'tar.gz': ['a compressed TAR archive', 'archive'],
  bz2: ['a BZIP2 file', 'archive'],
  xz: ['an XZ file', 'archive'],
  zst: ['a Zstandard file', 'archive'],
  lz: ['an LZIP file', 'archive'],
  lz4: ['an LZ4 file', 'archive'],
  lzh: ['an LZH archive', 'archive'],
  cab: ['a CAB archive', 'archive'],
  arj: ['an ARJ archive', 'archive'],
  cpio: ['a CPIO archive', 'archive'],
  Z: ['a compressed file (Z)', 'archive'],
  exe: ['a program (EXE)'],
  elf: ['a program (ELF)'],
  macho: ['a program (Mach-O)'],
  jar: ['a program (JAR)'],
  apk: ['a program (APK)'],
  msi: ['an installer (MSI)'],
  lnk: ['a shortcut of Windows: it points to a file and does not hold it'],
  pst: ['a mailbox of Outlook (PST)'],
  sqlite: ['a database (SQLite)'],
  winmail: ['an attachment that only Outlook opens (winmail.dat)'],
}

const asciiName = (extension: string): string => extension.toUpperCase()

/**
 * @param extension as `file-type` or the table above names the kind
 * @param mime tells films and recordings of every kind
 */
export const unsupportedKind = (extension: string, mime = ''): KuraError => {
  const [kind, known] = kinds[extension] ?? []
  const medium = mime.startsWith('video/') ? 'a film' : mime.startsWith('audio/') ? 'a recording' : undefined
  const picture = mime.startsWith('image/') ? ([`a ${asciiName(extension)} picture`, 'picture'] as const) : undefined
  const named =
    kind ?? picture?.[0] ?? (medium ? `${medium} (${asciiName(extension)})` : `a ${asciiName(extension)} file`)
  const what = known ?? picture?.[1]
  const remedy =
    extension === 'winmail' ? ': ask the sender for a mail in HTML or plain text' : what ? `: ${advice[what]}` : ''
  return new KuraError('format_unsupported', `This is ${named}, which can not be read${remedy}.`, {
    details: { kind: named },
  })
}

/** A refusal in words of its own. @param kind with its article, e.g. `a mailbox of several mails` */
export const unsupported = (kind: string, remedy: string): KuraError =>
  new KuraError('format_unsupported', `This is ${kind}, which can not be read: ${remedy}.`, { details: { kind } })
