/**
 * What pdf.js is told whenever it opens a PDF: nothing is fetched, nothing of the file is run, and character maps, fonts and decoders come from the package's own
 * folder. Without the character maps PDFs whose CJK fonts are not embedded give no text and no error. Neighbours: `pdf-document.ts` (text), `ocr/pdf-pictures.ts`.
 */
import { fileURLToPath } from 'node:url'

const packageFolder = new URL('./', import.meta.resolve('pdfjs-dist/package.json'))
const resource = (name: string): string => fileURLToPath(new URL(`${name}/`, packageFolder))

export const pdfResources = {
  cMapUrl: resource('cmaps'),
  cMapPacked: true,
  standardFontDataUrl: resource('standard_fonts'),
  wasmUrl: resource('wasm'),
  iccUrl: resource('iccs'),
  isEvalSupported: false,
  useSystemFonts: false,
  enableXfa: false,
  verbosity: 0,
} as const
