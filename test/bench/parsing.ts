/**
 * Pages a second of the PDF parser, start of the child included, beside bare pdf.js text extraction of the same file in a fresh process.
 * Run: node --import tsx test/bench/parsing.ts FILE…; without files it takes the samples.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseFile } from '../../ingest/parse/parse-file.ts'

export interface ParsingBench {
  readonly file: string
  readonly pages: number
  /** From the call to the first page: start of the child, opening, sampling. */
  readonly firstPageMs: number
  readonly pagesPerSecond: number
  readonly barePagesPerSecond: number
  /** Ours to bare; bare extraction has neither lines, boxes, reading order nor tables. */
  readonly ratio: number
}

const samples = fileURLToPath(new URL('../../data/samples/', import.meta.url))

const bareScript = `
  import { readFile } from 'node:fs/promises'
  import { getDocument } from ${JSON.stringify(import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs'))}
  const root = ${JSON.stringify(fileURLToPath(new URL('./', import.meta.resolve('pdfjs-dist/package.json'))))}
  const document = await getDocument({
    data: new Uint8Array(await readFile(process.argv[1])), cMapUrl: root + 'cmaps/', cMapPacked: true,
    standardFontDataUrl: root + 'standard_fonts/', verbosity: 0,
  }).promise
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number)
    await page.getTextContent()
    page.cleanup()
  }`

const bareMs = async (path: string): Promise<number> => {
  const begin = performance.now()
  const child = spawn(process.execPath, ['--input-type=module', '-e', bareScript, path], { stdio: 'ignore' })
  // Parsers run below normal priority: on a busy machine the comparison would measure that.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`bare pdf.js ended with ${code}`)
  return performance.now() - begin
}

/** One file, ours and bare in turn so that a busy machine weighs on both. */
export const benchParsing = async (path: string, rounds = 2): Promise<ParsingBench> => {
  let [ours, bare, firstPageMs, pages] = [Infinity, Infinity, Infinity, 0]
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now()
    let first = 0
    const document = await parseFile(path, {
      name: basename(path),
      timeoutMs: 600_000,
      memoryBytes: 2 ** 30,
      onPage: () => {
        first ||= performance.now() - begin
      },
    })
    ours = Math.min(ours, performance.now() - begin)
    firstPageMs = Math.min(firstPageMs, first)
    pages = document.pages.length
    bare = Math.min(bare, await bareMs(path))
  }
  const perSecond = (ms: number): number => Math.round((pages / ms) * 10_000) / 10
  return {
    file: basename(path),
    pages,
    firstPageMs: Math.round(firstPageMs),
    pagesPerSecond: perSecond(ours),
    barePagesPerSecond: perSecond(bare),
    ratio: Math.round((bare / ours) * 100) / 100,
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2)
  const files =
    given.length > 0 ? given : readdirSync(samples).flatMap((name) => (name.endsWith('.pdf') ? [samples + name] : []))
  for (const file of files) process.stdout.write(`${JSON.stringify(await benchParsing(file))}\n`)
}
