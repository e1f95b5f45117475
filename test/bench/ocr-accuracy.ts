/**
 * Character error rate of OCR for each language: pages of the sample manuals, drawn at 200 dpi, are read and compared with the text layer that they have. Each set is read
 * as a clean scan, as one that is skewed by 2 degrees and noisy, and upside down. Blanks do not count, NFKC does; a wrong reading order counts as errors.
 * Run: node --import tsx test/bench/ocr-accuracy.ts [LANGUAGE…]; BENCH_PAGES says how many pages of each file.
 */
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { PDFDocument } from 'pdf-lib'
import sharp, { type Sharp } from 'sharp'
import type { GrayPicture } from '../../ingest/ocr/gray-picture.ts'
import { openPdfPictures } from '../../ingest/ocr/pdf-pictures.ts'
import { readPages } from '../../ingest/ocr/read-pages.ts'
import { parseFile } from '../../ingest/parse/parse-file.ts'
import { projectFolder } from '../../src/config/settings.ts'
import type { Language, ParsedPage } from '../../src/core/document.ts'

const shared = path.join(projectFolder, '..', 'shared')
const manuals: readonly { readonly language: Language; readonly file: string }[] = [
  { language: 'en', file: path.join(shared, 'eval/northwind-pdf/employee_handbook.pdf') },
  { language: 'ja', file: path.join(shared, 'corpus/manuals/debian-reference.ja.pdf') },
  { language: 'zh-Hant', file: path.join(shared, 'corpus/manuals/debian-reference.zh-tw.pdf') },
  {
    language: 'zh-Hans',
    file: path.join(shared, 'corpus/manuals/zh-Hans-ai-thinker/智能生活网关产品参考应用程序说明.pdf'),
  },
]

/** Part of the usual 300 dpi. */
const zoom = 200 / 300
const leastCharacters = 300

const normalise = (text: string): string => text.normalize('NFKC').replace(/[\s|]+/gu, '')

/** Levenshtein's distance in code points. */
const distance = (one: readonly string[], other: readonly string[]): number => {
  let before = Uint32Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [row, character] of one.entries()) {
    const now = new Uint32Array(other.length + 1)
    now[0] = row + 1
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (before[column - 1] ?? 0) + (other[column - 1] === character ? 0 : 1)
      now[column] = Math.min(replaced, (before[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1)
    }
    before = now
  }
  return before[other.length] ?? 0
}

/** Pages with enough text, spread over the file. */
const choosePages = (pages: readonly ParsedPage[], count: number): ParsedPage[] => {
  const full = pages.filter((page) => normalise(page.text).length >= leastCharacters)
  const step = Math.max(1, full.length / count)
  return Array.from(
    { length: Math.min(count, full.length) },
    (_, index) => full[Math.floor((index + 0.5) * step)] ?? [],
  ).flat()
}

const toPng = ({ pixels, width, height }: GrayPicture): Sharp => sharp(pixels, { raw: { width, height, channels: 1 } })

/** The same grain in each run. */
const addGrain = (pixels: Uint8Array): Uint8Array => {
  let state = 12_345
  return pixels.map((pixel) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.min(255, Math.max(0, pixel + ((state >>> 16) % 61) - 30))
  })
}

const variants: Readonly<Record<string, (picture: GrayPicture) => Promise<Buffer>>> = {
  clean: (picture) => toPng(picture).png().toBuffer(),
  skewedAndNoisy: async (picture) => {
    const { data, info } = await toPng(picture)
      .rotate(2, { background: 'white' })
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true })
    return toPng({ pixels: addGrain(data), width: info.width, height: info.height })
      .png()
      .toBuffer()
  },
  upsideDown: (picture) => toPng(picture).rotate(180).png().toBuffer(),
}

const makeScan = async (pictures: readonly Buffer[], file: string): Promise<void> => {
  const document = await PDFDocument.create()
  for (const picture of pictures) {
    const image = await document.embedPng(picture)
    const [width, height] = [(image.width * 72) / 200, (image.height * 72) / 200]
    document.addPage([width, height]).drawImage(image, { x: 0, y: 0, width, height })
  }
  writeFileSync(file, await document.save())
}

const readScan = async (file: string, count: number, language: Language, scratchFolder: string) => {
  const pages: ParsedPage[] = []
  await readPages(file, {
    format: 'pdf',
    language,
    pages: Array.from({ length: count }, (_, index) => ({
      number: index + 1,
      outcome: { method: 'unread', reason: 'no_text' },
      text: '',
      blocks: [],
      lines: [],
    })),
    workers: availableParallelism(),
    pageTimeoutMs: 120_000,
    memoryBytes: 2 ** 31,
    scratchFolder,
    signal: new AbortController().signal,
    onPage: async (page) => void pages.push(page),
  })
  return pages.sort((one, other) => one.number - other.number)
}

const wanted = process.argv.slice(2)
const count = Number(process.env.BENCH_PAGES || 3)
const folder = await mkdtemp(path.join(tmpdir(), 'kura-accuracy-'))
try {
  for (const { language, file } of manuals.filter(
    (manual) => wanted.length === 0 || wanted.includes(manual.language),
  )) {
    const limits = { name: file, scratchFolder: folder, timeoutMs: 300_000, memoryBytes: 2 ** 30 }
    const chosen = choosePages((await parseFile(file, limits)).pages, count)
    await using pictures = await openPdfPictures(file, undefined)
    const drawn: GrayPicture[] = []
    for (const page of chosen) drawn.push(await pictures.draw(page.number, zoom))
    for (const [variant, spoil] of Object.entries(variants)) {
      const scan = path.join(folder, 'scan.pdf')
      await makeScan(await Promise.all(drawn.map(spoil)), scan)
      const begin = performance.now()
      const read = await readScan(scan, chosen.length, language, folder)
      const seconds = (performance.now() - begin) / 1000
      let [errors, characters, confidence] = [0, 0, 0]
      chosen.forEach((page, index) => {
        const truth = [...normalise(page.text)]
        errors += distance(truth, [...normalise(read[index]?.text ?? '')])
        characters += truth.length
        const outcome = read[index]?.outcome
        confidence += outcome?.method === 'ocr' ? outcome.confidence / chosen.length : 0
      })
      const figures = {
        language,
        variant,
        pages: chosen.map((page) => page.number),
        characters,
        errorRate: Math.round((errors / characters) * 1000) / 1000,
        confidence: Math.round(confidence * 1000) / 1000,
        seconds: Math.round(seconds * 10) / 10,
      }
      process.stdout.write(`${JSON.stringify(figures)}\n`)
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
