/** Running heads and feet are told from text that merely comes back. */
import { describe, expect, it } from 'vitest'
import { chunkDocument } from '../../ingest/chunk/chunk-document.ts'
import { findRunningBlocks } from '../../ingest/chunk/running-blocks.ts'
import type { Block, LineBox, ParsedDocument, ParsedPage } from '../../src/core/document.ts'

const lineHeight = 0.014

/** A block of a page: its text, where its first line stands in parts of the page's height, and what it is. */
type Part = readonly [text: string, y: number, kind?: 'heading' | 'paragraph' | 'table']

/** Each line of a block is a printed line; the lines of a table are its rows, the first one its header. */
const makePage = (number: number, parts: readonly Part[]): ParsedPage => {
  let text = ''
  const blocks: Block[] = []
  const lines: LineBox[] = []
  for (const [content, y, kind = 'paragraph'] of parts) {
    if (text !== '') text += '\n\n'
    const start = text.length
    const ranges = content.split('\n').map((line, index) => {
      if (index > 0) text += '\n'
      const range = { start: text.length, end: text.length + line.length }
      text += line
      lines.push({ ...range, x: 0.1, y: y + index * lineHeight * 1.4, width: 0.6, height: lineHeight })
      return range
    })
    const range = { start, end: text.length }
    const [header, ...rows] = ranges
    if (kind === 'heading') blocks.push({ kind, level: 2, ...range })
    else if (kind === 'table' && header) blocks.push({ kind, header, rows, ...range })
    else blocks.push({ kind: 'paragraph', ...range })
  }
  return { number, outcome: { method: 'text' }, text, blocks, lines }
}

const body = (number: number): Part => [`Step ${number}: ${'turn the valve, '.repeat(number % 5)}then wait.`, 0.4]

const makeDocument = (count: number, parts: (number: number) => readonly Part[]): ParsedDocument => ({
  format: 'pdf',
  paginated: true,
  pages: Array.from({ length: count }, (_, index) => makePage(index + 1, parts(index + 1))),
})

/** The texts of the running blocks, page by page. */
const runningIn = (document: ParsedDocument): string[] => {
  const running = findRunningBlocks(document)
  return document.pages.flatMap((page) =>
    page.blocks.flatMap(({ start, end }) =>
      running.has(`${page.number}:${start}`) ? [page.text.slice(start, end)] : [],
    ),
  )
}

const roman = (number: number): string => ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii'][number - 1] ?? ''

describe('running', () => {
  it.each<readonly [string, (number: number) => Part]>([
    ['a head', () => ['Press P-60 operating manual', 0.04]],
    ['a foot with the number of the page', (n) => [`Manual X rev 3 — page ${n} of 12`, 0.95]],
    ['a number that is off by the cover pages', (n) => [`Page ${n + 4}`, 0.95]],
    ['numbers of chapters and pages', (n) => [`${n < 7 ? 3 : 4}-${n < 7 ? n : n - 6}`, 0.95]],
    ['Japanese', (n) => [`油圧プレス取扱説明書　第３版　${n}／１２頁`, 0.96]],
    ['left and right pages', (n) => [n % 2 === 0 ? `${n}  Maintenance` : `Maintenance  ${n}`, 0.03]],
    [
      'a table with the number of the document',
      (n) => [`SOP-KP-003 | Rev 4 | Page ${n} of 12\nApproved | QA | 2026-01-05`, 0.03, 'table'],
    ],
    ['two lines', () => ['Controlled document\nPrinted copies are not valid', 0.93]],
  ])('%s', (_, part) => {
    const document = makeDocument(12, (n) => [part(n), body(n)].sort((one, other) => one[1] - other[1]))
    expect(runningIn(document)).toHaveLength(12)
    expect(runningIn(document).some((text) => text.startsWith('Step'))).toBe(false)
  })

  it('roman numbers', () => {
    expect(runningIn(makeDocument(8, (n) => [body(n), [roman(n), 0.95]]))).toHaveLength(8)
    expect(runningIn(makeDocument(8, (n) => [body(n), [`Preface ${roman(n)}`, 0.95]]))).toHaveLength(8)
  })

  it('the names of chapters, each on its own pages', () => {
    const document = makeDocument(12, (n) => [[n <= 6 ? 'Safety' : 'Lubrication', 0.04], body(n)])
    expect(runningIn(document)).toHaveLength(12)
  })

  it('is no content of chunks, and stays in the text of the page', async () => {
    const document = makeDocument(6, (n) => [['Press P-60 manual', 0.04], body(n), [`Page ${n}`, 0.95]])
    const countTokens = async (texts: readonly string[]): Promise<number[]> => texts.map((text) => text.length / 4)
    const chunks = await chunkDocument(document, { countTokens })
    const text = chunks.map((chunk) => chunk.text).join('\n')
    expect(text).toContain('Step 6')
    expect(text).not.toMatch(/P-60|Page \d/)
    expect(document.pages[5]?.text).toContain('Press P-60 manual')
  })
})

