/**
 * Pages a second of OCR, start of the child, drawing and laying out included, beside bare tesseract.js on the same pictures, in the same languages, with as many
 * workers. Run: node --import tsx test/bench/ocr.ts [FILE LANGUAGE]; BENCH_PAGES says how many pages.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { availableParallelism, constants, setPriority, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { readingFor } from '../../ingest/ocr/choose-reading.ts'
import { darkOnLight } from '../../ingest/ocr/dark-panels.ts'
import { evenLight } from '../../ingest/ocr/gray-picture.ts'
import { openPdfPictures } from '../../ingest/ocr/pdf-pictures.ts'
import { readPages } from '../../ingest/ocr/read-pages.ts'
import { dataNames, readerConfiguration } from '../../ingest/ocr/tesseract-readers.ts'
import { type Language, languages, type ParsedPage } from '../../src/core/document.ts'
import { childrenCpuMs } from './processor-time.ts'

export interface OcrBench {
  readonly file: string
  readonly pages: number
  readonly workers: number
  readonly pagesPerSecond: number
  readonly barePagesPerSecond: number
  /** Ours to bare; bare gives plain text only, and gets its pictures ready made. */
  readonly ratio: number
  /** Processor time, all threads: what is left to compare where the machine has other work. */
  readonly cpuMs: number
  readonly bareCpuMs: number
}

const sample = fileURLToPath(new URL('../../data/samples/Server_Setting_Method.pdf', import.meta.url))

const bareScript = `
  import { readFile } from 'node:fs/promises'
  import Tesseract from ${JSON.stringify(import.meta.resolve('tesseract.js'))}
  const [folder, languages, workers, pages] = process.argv.slice(1)
  const scheduler = Tesseract.createScheduler()
  await Promise.all(Array.from({ length: Number(workers) }, async () => scheduler.addWorker(
    await Tesseract.createWorker(languages.split('+'), 1, { langPath: folder, cacheMethod: 'none', gzip: true },
      ${JSON.stringify(readerConfiguration)}))))
  await Promise.all(Array.from({ length: Number(pages) }, async (_, index) =>
    scheduler.addJob('recognize', await readFile(folder + '/' + (index + 1) + '.png'))))
  process.exit(0)`

const bareMs = async (folder: string, reading: string, workers: number, pages: number): Promise<number> => {
  const begin = performance.now()
  const args = ['--input-type=module', '-e', bareScript, folder, reading, String(workers), String(pages)]
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  // OCR runs at low priority: on a busy machine the comparison would measure that.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`bare tesseract.js ended with ${code}`)
  return performance.now() - begin
}

const oursMs = async (file: string, language: Language, workers: number, pages: number, scratchFolder: string) => {
  const begin = performance.now()
  const unread = Array.from({ length: pages }, (_, index): ParsedPage => {
    return { number: index + 1, outcome: { method: 'unread', reason: 'no_text' }, text: '', blocks: [], lines: [] }
  })
  await readPages(file, {
    format: 'pdf',
    language,
    pages: unread,
    workers,
    pageTimeoutMs: 120_000,
    memoryBytes: 2 ** 31,
    scratchFolder,
    signal: new AbortController().signal,
    onPage: async (page) => {
      if (page.outcome.method === 'failed') throw new Error(`page ${page.number}: ${page.outcome.errorCode}`)
    },
  })
  return performance.now() - begin
}

/** Ours and bare in turn, so that a busy machine weighs on both. */
export const benchOcr = async (file = sample, language: Language = 'en', rounds = 2): Promise<OcrBench> => {
  const workers = availableParallelism()
  const pages = Number(process.env.BENCH_PAGES || 6)
  const folder = await mkdtemp(path.join(tmpdir(), 'kura-bench-ocr-'))
  try {
    for (const name of dataNames) {
      const data = `@tesseract.js-data/${name}/4.0.0_best_int/${name}.traineddata.gz`
      await symlink(fileURLToPath(import.meta.resolve(data)), path.join(folder, `${name}.traineddata.gz`))
    }
    await using pictures = await openPdfPictures(file, undefined)
    for (let number = 1; number <= pages; number += 1) {
      const { pixels, width, height } = evenLight(darkOnLight(await pictures.draw(number)))
      const png = sharp(pixels, { raw: { width, height, channels: 1 } }).png()
      await writeFile(path.join(folder, `${number}.png`), await png.toBuffer())
    }
    let [ours, bare, cpuMs, bareCpuMs] = [Infinity, Infinity, Infinity, Infinity]
    for (let round = 0; round < rounds; round += 1) {
      const begin = childrenCpuMs()
      ours = Math.min(ours, await oursMs(file, language, workers, pages, folder))
      const between = childrenCpuMs()
      bare = Math.min(bare, await bareMs(folder, readingFor(language) ?? 'eng', workers, pages))
      cpuMs = Math.min(cpuMs, between - begin)
      bareCpuMs = Math.min(bareCpuMs, childrenCpuMs() - between)
    }
    const perSecond = (ms: number): number => Math.round((pages / ms) * 100_000) / 100
    return {
      file: path.basename(file),
      pages,
      workers,
      pagesPerSecond: perSecond(ours),
      barePagesPerSecond: perSecond(bare),
      ratio: Math.round((bare / ours) * 100) / 100,
      cpuMs,
      bareCpuMs,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, given] = process.argv.slice(2)
  const language = languages.find((name) => name === given)
  process.stdout.write(`${JSON.stringify(await benchOcr(file, language))}\n`)
}
