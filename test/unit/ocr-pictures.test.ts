/** Pictures of pages before they are read: light, size, skew, and the way of boxes back to the page as shown. */
import { describe, expect, it } from 'vitest'
import { darkOnLight } from '../../ingest/ocr/dark-panels.ts'
import { evenLight, type GrayPicture, showsInk, shrink, toPgm } from '../../ingest/ocr/gray-picture.ts'
import { findDirection, letterHeight } from '../../ingest/ocr/page-shape.ts'
import { eraseRules, findRules } from '../../ingest/ocr/picture-rules.ts'
import { mapBox, straighten, turn, unturned } from '../../ingest/ocr/turn-picture.ts'

const paint = (width: number, height: number, level: (x: number, y: number) => number): GrayPicture => {
  const pixels = new Uint8Array(width * height)
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) pixels[y * width + x] = level(x, y)
  return { pixels, width, height }
}

/** Words of upright strokes 20 pixels tall on lines 50 apart, which fall by `degrees`. */
const lines = (degrees: number): GrayPicture => {
  const slope = Math.tan((degrees * Math.PI) / 180)
  return paint(900, 1200, (x, y) => {
    const inLine = (y - x * slope + 1000) % 50
    const letter = x % 14
    return x > 80 && x < 820 && y > 100 && y < 1100 && inLine < 20 && letter < 9 && (letter < 3 || inLine < 4)
      ? 20
      : 240
  })
}

const levelAt = ({ pixels, width }: GrayPicture, x: number, y: number): number => pixels[y * width + x] ?? -1

const lines0 = lines(0)

describe('light', () => {
  it('leaves a clean page as it is', () => {
    const page = lines(0)
    expect(Buffer.compare(evenLight(page).pixels, page.pixels)).toBe(0)
  })

  it('takes out a shadow over one side and keeps the letters', () => {
    const page = lines(0)
    const shaded = paint(900, 1200, (x, y) => levelAt(page, x, y) * (1 - (0.5 * x) / 900))
    const even = evenLight(shaded)
    const before = levelAt(shaded, 880, 50)
    expect(before).toBeLessThan(130)
    expect(levelAt(even, 880, 50)).toBeGreaterThan(225)
    expect(levelAt(even, 800, 701)).toBeLessThan(90)
  })

  it('sees a full stop on an empty page, and nothing on an empty one', () => {
    const dot = paint(2000, 3000, (x, y) => (x >= 700 && x < 705 && y >= 900 && y < 905 ? 0 : 250))
    expect(showsInk(dot)).toBe(true)
    expect(showsInk(paint(2000, 3000, (x) => 240 + (x % 8)))).toBe(false)
  })
})

describe('light on dark', () => {
  /** Light letters, 20 pixels tall, on a dark panel with a white field of dark letters; below it letters in black on white. */
  const [panel, field] = [
    { left: 100, right: 800, top: 200, bottom: 600 },
    { left: 400, right: 600, top: 300, bottom: 360 },
  ]
  type Box = typeof panel
  const isIn = ({ left, right, top, bottom }: Box, x: number, y: number): boolean =>
    x >= left && x < right && y >= top && y < bottom
  const isLetter = (x: number, y: number): boolean => y % 50 >= 15 && y % 50 < 35 && x % 14 < 4 && x > 120 && x < 780
  const screen = paint(900, 1200, (x, y) => {
    if (isIn(field, x, y)) return isLetter(x, y) ? 10 : 250
    if (isIn(panel, x, y)) return isLetter(x, y) ? 220 : 40 + (x % 3)
    return isLetter(x, y) && y > 650 ? 10 : 255
  })

  it('is turned over where the whole page is so', () => {
    const dark = { ...lines0, pixels: lines0.pixels.map((pixel) => 255 - pixel) }
    expect(Buffer.compare(darkOnLight(dark).pixels, lines0.pixels)).toBe(0)
  })

  it('is turned over in a panel, and dark letters in its field and on the page stay', () => {
    const read = darkOnLight(screen)
    expect(levelAt(read, 105, 205)).toBeGreaterThan(245)
    expect(levelAt(read, 142, 225)).toBeLessThan(60)
    expect([levelAt(read, 422, 325), levelAt(read, 430, 325)]).toEqual([10, 250])
    expect([levelAt(read, 142, 725), levelAt(read, 150, 725)]).toEqual([10, 255])
  })

  it('leaves no dark seam around a panel that does not begin where its cells do', () => {
    const odd = { ...panel, left: 101, right: 802, top: 203, bottom: 602 }
    const read = darkOnLight(
      paint(900, 1200, (x, y) => (isIn(odd, x, y) ? (isLetter(x, y) && y < 590 ? 220 : 40) : 255)),
    )
    const dark = read.pixels.reduce((sum, level, at) => {
      const [x, y] = [at % 900, Math.floor(at / 900)]
      return sum + (level < 200 && !isLetter(x, y) ? 1 : 0)
    }, 0)
    expect(dark).toBe(0)
  })

  it.each<[string, (x: number, y: number) => number]>([
    ['text', (x, y) => (isLetter(x, y) ? 10 : 250)],
    ['a bar without writing', (x, y) => (isIn(panel, x, y) ? 40 : 255)],
    ['grey with dark letters on it', (x, y) => (isIn(panel, x, y) ? (isLetter(x, y) ? 10 : 150) : 255)],
    [
      'a large letter',
      (x, y) => (isIn(panel, x, y) && !isIn({ left: 250, right: 650, top: 300, bottom: 500 }, x, y) ? 10 : 255),
    ],
    [
      'a frame around text',
      (x, y) =>
        isIn(panel, x, y) && !isIn({ left: 106, right: 794, top: 206, bottom: 594 }, x, y)
          ? 10
          : isLetter(x, y)
            ? 10
            : 255,
    ],
    ['a shadow over text', (x, y) => (isLetter(x, y) ? 10 : 60 + Math.min(190, Math.abs(x - 450)))],
  ])('is not seen in %s', (_, level) => {
    const page = paint(900, 1200, level)
    expect(darkOnLight(page)).toBe(page)
  })
})

