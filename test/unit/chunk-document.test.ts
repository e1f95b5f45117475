import { describe, expect, it } from 'vitest'
import { chunkDocument } from '../../ingest/chunk/chunk-document.ts'
import { findRunningBlocks } from '../../ingest/chunk/running-blocks.ts'
import type { Block, Chunk, ParsedDocument, ParsedPage, Range } from '../../src/core/document.ts'

/** About what a multilingual tokenizer counts: a character of Chinese or Japanese, four letters, a mark. */
const countTokens = async (texts: readonly string[]): Promise<number[]> =>
  texts.map((text) => (text.match(/[A-Za-z0-9]{1,4}|\S/gu) ?? []).length)

const chunk = (document: ParsedDocument, maxTokens = 350): Promise<Chunk[]> =>
  chunkDocument(document, { countTokens, maxTokens })

type BlockKind = Exclude<Block['kind'], 'table'> | `h${number}`

/** A page from `[kind, text]` pairs, a blank line between them. */
const page = (number: number, parts: readonly (readonly [BlockKind, string])[]): ParsedPage => {
  const blocks: Block[] = []
  let text = ''
  for (const [kind, content] of parts) {
    if (text !== '') text += '\n\n'
    const range: Range = { start: text.length, end: text.length + content.length }
    text += content
    if (kind.startsWith('h')) blocks.push({ kind: 'heading', level: Number(kind.slice(1)), ...range })
    else blocks.push({ kind: kind as 'paragraph' | 'list-item' | 'code', ...range })
  }
  return { number, outcome: { method: 'text' }, text, blocks, lines: [] }
}

const document = (...pages: ParsedPage[]): ParsedDocument => ({ format: 'pdf', paginated: true, pages })

const tablePage = (header: string, rows: readonly string[]): ParsedPage => {
  const lines = [header, ...rows]
  const text = lines.join('\n')
  let cursor = 0
  const ranges = lines.map((line) => {
    const range = { start: cursor, end: cursor + line.length }
    cursor += line.length + 1
    return range
  })
  const [first, ...rest] = ranges
  const block: Block = { kind: 'table', start: 0, end: text.length, rows: rest, ...(first && { header: first }) }
  return { number: 1, outcome: { method: 'text' }, text, blocks: [block], lines: [] }
}

/** What must hold for any document. */
const expectSound = (source: ParsedDocument, chunks: readonly Chunk[], maxTokens: number): void => {
  const covered = new Map(source.pages.map((p) => [p.number, new Uint8Array(p.text.length)]))
  for (const [i, found] of chunks.entries()) {
    expect(found.ordinal).toBe(i)
    expect(found.tokens).toBeLessThanOrEqual(maxTokens)
    let cursor = 0
    for (const segment of found.segments) {
      const pageText = source.pages.find((p) => p.number === segment.page)?.text ?? ''
      expect(found.text.slice(segment.start, segment.end)).toBe(pageText.slice(segment.pageStart, segment.pageEnd))
      expect(found.text.slice(cursor, segment.start).trim()).toBe('')
      expect(segment.page).toBeGreaterThanOrEqual(found.pageStart)
      expect(segment.page).toBeLessThanOrEqual(found.pageEnd)
      covered.get(segment.page)?.fill(1, segment.pageStart, segment.pageEnd)
      cursor = segment.end
    }
    expect(found.text.length).toBe(cursor)
  }
  // Running heads and feet are no content, unless there is nothing else.
  const running = chunks.length > 0 ? findRunningBlocks(source) : new Set<string>()
  for (const { number, blocks } of source.pages) {
    for (const { start, end } of blocks) if (running.has(`${number}:${start}`)) covered.get(number)?.fill(1, start, end)
  }
  for (const { number, text } of source.pages) {
    const lost = [...(covered.get(number) ?? [])].flatMap((hit, i) =>
      hit === 0 && text.charAt(i).trim() !== '' ? [i] : [],
    )
    expect(lost).toEqual([])
  }
}

const words = (count: number, word = 'valve'): string => `${Array.from({ length: count }, () => word).join(' ')}.`
const textsOf = (chunks: readonly Chunk[]): string[] => chunks.map((found) => found.text)

