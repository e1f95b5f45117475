/** Every hard PDF and office file of the shared corpus gets an outcome or a code. Only where the corpus lies beside the project. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { codeOf, parse } from './parse-fixtures.ts'

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
const isThere = existsSync(corpus)

/** What each kind of the index may end as. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'damaged-or-empty': ['none', 'pdf_damaged', 'no_text'],
  'damaged-but-opens': ['none', 'pdf_damaged', 'no_text'],
  'needs-password': ['pdf_encrypted'],
  'encrypted-opens-without-password': ['none', 'no_text'],
  'little-or-no-text (scan, drawing or form)': ['none', 'no_text', 'pdf_damaged'],
}
/** pdf.js asks for a password that other programs do not need. */
const stricter = new Set(['pr6531_2.pdf'])

const filesIn = (folder: string, ending: RegExp): string[] =>
  isThere
    ? readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => ending.test(name))
        .map((name) => join(corpus, folder, name))
    : []

describe.skipIf(!isThere)('the hard PDFs', () => {
  const index = isThere ? readFileSync(join(corpus, 'hard-pdf/INDEX.tsv'), 'utf8').trim().split('\n').slice(1) : []
  it.each(index.map((line) => line.split('\t')))('%s (%s)', async (name = '', kind = '') => {
    const code = await codeOf(join(corpus, 'hard-pdf/pdfjs', name))
    expect(stricter.has(name) ? ['pdf_encrypted'] : allowed[kind]).toContain(code)
  })
})

describe.skipIf(!isThere)('the office files', () => {
  it.each(filesIn('office', /\.docx$/).map((path) => [basename(path), path]))('%s', async (_, path = '') => {
    expect(['none', 'no_text']).toContain(await codeOf(path))
  })

  it.each(filesIn('office', /\.(?:xlsx|pptx)$/).map((path) => [basename(path), path]))('%s', async (_, path = '') => {
    expect(await codeOf(path)).toBe('format_unsupported')
  })
})

describe.skipIf(!isThere)('the manuals', () => {
  it('give text on every page but the cover, which is a picture, and keep every box on the page', async () => {
    const document = await parse(join(corpus, 'manuals/debian-reference.zh-tw.pdf'))
    expect(document.pages).toHaveLength(251)
    const [cover, ...others] = document.pages
    expect(cover?.outcome).toEqual({ method: 'failed', errorCode: 'page_has_no_text' })
    expect(new Set(others.map((page) => page.outcome.method))).toEqual(new Set(['text']))
    for (const line of document.pages.flatMap((page) => page.lines)) {
      expect(line.x + line.width).toBeLessThanOrEqual(1.00002)
      expect(line.y + line.height).toBeLessThanOrEqual(1.00002)
      expect(line.width * line.height).toBeGreaterThan(0)
    }
  })
})