describe('shape', () => {
  it.each([-9, -2, 0, 3.5, 12])('finds lines that fall by %d degrees', (degrees) => {
    expect(Math.abs(findDirection(lines(degrees)).skew - degrees)).toBeLessThan(0.4)
  })

  it('tells lines that run down the page', () => {
    expect(findDirection(lines(0)).sideways).toBe(false)
    expect(findDirection(turn(unturned(lines(0)), 90)).sideways).toBe(true)
  })

  it('measures the letters', () => {
    expect(letterHeight(lines(0))).toBe(20)
    expect(letterHeight(shrink(lines(0), 2))).toBe(10)
    expect(letterHeight(paint(500, 500, () => 255))).toBeUndefined()
  })

  it('finds long thin strokes, and takes them out without harm to letters that cross them', () => {
    const isRule = (x: number, y: number): boolean => (y === 345 || y === 346) && x > 100 && x < 700
    const isBar = (x: number, y: number): boolean => y >= 1120 && y < 1150 && x > 100 && x < 700
    const crossing = (x: number, y: number): boolean => x >= 300 && x < 303 && y > 330 && y < 360
    const ruled = paint(900, 1200, (x, y) =>
      isRule(x, y) || isBar(x, y) || crossing(x, y) ? 60 : levelAt(lines0, x, y),
    )
    const rules = findRules(ruled, 20)
    expect(rules).toHaveLength(1)
    const [rule = expect.fail()] = rules
    expect(Math.abs(rule.x1 - 100) + Math.abs(rule.x2 - 700)).toBeLessThan(8)
    expect(rule.y1).toBe(rule.y2)
    expect(Math.abs(rule.y1 - 346)).toBeLessThan(3)
    const clean = eraseRules(ruled, rules)
    expect(levelAt(clean, 500, 345)).toBe(255)
    expect([335, 345, 346, 355].map((y) => levelAt(clean, 301, y))).toEqual([60, 60, 60, 60])
    expect(levelAt(clean, 500, 1130)).toBe(60)
  })
})

describe('turned pictures', () => {
  const mark = paint(300, 200, (x, y) => (x >= 30 && x < 60 && y >= 20 && y < 30 ? 0 : 255))
  const home = { x: 0.1, y: 0.1, width: 0.1, height: 0.05 }

  const boxOfInk = ({ pixels, width, height }: GrayPicture) => {
    let [left, top, right, bottom] = [width, height, 0, 0]
    pixels.forEach((pixel, index) => {
      if (pixel > 128) return
      const [x, y] = [index % width, Math.floor(index / width)]
      ;[left, top] = [Math.min(left, x), Math.min(top, y)]
      ;[right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)]
    })
    return { x: left / width, y: top / height, width: (right - left) / width, height: (bottom - top) / height }
  }

  it.each([0, 90, 180, 270] as const)('leads a box back from a turn by %d degrees', (quarter) => {
    const turned = turn(unturned(mark), quarter)
    expect(mapBox(boxOfInk(turned), turned)).toEqual(home)
  })

  it('leads a box back from a turn and a levelling', () => {
    const turned = straighten(turn(unturned(mark), 90), 6)
    const box = mapBox(boxOfInk(turned), turned)
    expect(box.x + box.width / 2).toBeCloseTo(0.15, 1)
    expect(box.y + box.height / 2).toBeCloseTo(0.125, 1)
    expect(box.width).toBeGreaterThanOrEqual(home.width - 0.01)
  })

  it('levels what falls', () => {
    const level = straighten(unturned(lines(4)), 4)
    expect(findDirection(level).skew).toBe(0)
  })

  it('is written as a graymap with its size', () => {
    expect(toPgm(mark).subarray(0, 15).toString('latin1')).toBe('P5\n300 200\n255\n')
    expect(toPgm(mark)).toHaveLength(15 + 300 * 200)
  })
})