describe('content', () => {
  const nothing = (document: ParsedDocument): void => expect(runningIn(document)).toEqual([])

  it('a warning that stands in the body of each page', () => {
    nothing(makeDocument(8, (n) => [body(n), ['Never reach below the ram.', 0.6]]))
  })

  it('a warning at the head of each page', () => {
    nothing(makeDocument(8, (n) => [['WARNING: 400 V behind this cover.', 0.05], body(n)]))
    nothing(makeDocument(8, (n) => [['危険：カバーの裏は４００Ｖ', 0.05], body(n)]))
  })

  it('the header of a table that runs over pages', () => {
    nothing(makeDocument(8, (n) => [[`Code | Remedy\nE-${n}01 | Oil\nE-${n}02 | Grease`, 0.06, 'table'], body(n)]))
    // The same without a table found: the header stands close to its rows.
    nothing(
      makeDocument(8, (n) => [['Code Remedy', 0.06], [`E-${n}01 Oil`, 0.079], [`E-${n}02 Grease`, 0.098], body(n)]),
    )
  })

  it('a number that is not the page\u2019s', () => {
    nothing(makeDocument(8, (n) => [[`Revision ${(n * 7) % 5} of this page`, 0.95], body(n)]))
  })

  it('a line that comes back at other places', () => {
    nothing(makeDocument(8, (n) => [['Tighten all screws.', 0.03 + n * 0.03], body(n)]))
  })

  it('a heading that comes back now and then', () => {
    nothing(
      makeDocument(40, (n) => [
        [n % 13 === 1 ? 'Overview' : `Chapter on ${'abcdefgh'[n % 8]}${n % 3}`, 0.05, 'heading'],
        body(n),
      ]),
    )
  })

  it('documents of two pages, and all where there is nothing else', async () => {
    nothing(makeDocument(2, (n) => [['Press P-60 manual', 0.04], body(n)]))
    const document = makeDocument(5, () => [['This page is left blank.', 0.05]])
    const chunks = await chunkDocument(document, { countTokens: async (texts) => texts.map(() => 5) })
    expect(chunks.length).toBeGreaterThan(0)
  })

  it('forms that hold nothing else: a sheet for each machine', () => {
    const forms = makeDocument(12, (n) => [
      [`Machine ${n}`, 0.03],
      [`Machine ${n} is greased every ${100 + n} hours.`, 0.06],
    ])
    expect(runningIn(forms)).toEqual([])
  })

  it('the first heading of a chapter whose name is repeated on its pages', () => {
    const document = makeDocument(12, (n) => [
      [n > 3 && n < 8 ? 'Lubrication' : `Part ${'abcdefghijkl'[n]}`, 0.05, 'heading'],
      body(n),
    ])
    expect(runningIn(document)).toEqual(['Lubrication', 'Lubrication', 'Lubrication'])
  })
})