describe('chunkDocument on headings', () => {
  it('keeps a heading with what follows and tracks the path across pages', async () => {
    const chunks = await chunk(
      document(
        page(1, [
          ['h1', 'Manual'],
          ['h2', 'Safety'],
          ['paragraph', words(100)],
          ['h3', 'Lockout'],
        ]),
        page(2, [
          ['paragraph', words(90, 'lock')],
          ['h2', 'Care'],
          ['paragraph', words(100, 'oil')],
        ]),
      ),
    )
    expect(chunks.map((found) => found.headingPath)).toEqual([
      ['Manual', 'Safety'],
      ['Manual', 'Safety', 'Lockout'],
      ['Manual', 'Care'],
    ])
    expect(chunks[1]).toMatchObject({ pageStart: 1, pageEnd: 2 })
    expect(chunks[1]?.text).toMatch(/^Lockout\nlock/)
    expect(chunks[1]?.segments.map((segment) => segment.kind)).toEqual(['heading', 'sentence'])
  })

  it('does not mix two top-level sections, however small', async () => {
    const chunks = await chunk(
      document(
        page(1, [
          ['h1', 'A'],
          ['paragraph', 'Alpha one.'],
          ['h1', 'B'],
          ['paragraph', 'Beta two.'],
        ]),
      ),
    )
    expect(textsOf(chunks)).toEqual(['A\n\nAlpha one.', 'B\n\nBeta two.'])
  })

  it('joins small subsections of one section, under the heading that they share', async () => {
    const chunks = await chunk(
      document(
        page(1, [
          ['h1', 'Care'],
          ['h2', 'Oil'],
          ['paragraph', words(8)],
          ['h2', 'Belt'],
          ['paragraph', words(8)],
        ]),
        page(2, [
          ['h1', 'End'],
          ['h2', 'x'],
          ['paragraph', words(100)],
        ]),
      ),
    )
    // One first-level heading comes twice: it is the top level, and the two subsections under it are small.
    expect(chunks[0]?.headingPath).toEqual(['Care'])
    expect(chunks[0]?.text).toContain('Belt')
    expect(chunks[1]?.headingPath).toEqual(['End', 'x'])
  })

  it('does not take a running head for a heading', async () => {
    const pages = [1, 2, 3, 4].map((number) =>
      page(number, [
        ['h1', 'Press P-60 manual'],
        ['h2', `Part ${'abcd'[number - 1]}`],
        ['paragraph', words(90)],
        ['paragraph', `${number}`],
      ]),
    )
    const chunks = await chunk(document(...pages))
    expect(chunks.map((found) => found.headingPath)).toEqual([['Part a'], ['Part b'], ['Part c'], ['Part d']])
  })

  it('keeps the text of a document that is headings only', async () => {
    const source = document(
      page(1, [
        ['h1', 'One'],
        ['h2', 'Two'],
        ['h1', 'Three'],
      ]),
    )
    const chunks = await chunk(source)
    expectSound(source, chunks, 350)
    expect(chunks).toHaveLength(1)
  })
})

