/**
 * Pages a second of the PDF parser, start of the child included, beside bare pdf-parse on the same file in a fresh process; and the memory that a manual of 1,300
 * pages takes. Run: node --import tsx test/bench/parsing.ts FILE…; without files it takes the manuals of the shared corpus, or else the samples.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { constants, setPriority, tmpdir } from 'node:os'
import path, { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PDFDocument } from 'pdf-lib'
import { parseFile } from '../../ingest/parse/parse-file.ts'

export interface ParsingBench {
  readonly file: string
  readonly pages: number
  /** From the call to the first page: start of the child, opening, a look at some pages. */
  readonly firstPageMs: number
  readonly pagesPerSecond: number
  readonly barePagesPerSecond: number
  /** Ours to bare; bare extraction has neither lines, boxes, reading order nor tables. */
  readonly ratio: number
  /** Processor time of both, all threads: what is left to compare where the machine has other work. */
  readonly cpuMs: number
  readonly bareCpuMs: number
}

const samples = fileURLToPath(new URL('../../data/samples/', import.meta.url))
const manuals = fileURLToPath(new URL('../../../shared/corpus/manuals/', import.meta.url))
const longManual = 1_300
/** Linux counts processor time in ticks of 10 ms. */
const msPerTick = 10

const bareScript = `
  import { readFile } from 'node:fs/promises'
  import { PDFParse } from ${JSON.stringify(import.meta.resolve('pdf-parse'))}
  const root = ${JSON.stringify(fileURLToPath(new URL('./', import.meta.resolve('pdfjs-dist/package.json'))))}
  const data = new Uint8Array(await readFile(process.argv[1]))
  const parser = new PDFParse({ data, cMapUrl: root + 'cmaps/', cMapPacked: true, standardFontDataUrl: root + 'standard_fonts/' })
  await parser.getText()
  process.exit(0)`

/** Processor time of all children that have ended. */
const childrenCpuMs = (): number => {
  if (!existsSync('/proc/self/stat')) return 0
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[13]) + Number(fields[14])) * msPerTick
}

const timed = async (work: () => Promise<unknown>): Promise<{ ms: number; cpuMs: number }> => {
  const [begin, cpu] = [performance.now(), childrenCpuMs()]
  await work()
  return { ms: performance.now() - begin, cpuMs: childrenCpuMs() - cpu }
}

const runBare = async (file: string): Promise<void> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', bareScript, file], { stdio: 'ignore' })
  // Parsers run below normal priority: on a busy machine the comparison would measure that.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`bare pdf-parse ended with ${code}`)
}

const parse = (file: string, onPage?: (number: number, total: number) => void) =>
  parseFile(file, {
    name: basename(file),
    scratchFolder: tmpdir(),
    timeoutMs: 600_000,
    memoryBytes: 2 ** 30,
    onPage: ({ number }, total) => onPage?.(number, total),
  })

/** One file, ours and bare in turn so that a busy machine weighs on both. */
export const benchParsing = async (file: string, rounds = 3): Promise<ParsingBench> => {
  const ours = { ms: Infinity, cpuMs: Infinity }
  const bare = { ms: Infinity, cpuMs: Infinity }
  const keep = (best: typeof ours, found: typeof ours): void => {
    best.ms = Math.min(best.ms, found.ms)
    best.cpuMs = Math.min(best.cpuMs, found.cpuMs)
  }
  let [firstPageMs, pages] = [Infinity, 0]
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now()
    const onPage = (number: number, total: number): void => {
      pages = total
      if (number === 1) firstPageMs = Math.min(firstPageMs, performance.now() - begin)
    }
    keep(ours, await timed(() => parse(file, onPage)))
    keep(bare, await timed(() => runBare(file)))
  }
  const perSecond = (ms: number): number => Math.round((pages / ms) * 10_000) / 10
  return {
    file: basename(file),
    pages,
    firstPageMs: Math.round(firstPageMs),
    pagesPerSecond: perSecond(ours.ms),
    barePagesPerSecond: perSecond(bare.ms),
    ratio: Math.round((bare.ms / ours.ms) * 100) / 100,
    cpuMs: ours.cpuMs,
    bareCpuMs: bare.cpuMs,
  }
}

/** Copies of the files one after the other. */
const makeLong = async (files: readonly string[], pages: number): Promise<Uint8Array> => {
  const long = await PDFDocument.create()
  while (long.getPageCount() < pages) {
    for (const file of files) {
      const source = await PDFDocument.load(await readFile(file), { updateMetadata: false })
      const wanted = source.getPageIndices().slice(0, pages - long.getPageCount())
      for (const page of await long.copyPages(source, wanted)) long.addPage(page)
    }
  }
  return long.save()
}

/** The most memory that a parser of this process has taken so far, in MiB. */
const peakOfParsers = (): number => {
  const peaks = readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      return status.includes(`PPid:\t${process.pid}\n`) ? [Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024] : []
    } catch {
      return []
    }
  })
  return Math.round(Math.max(0, ...peaks))
}

/** Linux only. */
export const benchLongManual = async (files: readonly string[]) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'kura-bench-'))
  try {
    const file = path.join(folder, 'long.pdf')
    await writeFile(file, await makeLong(files, longManual))
    let peakMebibytes = 0
    const begin = performance.now()
    const { pages } = await parse(file, (number, total) => {
      if (number % 100 === 0 || number === total) peakMebibytes = Math.max(peakMebibytes, peakOfParsers())
    })
    const seconds = (performance.now() - begin) / 1000
    const failed = pages.filter(({ outcome }) => outcome.method === 'failed').length
    return { pages: pages.length, failed, pagesPerSecond: Math.round(pages.length / seconds), peakMebibytes }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const pdfsIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).flatMap((name) => (name.endsWith('.pdf') ? [folder + name] : [])) : []

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2)
  const files = [given, pdfsIn(manuals), pdfsIn(samples)].find((found) => found.length > 0) ?? []
  for (const file of files) process.stdout.write(`${JSON.stringify(await benchParsing(file))}\n`)
  process.stdout.write(`${JSON.stringify(await benchLongManual(files))}\n`)
}
