import { describe, expect, it } from 'vitest'
import type { GrayPicture } from '../../ingest/ocr/gray-picture.ts'
import { erasePhotographs } from '../../ingest/ocr/photographs.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'

const [width, height] = [1536, 1152]
const white = 255

const pageOf = (levelAt: (x: number, y: number) => number): GrayPicture => ({
  width,
  height,
  pixels: Uint8Array.from({ length: width * height }, (_, at) => levelAt(at % width, Math.floor(at / width))),
})

/** Rows of strokes, as black as ink and with edges of two pixels. */
const letters = (x: number, y: number): number =>
  y % 48 < 28 && x % 14 < 6 ? (x % 14 === 0 || x % 14 === 5 ? 128 : 10) : white

/** Leaves: every pixel differs a little from its neighbours. */
const leaves = () => {
  const random = seededRandom(5)
  return () => 90 + random() * 60
}

const levelsIn = ({ pixels }: GrayPicture, left: number, top: number, side: number): Set<number> =>
  new Set(
    Array.from(
      { length: side * side },
      (_, i) => pixels[(top + Math.floor(i / side)) * width + left + (i % side)] ?? -1,
    ),
  )

describe('a photograph', () => {
  it('is taken out, and the text beside it stays', () => {
    const leaf = leaves()
    const page = pageOf((x, y) => (x < 768 && y < 576 ? leaf() : letters(x, y)))
    const erased = erasePhotographs(page)
    expect(levelsIn(erased, 96, 96, 384)).toEqual(new Set([white]))
    for (const [left, top] of [
      [864, 96],
      [96, 672],
      [864, 672],
    ] as const)
      expect(levelsIn(erased, left, top, 288)).toEqual(levelsIn(page, left, top, 288))
  })

  it('is not seen in text, in grey panels, or in a coarse and noisy scan', () => {
    const random = seededRandom(6)
    const pages = [
      pageOf(letters),
      pageOf((x, y) => (x < 768 ? Math.min(letters(x, y), 160) : letters(x, y))),
      pageOf((x, y) => Math.max(0, letters(x, y) - 10 - random() * 12)),
    ]
    for (const page of pages) expect(erasePhotographs(page)).toBe(page)
  })
})
