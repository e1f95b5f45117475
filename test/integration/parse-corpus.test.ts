/** Every hard PDF of the shared corpus gets an outcome or a code. Only where the corpus lies beside the project. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
/** Its owner's password is empty, which pdf.js does not try. */
const stricter = new Set(['pr6531_2.pdf'])

describe.skipIf(!isThere)('the hard PDFs', () => {
  const index = isThere ? readFileSync(join(corpus, 'hard-pdf/INDEX.tsv'), 'utf8').trim().split('\n').slice(1) : []
  it.each(index.map((line) => line.split('\t')))('%s (%s)', async (name = '', kind = '', password = '') => {
    const path = join(corpus, 'hard-pdf/pdfjs', name)
    expect(stricter.has(name) ? ['pdf_encrypted'] : allowed[kind]).toContain(await codeOf(path))
    if (password === '') return
    expect(await codeOf(path, { password })).toBe('none')
    expect(await codeOf(path, { password: `${password}?` })).toBe('pdf_password_wrong')
  })
})

describe.skipIf(!isThere)('the manuals', () => {
  it('pass the test of what their text can be', async () => {
    const names = readdirSync(join(corpus, 'manuals'), { recursive: true, encoding: 'utf8' })
    for (const name of names.filter((found) => found.endsWith('.pdf'))) {
      const garbled = (await parse(join(corpus, 'manuals', name))).pages.filter(
        ({ outcome }) => outcome.method === 'unread' && outcome.reason === 'garbled_text',
      )
      expect([name, garbled.map(({ number }) => number)]).toEqual([name, []])
    }
  })

  it('give text on every page but the cover, which is a picture, and keep every box on the page', async () => {
    const document = await parse(join(corpus, 'manuals/debian-reference.zh-tw.pdf'))
    expect(document.pages).toHaveLength(251)
    const [cover, ...others] = document.pages
    expect(cover?.outcome).toEqual({ method: 'unread', reason: 'no_text' })
    expect(new Set(others.map((page) => page.outcome.method))).toEqual(new Set(['text']))
    for (const line of document.pages.flatMap((page) => page.lines)) {
      expect(line.x + line.width).toBeLessThanOrEqual(1.00002)
      expect(line.y + line.height).toBeLessThanOrEqual(1.00002)
      expect(line.width * line.height).toBeGreaterThan(0)
    }
  })
})