describe('chunkDocument on sentences', () => {
  it('cuts between sentences only, and prefers the border of a paragraph', async () => {
    const sentence = '請先關閉主電源，然後確認壓力表歸零，再打開護蓋。'
    const source = document(
      page(1, [
        ['paragraph', sentence.repeat(7)],
        ['paragraph', sentence.repeat(7)],
      ]),
    )
    const chunks = await chunk(source, 200)
    expect(textsOf(chunks)).toEqual([sentence.repeat(7), sentence.repeat(7)])
    expect(chunks.every((found) => found.language === 'zh-Hant')).toBe(true)
  })

  it('joins small paragraphs to a useful size', async () => {
    const source = document(
      page(
        1,
        Array.from({ length: 30 }, (_, i) => ['paragraph', `Check number ${i} of the list.`] as const),
      ),
    )
    const chunks = await chunk(source)
    expect(chunks.length).toBeLessThanOrEqual(2)
    expectSound(source, chunks, 350)
  })

  it('puts the two halves of a sentence that crosses a page border side by side, without head and foot between them', async () => {
    const filler = (n: number): (readonly [BlockKind, string])[] => [
      ['paragraph', 'Press P-60'],
      ['paragraph', words(150)],
      ['paragraph', `Page ${n}`],
    ]
    const pages = [
      page(1, filler(1)),
      page(2, [
        ['paragraph', 'Press P-60'],
        ['paragraph', `${words(160)} Before the cover is opened the pressure`],
        ['paragraph', 'Page 2'],
      ]),
      page(3, [
        ['paragraph', 'Press P-60'],
        ['paragraph', `must fall to zero. ${words(160)}`],
        ['paragraph', 'Page 3'],
      ]),
      page(4, filler(4)),
    ]
    const chunks = await chunk(document(...pages))
    expectSound(document(...pages), chunks, 350)
    const crossing = chunks.find((found) => found.text.includes('Before the cover is opened'))
    expect(crossing?.text).toContain('Before the cover is opened the pressure\nmust fall to zero.')
    expect(crossing).toMatchObject({ pageStart: 2, pageEnd: 3 })
    expect(crossing?.segments.filter((segment) => segment.page === 3).length).toBeGreaterThan(0)
  })

  it('cuts a sentence only where it alone is longer than a chunk, at a comma before a blank', async () => {
    const clause = 'the pump runs without any oil in it, '
    const source = document(page(1, [['paragraph', `${clause.repeat(60)}stop.`]]))
    const chunks = await chunk(source, 100)
    expectSound(source, chunks, 100)
    expect(
      textsOf(chunks)
        .slice(0, -1)
        .every((text) => text.endsWith(',')),
    ).toBe(true)
  })

  it('cuts between characters where there is nothing softer, never inside one', async () => {
    const source = document(
      page(1, [
        ['paragraph', '😀'.repeat(500)],
        ['paragraph', 'é'.repeat(900)],
      ]),
    )
    const chunks = await chunk(source, 64)
    expectSound(source, chunks, 64)
    expect(textsOf(chunks).every((text) => !/\p{Surrogate}/u.test(text) && !text.startsWith('\u0301'))).toBe(true)
  })
})

describe('chunkDocument on tables, lists and code', () => {
  const rows = Array.from({ length: 40 }, (_, i) => `M${i}\t${i * 5} N·m\tdry and clean thread`)

  it('repeats the header row at its own place in each chunk of the table, and cuts no row', async () => {
    const source: ParsedDocument = document(tablePage('Bolt\tTorque\tNote', rows))
    const chunks = await chunk(source, 120)
    expectSound(source, chunks, 120)
    expect(chunks.length).toBeGreaterThan(3)
    for (const { segments, text } of chunks) {
      expect(segments[0]).toMatchObject({ kind: 'header', start: 0, pageStart: 0, pageEnd: 16 })
      expect(
        segments.slice(1).every(({ kind, start, end }) => kind === 'row' && rows.includes(text.slice(start, end))),
      ).toBe(true)
    }
  })

  it('does not repeat a header that would fill the chunk', async () => {
    const source = document(tablePage(words(90, 'head').replaceAll(' ', '\t'), rows))
    const chunks = await chunk(source, 120)
    expectSound(source, chunks, 120)
    expect(chunks.filter(({ segments }) => segments.some(({ kind }) => kind === 'header'))).toHaveLength(1)
  })

  it('cuts a row that is too wide for a chunk by columns, each part with their names and that of the row', async () => {
    const columns = Array.from({ length: 30 }, (_, i) => i)
    const header = ['Part', ...columns.map((i) => `name ${i}`)].join(' | ')
    const lines = ['M8', 'M10'].map((part) => [part, ...columns.map((i) => `${part} value ${i}`)].join(' | '))
    const chunks = await chunk(document(tablePage(header, lines)), 100)
    expect(chunks.every(({ tokens }) => tokens <= 100)).toBe(true)
    for (const part of ['M8', 'M10']) {
      for (const i of columns) {
        const found = chunks.filter(({ text }) => new RegExp(`${part} value ${i}(?!\\d)`).test(text))
        expect(found).not.toEqual([])
        for (const { text } of found) {
          expect(text).toMatch(new RegExp(`name ${i}(?!\\d)`))
          expect(text).toMatch(new RegExp(`^${part}(?: \\||$)`, 'm'))
        }
      }
    }
  })

  it('keeps what comes back on each slide or sheet: it is no running head there', async () => {
    const pages = [1, 2, 3, 4, 5].map((number) =>
      page(number, [
        ['h2', `EXAMPLE ${number}`],
        ['paragraph', `Gains of year ${number} are these.`],
        ['paragraph', '(a) Per week of a year of 52 weeks'],
      ]),
    )
    for (const format of ['pptx', 'xlsx'] as const) {
      const chunks = await chunk({ ...document(...pages), format })
      const text = chunks.map((one) => one.text).join('\n')
      for (const { number } of pages) expect(text).toContain(`EXAMPLE ${number}`)
      expect(text.match(/\(a\) Per week/g)).toHaveLength(5)
    }
  })

  it('repeats the header in the second half of a chunk that counts more than its parts', async () => {
    const source = document(
      tablePage(
        'Part | Torque | Thread',
        Array.from({ length: 12 }, (_, i) => `P${i} | ${i} | M8`),
      ),
    )
    // Line breaks cost: the whole is more than the sum of its rows.
    const dear = async (texts: readonly string[]): Promise<number[]> => {
      const counts = await countTokens(texts)
      return texts.map((text, i) => (counts[i] ?? 0) + 4 * (text.split('\n').length - 1))
    }
    const chunks = await chunkDocument(source, { countTokens: dear, maxTokens: 40 })
    expect(chunks.length).toBeGreaterThan(2)
    expect(chunks.every(({ segments }) => segments[0]?.kind === 'header')).toBe(true)
  })

  it('cuts a row that is longer than a chunk between its cells', async () => {
    const long = Array.from({ length: 60 }, (_, i) => `cell ${i} of it`).join('\t')
    const source = document(tablePage('Head', ['short', long]))
    const chunks = await chunk(source, 80)
    expectSound(source, chunks, 80)
    expect(chunks.flatMap((found) => textsOf([found])).some((text) => /cell \d+ of it$/.test(text))).toBe(true)
  })

  it('keeps lines of code whole and list items apart', async () => {
    const source = document(
      page(1, [
        ['code', 'if (a) {\n  b()\n}'],
        ['list-item', '- One. Two.'],
        ['list-item', '- Three'],
      ]),
    )
    const [only] = await chunk(source)
    expect(only?.segments.map(({ start, end }) => only.text.slice(start, end))).toEqual([
      'if (a) {',
      'b()',
      '}',
      '- One.',
      'Two.',
      '- Three',
    ])
  })
})

