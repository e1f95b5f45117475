/** Layout of one page from glyph runs and rules, without a PDF: every test draws a page of its own. */
import { describe, expect, it } from 'vitest'
import { layOutPage } from '../../ingest/parse/pdf-page.ts'
import type { Stroke } from '../../ingest/parse/pdf-rules.ts'
import type { RunGroup, TextRun } from '../../ingest/parse/pdf-runs.ts'
import { createTypeScale } from '../../ingest/parse/pdf-style.ts'
import type { Block } from '../../src/core/document.ts'

const frame = { width: 600, height: 800, transform: [1, 0, 0, -1, 0, 800] }
const scale = createTypeScale(
  new Map([
    [10, 5000],
    [16, 80],
  ]),
)
const noStrokes: readonly Stroke[] = []

const run = (text: string, left: number, baseline: number, options: Partial<TextRun> = {}): TextRun => {
  const size = options.size ?? 10
  const width = [...text].reduce((sum, character) => sum + (character > '\u2e80' ? 1 : 0.5), 0) * size
  return {
    text,
    left,
    right: left + width,
    top: baseline - size * 0.8,
    bottom: baseline + size * 0.2,
    baseline,
    size,
    bold: false,
    monospace: false,
    blankBefore: false,
    ...options,
  }
}

const lay = (runs: readonly TextRun[], strokes = noStrokes, orientation: RunGroup['orientation'] = 0) => {
  const page = layOutPage([{ orientation, skewed: false, runs }], strokes, frame, scale)
  const textOf = ({ start, end }: { start: number; end: number }): string => page.text.slice(start, end)
  return { ...page, textOf, blockTexts: page.blocks.map((block: Block) => `${block.kind}: ${textOf(block)}`) }
}

const leftColumn = [
  'The hydraulic pump starts as soon as',
  'the guard has been closed, and it is',
  'stopped by each of the three buttons',
  'that stand beside the control panel.',
]
const rightColumn = [
  'Oil is changed every four thousand',
  'hours of operation or once a year at',
  'the latest, together with both of the',
  'filters and the gasket of the cover.',
]

describe('reading order', () => {
  const at = (lines: readonly string[], left: number): TextRun[] =>
    lines.map((line, index) => run(line, left, 100 + index * 12))

  it('reads columns one after the other when they are drawn one after the other', () => {
    const { text } = lay([...at(leftColumn, 50), ...at(rightColumn, 320)])
    expect(text).toBe(`${leftColumn.join(' ')}\n\n${rightColumn.join(' ')}`)
  })

  it('reads columns one after the other when they are drawn row by row', () => {
    const rows = leftColumn.flatMap((_, index) => [at(leftColumn, 50)[index], at(rightColumn, 320)[index]])
    const { text } = lay(rows.filter((r) => r !== undefined))
    expect(text).toBe(`${leftColumn.join(' ')}\n\n${rightColumn.join(' ')}`)
  })

  it('keeps a title over both columns before them and a line below both after them', () => {
    const title = run('Operation and care of the hydraulic press, second edition, for all plants', 50, 60)
    const foot = run('This page belongs to the controlled documents of the plant, do not copy it', 50, 200)
    const { text } = lay([...at(leftColumn, 50), foot, ...at(rightColumn, 320), title])
    expect(text.split('\n\n')).toEqual([title.text, leftColumn.join(' '), rightColumn.join(' '), foot.text])
  })

  it('turns vertical writing into lines and boxes that stand upright on the page', () => {
    const { text, lines } = lay([run('油圧ポンプ', 100, 50), run('の点検手順', 100, 62)], noStrokes, 90)
    expect(text).toBe('油圧ポンプの点検手順')
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line.height).toBeGreaterThan(line.width)
    expect(lines[0]?.x).toBeGreaterThan(lines[1]?.x ?? 1)
  })
})

