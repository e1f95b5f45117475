/**
 * Pages a second of the PDF parser beside bare pdf-parse on the same file: of the first file that a child reads, which was started before, as the worker keeps one ready, or is
 * started for it, both against a fresh process; and of later ones, by a child that is at work already, against pdf-parse in a process that has read the file before. And the memory that a manual of 1,300 pages takes. Run: node --import tsx test/bench/parsing.ts FILE…; without files it takes the manuals of the shared corpus, or else the samples.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { constants, setPriority, tmpdir } from 'node:os'
import path, { basename } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { PDFDocument } from 'pdf-lib'
import { parseFile } from '../../ingest/parse/parse-file.ts'
import { ParserPool } from '../../ingest/parse/parser-pool.ts'
import { childrenCpuMs, childrenOfThis } from './processor-time.ts'

/** The best of all rounds. */
interface Cost {
  readonly ms: number
  /** Processor time, all threads: what is left to compare where the machine has other work. */
  readonly cpuMs: number
}

interface Compared {
  readonly pagesPerSecond: number
  readonly barePagesPerSecond: number
  /** Ours to bare; bare extraction has neither lines, boxes, reading order nor tables. */
  readonly ratio: number
  readonly cpuMs: number
  readonly bareCpuMs: number
}

export interface ParsingBench {
  readonly file: string
  readonly pages: number
  /** From the call to the first page: start of the child, opening, a look at some pages. */
  readonly firstPageMs: number
  /** A child that was ready and has read nothing, as the first file of a batch meets it; its start does not count. */
  readonly ready: Compared
  /** A child and a process that are started for this file. */
  readonly first: Compared
  /** A child that has read the file before, as in a bulk ingest, against a process that is started for it. */
  readonly steady: Compared
  /** The same against pdf-parse in a process that has read the file before. */
  readonly steadyRatioToWarmBare: number
}

const samples = fileURLToPath(new URL('../../data/samples/', import.meta.url))
const manuals = fileURLToPath(new URL('../../../shared/corpus/manuals/', import.meta.url))
const longManual = 1_300
const memoryBytes = 2 ** 30
/** In which a child has surely started. */
const startMs = 5_000
/** Times that a file is read before the readers count as warm. */
const warmUps = 2

const bareScript = `
  import { readFile } from 'node:fs/promises'
  import { PDFParse } from ${JSON.stringify(import.meta.resolve('pdf-parse'))}
  const root = ${JSON.stringify(fileURLToPath(new URL('./', import.meta.resolve('pdfjs-dist/package.json'))))}
  const [file, times] = process.argv.slice(1)
  let last = 0
  for (let time = 0; time < Number(times); time += 1) {
    const begin = performance.now()
    const data = new Uint8Array(await readFile(file))
    const parser = new PDFParse({ data, cMapUrl: root + 'cmaps/', cMapPacked: true, standardFontDataUrl: root + 'standard_fonts/' })
    await parser.getText()
    await parser.destroy()
    last = performance.now() - begin
  }
  process.stdout.write(String(last))
  process.exit(0)`

/** Keeps the lower figures of all rounds. */
class Best implements Cost {
  ms = Infinity
  cpuMs = Infinity

  async time(work: () => Promise<unknown>): Promise<void> {
    const [begin, cpu] = [performance.now(), childrenCpuMs()]
    await work()
    this.ms = Math.min(this.ms, performance.now() - begin)
    this.cpuMs = Math.min(this.cpuMs, childrenCpuMs() - cpu)
  }
}

/** @returns milliseconds of the last of some times */
const runBare = async (file: string, times: number): Promise<number> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', bareScript, file, String(times)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  // Parsers run below normal priority: on a busy machine the comparison would measure that.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  const [last, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`bare pdf-parse ended with ${code}`)
  return Number(last)
}

const parse = (file: string, onPage?: (number: number, total: number) => void, parsers?: ParserPool) =>
  parseFile(file, {
    name: basename(file),
    scratchFolder: tmpdir(),
    timeoutMs: 600_000,
    memoryBytes,
    ...(parsers && { parsers }),
    onPage: ({ number }, total) => onPage?.(number, total),
  })

/** One file, ours and bare in turn so that a busy machine weighs on both. */
export const benchParsing = async (file: string, rounds = 3): Promise<ParsingBench> => {
  const [ready, first, steady, bare] = [new Best(), new Best(), new Best(), new Best()]
  let [firstPageMs, pages, warmBareMs] = [Infinity, 0, Infinity]
  // Kept while the others are timed.
  await using parsers = new ParserPool({ idleMs: 600_000 })
  for (let warmUp = 0; warmUp < warmUps; warmUp += 1) await parse(file, undefined, parsers)
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now()
    const onPage = (number: number, total: number): void => {
      pages = total
      if (number === 1) firstPageMs = Math.min(firstPageMs, performance.now() - begin)
    }
    await first.time(() => parse(file, onPage))
    {
      await using prepared = new ParserPool({ ready: { pdf: true, memoryBytes } })
      await sleep(startMs)
      await ready.time(() => parse(file, undefined, prepared))
    }
    await bare.time(() => runBare(file, 1))
    await steady.time(() => parse(file, undefined, parsers))
    warmBareMs = Math.min(warmBareMs, await runBare(file, warmUps + 1))
  }
  const perSecond = (ms: number): number => Math.round((pages / ms) * 10_000) / 10
  const ratioOf = (bareMs: number, ours: Cost): number => Math.round((bareMs / ours.ms) * 100) / 100
  const compared = (ours: Cost): Compared => ({
    pagesPerSecond: perSecond(ours.ms),
    barePagesPerSecond: perSecond(bare.ms),
    ratio: ratioOf(bare.ms, ours),
    cpuMs: ours.cpuMs,
    bareCpuMs: bare.cpuMs,
  })
  return {
    file: basename(file),
    pages,
    firstPageMs: Math.round(firstPageMs),
    ready: compared(ready),
    first: compared(first),
    steady: compared(steady),
    steadyRatioToWarmBare: ratioOf(warmBareMs, steady),
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
  const peaks = childrenOfThis().map((pid) => {
    const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : ''
    return Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024
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
