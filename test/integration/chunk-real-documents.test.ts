import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { chunkDocument } from '../../ingest/chunk/chunk-document.ts'
import { findRunningBlocks } from '../../ingest/chunk/running-blocks.ts'
import { parseFile } from '../../ingest/parse/parse-file.ts'

/** The project's samples; beside a full checkout also long real manuals. */
const folders = ['../../data/samples/', '../../../shared/corpus/manuals/', '../../../shared/eval/northwind-pdf/'].map(
  (folder) => fileURLToPath(new URL(folder, import.meta.url)),
)
const files = folders
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  )
  .filter((file) => /\.(?:pdf|docx|html)$/u.test(file))

const countTokens = async (texts: readonly string[]): Promise<number[]> =>
  texts.map((text) => (text.match(/[A-Za-z0-9]{1,4}|\S/gu) ?? []).length)

describe.runIf(files.length > 0)('chunkDocument on real documents', () => {
  it.each(files)('loses nothing of %s and keeps exact places', async (file) => {
    const source = await parseFile(file, {
      name: path.basename(file),
      scratchFolder: tmpdir(),
      timeoutMs: 100_000,
      memoryBytes: 2 ** 30,
    })
    const chunks = await chunkDocument(source, { countTokens })
    const pages = new Map(source.pages.map((page) => [page.number, page.text]))
    const covered = new Map(source.pages.map((page) => [page.number, new Uint8Array(page.text.length)]))
    for (const { text, tokens, segments } of chunks) {
      expect(tokens).toBeLessThanOrEqual(350)
      for (const { start, end, page, pageStart, pageEnd } of segments) {
        expect(text.slice(start, end)).toBe(pages.get(page)?.slice(pageStart, pageEnd))
        covered.get(page)?.fill(1, pageStart, pageEnd)
      }
    }
    // Running heads and feet are in no chunk.
    const running = findRunningBlocks(source)
    for (const { number, blocks } of source.pages) {
      for (const { start, end } of blocks)
        if (running.has(`${number}:${start}`)) covered.get(number)?.fill(1, start, end)
    }
    for (const [number, text] of pages) {
      const lost = [...(covered.get(number) ?? [])].filter((hit, i) => hit === 0 && text.charAt(i).trim() !== '')
      expect(lost).toEqual([])
    }
  })
})