describe('lines and paragraphs', () => {
  it('joins broken Latin lines with a blank and Chinese lines with nothing', () => {
    const latin = ['The pressure of the accumulator is read at gauge G4 before the shut-off valve', 'is opened.']
    const chinese = ['打開洩油閥之前應先確認蓄壓器壓力表的讀數已經降至零並維持六十秒以上不變再由領班在', '紀錄上簽名。']
    const draw = (lines: readonly string[], top: number) => lines.map((line, index) => run(line, 50, top + index * 14))
    expect(lay(draw(latin, 100)).text).toBe(latin.join(' '))
    expect(lay(draw(chinese, 100)).text).toBe(chinese.join(''))
  })

  it('gives each printed line the range of its own text and its box in fractions of the page', () => {
    const { lines, textOf } = lay([
      run('First line of the page, long enough to be broken there', 60, 80),
      run('goes on.', 60, 92),
    ])
    expect(lines.map(textOf)).toEqual(['First line of the page, long enough to be broken there', 'goes on.'])
    expect(lines[1]).toMatchObject({ x: 0.1, y: 0.105, width: 0.06667, height: 0.0125 })
  })

  it('sets superscripts into the line that they belong to', () => {
    const runs = [run('Torque in Nm', 50, 100), run('2', 110, 96, { size: 6 }), run('at 20 degrees', 116, 100)]
    expect(lay(runs).text).toBe('Torque in Nm2 at 20 degrees')
  })

  it('sees headings by size, list items by their markers, code by its typeface', () => {
    const { blockTexts } = lay([
      run('4 Lockout', 50, 60, { size: 16 }),
      run('Do this in the given order:', 50, 90),
      run('•', 50, 110),
      run('Close valve V12.', 74, 110),
      run('2.', 50, 124),
      run('Turn Q1 off.', 74, 124),
      run('(3) Sign the log.', 50, 138),
      run('# kura serve', 50, 170, { monospace: true }),
      run('--port 8484', 60, 182, { monospace: true }),
    ])
    expect(blockTexts).toEqual([
      'heading: 4 Lockout',
      'paragraph: Do this in the given order:',
      'list-item: • Close valve V12.',
      'list-item: 2. Turn Q1 off.',
      'list-item: (3) Sign the log.',
      'code: # kura serve\n  --port 8484',
    ])
  })

  it('keeps lines that their author ended apart', () => {
    const rows = [
      'Day shift: extension 2260',
      'Night shift: extension 2270',
      `${'All other hours are covered by the gate. '.repeat(2)}Ring twice.`,
    ]
    const { blockTexts } = lay(rows.map((line, index) => run(line, 50, 100 + index * 12)))
    expect(blockTexts).toEqual(rows.map((row) => `paragraph: ${row}`))
  })
})

describe('tables', () => {
  const grid = (xs: readonly number[], ys: readonly number[]): readonly Stroke[] => [
    ...ys.map((y) => [xs[0] ?? 0, y, xs.at(-1) ?? 0, y] as const),
    ...xs.map((x) => [x, ys[0] ?? 0, x, ys.at(-1) ?? 0] as const),
  ]

  it('reads a ruled table row by row with cells of several lines whole', () => {
    const { blocks, textOf } = lay(
      [
        run('Code', 55, 112),
        run('Remedy', 155, 112),
        run('E-201', 55, 132),
        run('Clean the cooler,', 155, 132),
        run('open valve V15.', 155, 144),
        run('E-202', 55, 162),
        run('Let it cool.', 155, 162),
      ],
      grid([50, 150, 300], [100, 120, 150, 170]),
    )
    const [table] = blocks
    expect(blocks).toHaveLength(1)
    if (table?.kind !== 'table') throw new Error('no table')
    expect(table.header && textOf(table.header)).toBe('Code | Remedy')
    expect(table.rows.map(textOf)).toEqual(['E-201 | Clean the cooler, open valve V15.', 'E-202 | Let it cool.'])
  })

  it('writes a cell that spans two columns once, in its first column', () => {
    const drawing = grid([50, 150, 250, 350], [100, 120, 140, 160])
    const without = drawing.filter(([x1, , x2]) => !(x1 === 250 && x2 === 250))
    const strokes = [...without, [250, 100, 250, 120] as const, [250, 140, 250, 160] as const]
    const { blocks, textOf } = lay(
      [
        ...['Part', 'Thread', 'Torque'].map((text, index) => run(text, 55 + index * 100, 112)),
        run('Cylinder', 55, 132),
        run('see the drawing of it', 155, 132),
        ...['Plug', 'M20', '90 Nm'].map((text, index) => run(text, 55 + index * 100, 152)),
      ],
      strokes,
    )
    const [table] = blocks
    if (table?.kind !== 'table') throw new Error('no table')
    expect(table.rows.map(textOf)).toEqual(['Cylinder | see the drawing of it | ', 'Plug | M20 | 90 Nm'])
  })

  it('finds a table without rules where rows keep to the same columns', () => {
    const rows = [
      ['Part', 'Interval', 'Amount'],
      ['Oil', '4000 h', '180 L'],
      ['Grease', '250 h', '48 g'],
    ]
    const runs = rows.flatMap((row, r) => row.map((text, c) => run(text, 50 + c * 120, 100 + r * 14)))
    const { blocks, textOf } = lay(runs)
    const [table] = blocks
    if (table?.kind !== 'table') throw new Error('no table')
    expect(table.header && textOf(table.header)).toBe('Part | Interval | Amount')
    expect(table.rows.map(textOf)).toEqual(['Oil | 4000 h | 180 L', 'Grease | 250 h | 48 g'])
  })

  it('takes a frame around one column of text for no table', () => {
    const { blocks } = lay([run('Mind the ram.', 60, 120), run('It falls.', 60, 134)], grid([50, 300], [100, 150]))
    expect(blocks.map((block) => block.kind)).not.toContain('table')
  })
})

it('loses no character and repeats none, whatever stands where', () => {
  let seed = 7
  const random = (limit: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return seed % limit
  }
  const runs = Array.from({ length: 300 }, (_, index) =>
    run(`w${index}x`, random(560), random(780), { size: 6 + random(10) }),
  )
  const words = lay(runs).text.match(/w\d+x/g) ?? []
  expect(words.sort()).toEqual(runs.map((r) => r.text).sort())
})
