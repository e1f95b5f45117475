/** Rows of dots in pictures: which are leaders, that they go and nothing else does, and where their sign stands in what was read. */
import { describe, expect, it } from 'vitest'
import { eraseLeaders, findLeaders, withLeaders } from '../../ingest/ocr/dot-leaders.ts'
import type { GrayPicture } from '../../ingest/ocr/gray-picture.ts'
import type { OcrLine } from '../../ingest/ocr/ocr-lines.ts'

const typeHeight = 40
const [width, height] = [900, 300]

type Rectangle = readonly [left: number, top: number, width: number, height: number]

const paint = (shapes: readonly Rectangle[]): GrayPicture => {
  const pixels = new Uint8Array(width * height).fill(240)
  for (const [left, top, across, down] of shapes) {
    for (let y = top; y < top + down; y += 1) pixels.fill(20, y * width + left, y * width + left + across)
  }
  return { pixels, width, height }
}

/** Letters of two strokes, 28 pixels tall, that stand on `baseline`. */
const letters = (left: number, count: number, baseline: number): Rectangle[] =>
  Array.from({ length: count }, (_, index): Rectangle[] => [
    [left + index * 24, baseline - 28, 4, 28],
    [left + index * 24, baseline - 4, 18, 4],
  ]).flat()

const dots = (left: number, count: number, baseline: number, step = 20): Rectangle[] =>
  Array.from({ length: count }, (_, index) => [left + index * step, baseline - 5, 5, 5])

const inkOf = ({ pixels }: GrayPicture): number => pixels.filter((pixel) => pixel < 100).length

const line = (words: readonly (readonly [string, number, number])[], baseline = 100): OcrLine => ({
  words: words.map(([text, left, right]) => ({
    text,
    confidence: 0.9,
    left,
    right,
    top: baseline - 28,
    bottom: baseline,
  })),
  size: typeHeight,
  baseline: { offset: baseline, slope: 0 },
})

const textsOf = (lines: readonly OcrLine[]): string[][] => lines.map(({ words }) => words.map(({ text }) => text))

describe('rows of dots in a picture', () => {
  it('are leaders; they go, and the letters beside them stay', () => {
    const title = letters(40, 5, 100)
    const number = letters(820, 1, 100)
    const page = paint([...title, ...dots(180, 30, 100), ...number])
    const leaders = findLeaders(page, typeHeight)
    expect(leaders).toMatchObject([{ left: 180, right: 765, top: 95, bottom: 100 }])
    expect(inkOf(eraseLeaders(page, leaders))).toBe(inkOf(paint([...title, ...number])))
  })

  it('are leaders on a page that is not quite level, each line by itself', () => {
    const rising = (baseline: number): Rectangle[] =>
      dots(180, 30, baseline).map(([x, y, ...size]) => [x, y - Math.round((x - 180) / 150), ...size])
    expect(findLeaders(paint([...rising(100), ...rising(160)]), typeHeight)).toHaveLength(2)
  })

  it('are none where there are few: dots of an ellipsis, of the letter i, of 1.1.1', () => {
    const page = paint([...dots(100, 6, 100, 14), ...letters(200, 6, 100), ...dots(202, 3, 60, 48)])
    expect(findLeaders(page, typeHeight)).toEqual([])
  })

  it('are none where they are unevenly spread, like specks', () => {
    const specks = Array.from(
      { length: 24 },
      (_, index): Rectangle => [60 + index * 21 + ((index * 7) % 5) * 4, 95, 4, 4],
    )
    expect(findLeaders(paint(specks), typeHeight)).toEqual([])
  })

  it('are none where they are a pattern', () => {
    const pattern = [80, 96, 112].flatMap((baseline) => dots(100, 30, baseline, 16))
    expect(findLeaders(paint(pattern), typeHeight)).toEqual([])
  })

  it('are none where they are strokes: a broken rule, a row of letters', () => {
    const dashes = Array.from({ length: 20 }, (_, index): Rectangle => [60 + index * 36, 98, 20, 4])
    expect(findLeaders(paint([...dashes, ...letters(60, 20, 200)]), typeHeight)).toEqual([])
  })
})

describe('the sign for a leader', () => {
  const [leader] = findLeaders(paint(dots(180, 30, 100)), typeHeight)
  if (!leader) throw new Error('no leader')

  it('stands behind the title, before a number that was read on the same line', () => {
    const read = [
      line([
        ['Valve', 40, 160],
        ['12', 800, 840],
      ]),
    ]
    expect(textsOf(withLeaders(read, [leader]))).toEqual([['Valve', '…', '12']])
  })

  it('goes to the line that it stands on, though the number was read as a line of its own', () => {
    const read = [line([['Pump', 40, 160]], 50), line([['Valve', 40, 160]]), line([['12', 800, 840]])]
    expect(textsOf(withLeaders(read, [leader]))).toEqual([['Pump'], ['Valve', '…'], ['12']])
  })

  it('is left out where the dots follow no word: they were an ornament', () => {
    const read = [line([['Valve', 40, 160]], 200), line([['12', 800, 840]])]
    expect(withLeaders(read, [leader])).toEqual(read)
  })
})