describe('chunkDocument on anything', () => {
  it('gives no chunk for a document without text', async () => {
    expect(await chunk(document(page(1, []), { ...page(2, []), text: ' \n ' }))).toEqual([])
  })

  it('gives undecided chunks the language that the uploader named', async () => {
    const chunks = await chunkDocument(document(page(1, [['paragraph', '安全確認']])), { countTokens, language: 'ja' })
    expect(chunks[0]?.language).toBe('ja')
  })

  it('loses nothing and keeps exact places on any pages, whatever the blocks cover', async () => {
    let state = 7
    const next = (bound: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((state / 2_147_483_648) * bound)
    }
    const pieces = [
      'Stop. ',
      '停止。',
      'なら',
      'Fig. 3 ',
      '\n',
      '\n\n',
      '\t',
      ' ',
      'valve ',
      'x'.repeat(90),
      '（',
      '」',
      '- ',
      '12',
    ]
    for (let round = 0; round < 150; round += 1) {
      const pages = Array.from({ length: 1 + next(4) }, (_, number): ParsedPage => {
        const text = Array.from({ length: next(120) }, () => pieces[next(pieces.length)]).join('')
        const blocks: Block[] = []
        for (let cursor = next(5); cursor < text.length; ) {
          const range = { start: cursor, end: Math.min(text.length, cursor + 1 + next(80)) }
          const middle = range.start + Math.floor((range.end - range.start) / 2)
          const kinds: Block[] = [
            { kind: 'heading', level: 1 + next(3), ...range },
            { kind: 'paragraph', ...range },
            { kind: 'list-item', ...range },
            { kind: 'code', ...range },
            {
              kind: 'table',
              ...range,
              header: { start: range.start, end: middle },
              rows: [{ start: middle, end: range.end }],
            },
          ]
          blocks.push(kinds[next(kinds.length)] ?? { kind: 'paragraph', ...range })
          cursor = range.end + next(12)
        }
        return { number: number + 1, outcome: { method: 'text' }, text, blocks, lines: [] }
      })
      const source = document(...pages)
      const chunks = await chunk(source, 60)
      expectSound(source, chunks, 60)
      expect(await chunk(source, 60)).toEqual(chunks)
    }
  })
})
