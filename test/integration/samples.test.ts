import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import mammoth from 'mammoth'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { alarmsSop } from '../samples/sop-alarms.ts'
import { checkNumbers, type Sop } from '../samples/sop-block.ts'
import { lockoutSop } from '../samples/sop-lockout.ts'
import { maintenanceSop } from '../samples/sop-maintenance.ts'
import { relocationSop } from '../samples/sop-relocation.ts'

const folder = fileURLToPath(new URL('../../data/samples', import.meta.url))
const modules = fileURLToPath(new URL('../../node_modules/pdfjs-dist', import.meta.url))
const questionsSchema = z.array(
  z.object({
    question: z.string().min(1),
    language: z.enum(['en', 'zh-Hant', 'zh-Hans', 'ja']),
    collection: z.string().optional(),
    expect: z
      .object({ document: z.string(), page: z.number().int().optional(), contains: z.array(z.string()).min(1) })
      .nullable(),
  }),
)

/** Without blanks and line breaks, and with compatibility characters resolved. */
const compact = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '')

/** Texts of the pages; one for formats without pages. */
const readPages = async (file: string): Promise<string[]> => {
  if (file.endsWith('.docx')) return [(await mammoth.extractRawText({ path: file })).value]
  if (!file.endsWith('.pdf')) return [await readFile(file, 'utf8')]
  const task = getDocument({
    data: new Uint8Array(await readFile(file)),
    cMapUrl: `${modules}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${modules}/standard_fonts/`,
    verbosity: 0,
  })
  const pdf = await task.promise
  const pages: string[] = []
  for (let number = 1; number <= pdf.numPages; number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent()
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(''))
  }
  await task.destroy()
  return pages
}

const questions = questionsSchema.parse(JSON.parse(await readFile(path.join(folder, 'questions.json'), 'utf8')))

describe('the sample documents', () => {
  it('answer every question of the demo on the page that is expected', async () => {
    for (const { question, expect: expected } of questions) {
      if (expected === null) continue
      const pages = await readPages(path.join(folder, expected.document))
      const text = compact(expected.page === undefined ? pages.join('') : (pages[expected.page - 1] ?? ''))
      for (const wanted of expected.contains) expect(text, question).toContain(compact(wanted))
    }
  })

  it('are asked in each language, across languages, and once in vain', () => {
    expect(new Set(questions.map(({ language }) => language))).toEqual(new Set(['en', 'zh-Hant', 'zh-Hans', 'ja']))
    expect(questions.some(({ language, expect: e }) => language === 'zh-Hant' && e?.document.includes('(en)'))).toBe(
      true,
    )
    expect(questions.some(({ expect: expected }) => expected === null)).toBe(true)
  })

  it('stay small', async () => {
    const names = await readdir(folder)
    const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(6_000_000)
  })

  it('have PDFs whose fonts are real and whose every page has text', async () => {
    const pdfs = (await readdir(folder)).filter((name) => name.startsWith('SOP') && name.endsWith('.pdf'))
    expect(pdfs).toHaveLength(5)
    for (const name of pdfs) {
      for (const page of await readPages(path.join(folder, name))) expect(page.length, name).toBeGreaterThan(200)
    }
  })

  it('name the same figures in both languages', () => {
    const sops: readonly Sop[] = [lockoutSop, maintenanceSop, alarmsSop, relocationSop]
    for (const sop of sops) expect(() => checkNumbers(sop), sop.number).not.toThrow()
  })
})
