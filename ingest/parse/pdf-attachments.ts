/**
 * Files inside a PDF (attachments, portfolios). In: an open document. Out: each file in the scratch folder and its name to the sink. What a PDF may unpack is
 * bounded; what is beyond stays in the PDF. Used by `parse-pdf.ts`.
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AnnotationType, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { cleanText } from './page-builder.ts'
import type { ParseSink } from './parse-messages.ts'

const maxFiles = 100
const maxBytes = 200 * 2 ** 20

interface Embedded {
  readonly name: string
  readonly content: Uint8Array
}

const toEmbedded = (value: unknown): Embedded[] => {
  if (!value || typeof value !== 'object' || !('content' in value) || !(value.content instanceof Uint8Array)) return []
  const name = 'filename' in value ? String(value.filename) : ''
  return [{ name, content: value.content }]
}

/** Files that are attached to the document. */
const filesOfDocument = async (document: PDFDocumentProxy): Promise<Embedded[]> => {
  const found: unknown = await document.getAttachments().catch(() => undefined)
  return Object.values(found && typeof found === 'object' ? found : {}).flatMap(toEmbedded)
}

/** Files that are pinned to a place of a page. */
const filesOfPages = async (document: PDFDocumentProxy): Promise<Embedded[]> => {
  const types = new Set([AnnotationType.FILEATTACHMENT])
  const found: readonly unknown[] = (await document.getAnnotationsByType(types, new Set()).catch(() => [])) ?? []
  return found.flatMap((annotation) =>
    annotation && typeof annotation === 'object' && 'file' in annotation ? toEmbedded(annotation.file) : [],
  )
}

/** A file that is attached and pinned as well comes once. */
const embeddedFiles = async (document: PDFDocumentProxy, hasPinnedFiles: boolean): Promise<Embedded[]> => {
  const files = await filesOfDocument(document)
  if (!hasPinnedFiles) return files
  const isAttached = ({ name, content }: Embedded): boolean =>
    files.some((file) => file.name === name && Buffer.compare(file.content, content) === 0)
  return [...files, ...(await filesOfPages(document)).filter((file) => !isAttached(file))]
}

/** A name without folders and control characters that no earlier one has. */
const uniqueName = (name: string, taken: ReadonlySet<string>, ordinal: number): string => {
  const plain = cleanText(name.split(/[\\/]/).at(-1) ?? '').trim()
  const usable = plain === '' || plain === '.' || plain === '..' ? `attachment ${ordinal}` : plain
  return taken.has(usable) ? `${ordinal} ${usable}` : usable
}

export const saveAttachments = async (
  document: PDFDocumentProxy,
  sink: ParseSink,
  { scratchFolder, hasPinnedFiles }: { scratchFolder: string; hasPinnedFiles: boolean },
): Promise<void> => {
  const taken = new Set<string>()
  let bytes = 0
  for (const { name, content } of await embeddedFiles(document, hasPinnedFiles)) {
    bytes += content.length
    if (content.length === 0) continue
    if (taken.size >= maxFiles || bytes > maxBytes) break
    const entry = uniqueName(name, taken, taken.size + 1)
    taken.add(entry)
    const file = path.join(scratchFolder, `attachment-${taken.size}`)
    await writeFile(file, content)
    await sink.attachment({ entry, file })
  }
}
