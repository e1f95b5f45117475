/**
 * Pictures of pages as OCR wants them: 8-bit grey, dark ink on a light ground. In: grey or RGBA pixels. Out: grey pictures, made smaller, turned upright
 * or evened in light. Pure; rows from top to bottom without padding, 0 = black. Neighbours: `pdf-pictures.ts` and `image-pictures.ts`
 * make them, `page-reader.ts` reads them.
 */

export interface GrayPicture {
  /** `width * height` bytes. */
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
}

/** Across, in tiles: how finely the light on a page is looked at. */
const lightTiles = 48
/** Grounds that differ by more than this are lit unevenly, or coloured. */
const unevenSpread = 40
/** Grounds below this are dark panels and photographs, not paper. */
const darkestPaper = 80
/** Pixels that the levels of a picture are judged by. */
const levelSample = 300_000
const white = 255

/** Weights of ITU-R BT.601, on pixels that cover a white ground. */
export const grayOfRgba = (rgba: Uint8Array, width: number, height: number): GrayPicture => {
  const pixels = new Uint8Array(width * height)
  for (let index = 0, at = 0; index < pixels.length; index += 1, at += 4) {
    const level = ((rgba[at] ?? 0) * 77 + (rgba[at + 1] ?? 0) * 150 + (rgba[at + 2] ?? 0) * 29) >> 8
    const alpha = rgba[at + 3] ?? 0
    pixels[index] = alpha === white ? level : white + Math.round(((level - white) * alpha) / white)
  }
  return { pixels, width, height }
}

/** Sides of a picture that is made smaller, and of the squares that become one pixel. */
const reducedSides = ({ width, height }: GrayPicture, factor: number) => ({
  columns: Math.max(1, Math.floor(width / factor)),
  rows: Math.max(1, Math.floor(height / factor)),
  across: Math.min(factor, width),
  down: Math.min(factor, height),
})

/** Each `factor` by `factor` pixels become their mean. */
export const shrink = (picture: GrayPicture, factor: number): GrayPicture => {
  if (factor <= 1) return picture
  const { pixels, width } = picture
  const { columns, rows, across, down } = reducedSides(picture, factor)
  const result = new Uint8Array(columns * rows)
  for (let row = 0, index = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, index += 1) {
      let sum = 0
      for (let y = 0, from = row * factor * width + column * factor; y < down; y += 1, from += width) {
        for (let at = from; at < from + across; at += 1) sum += pixels[at] ?? white
      }
      result[index] = sum / (across * down)
    }
  }
  return { pixels: result, width: columns, height: rows }
}

/** Each `factor` by `factor` pixels become the darkest of them: thin rules stay. */
export const shrinkToDarkest = (picture: GrayPicture, factor: number): GrayPicture => {
  if (factor <= 1) return picture
  const { pixels, width } = picture
  const { columns, rows, across, down } = reducedSides(picture, factor)
  const result = new Uint8Array(columns * rows)
  for (let row = 0, index = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, index += 1) {
      let darkest = white
      for (let y = 0, from = row * factor * width + column * factor; y < down; y += 1, from += width) {
        for (let at = from; at < from + across; at += 1) darkest = Math.min(darkest, pixels[at] ?? white)
      }
      result[index] = darkest
    }
  }
  return { pixels: result, width: columns, height: rows }
}

/** How many pixels have which level, of every `step`-th one in every `step`-th row. */
const histogramOf = ({ pixels, width, height }: GrayPicture, step: number): Uint32Array => {
  const histogram = new Uint32Array(256)
  for (let y = 0; y < height; y += step) {
    for (let at = y * width, end = at + width; at < end; at += step) {
      const pixel = pixels[at] ?? white
      histogram[pixel] = (histogram[pixel] ?? 0) + 1
    }
  }
  return histogram
}

const totalOf = (histogram: Uint32Array): number => histogram.reduce((sum, count) => sum + count, 0)

/** Enough of a large picture to know its levels. */
const stepFor = ({ width, height }: GrayPicture): number =>
  Math.max(1, Math.floor(Math.sqrt((width * height) / levelSample)))

const levelAt = (histogram: Uint32Array, total: number, part: number): number => {
  let count = 0
  for (let level = 0; level < 256; level += 1) {
    count += histogram[level] ?? 0
    if (count > total * part) return level
  }
  return white
}

/** The level that divides ink from ground best (Otsu, 1979). Pixels at or below it are ink. */
export const inkLevel = (picture: GrayPicture): number => {
  const histogram = histogramOf(picture, stepFor(picture))
  const total = totalOf(histogram)
  let sum = 0
  for (let level = 0; level < 256; level += 1) sum += level * (histogram[level] ?? 0)
  let [count, below, best, bestLevel] = [0, 0, -1, 127]
  for (let level = 0; level < 255; level += 1) {
    count += histogram[level] ?? 0
    below += level * (histogram[level] ?? 0)
    if (count === 0 || count === total) continue
    const difference = below / count - (sum - below) / (total - count)
    const variance = count * (total - count) * difference * difference
    if (variance > best) [best, bestLevel] = [variance, level]
  }
  return bestLevel
}

/** The level that this part of the picture is darker than, or as dark as. */
export const levelOf = (picture: GrayPicture, part: number): number => {
  const histogram = histogramOf(picture, stepFor(picture))
  return levelAt(histogram, totalOf(histogram), part)
}

/** Whether anything at all stands out from the ground. */
export const showsInk = (picture: GrayPicture): boolean => {
  const histogram = histogramOf(picture, Math.max(picture.width, picture.height) > 1000 ? 2 : 1)
  const ground = levelAt(histogram, totalOf(histogram), 0.5)
  let count = 0
  for (let level = 0; level < 256; level += 1) if (Math.abs(level - ground) > 40) count += histogram[level] ?? 0
  // A full stop of 10 points at 300 dpi has as much.
  return count >= 4
}

interface Light {
  readonly columns: number
  readonly rows: number
  readonly tile: number
  /** Level of the ground in each tile. */
  readonly grounds: Uint8Array
}

const readLight = (picture: GrayPicture): Light => {
  const { pixels, width, height } = picture
  const tile = Math.max(8, Math.ceil(Math.max(width, height) / lightTiles))
  const [columns, rows] = [Math.ceil(width / tile), Math.ceil(height / tile)]
  const raw = new Uint8Array(columns * rows)
  const step = Math.max(1, Math.floor(tile / 16))
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const histogram = new Uint32Array(256)
      let count = 0
      for (let y = row * tile; y < Math.min(height, (row + 1) * tile); y += step) {
        for (let x = column * tile; x < Math.min(width, (column + 1) * tile); x += step) {
          const pixel = pixels[y * width + x] ?? white
          histogram[pixel] = (histogram[pixel] ?? 0) + 1
          count += 1
        }
      }
      raw[row * columns + column] = levelAt(histogram, count, 0.85)
    }
  }
  return { columns, rows, tile, grounds: lightestNearby(raw, columns, rows) }
}

/** Tiles that are full of ink take the ground of their neighbours. */
const lightestNearby = (raw: Uint8Array, columns: number, rows: number): Uint8Array =>
  raw.map((_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns]
    let lightest = darkestPaper
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y += 1) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x += 1) {
        lightest = Math.max(lightest, raw[y * columns + x] ?? 0)
      }
    }
    return lightest
  })

/** Divides by the light between the middles of four tiles. */
const divideByLight = ({ pixels, width, height }: GrayPicture, light: Light): GrayPicture => {
  const { columns, rows, tile, grounds } = light
  const result = new Uint8Array(pixels.length)
  const at = (row: number, column: number): number => grounds[row * columns + column] ?? white
  const ramp = new Float32Array(width)
  for (let y = 0; y < height; y += 1) {
    const v = Math.min(rows - 1, Math.max(0, (y + 0.5) / tile - 0.5))
    const [top, bottom] = [Math.floor(v), Math.min(rows - 1, Math.floor(v) + 1)]
    for (let x = 0; x < width; x += 1) {
      const u = Math.min(columns - 1, Math.max(0, (x + 0.5) / tile - 0.5))
      const [left, right] = [Math.floor(u), Math.min(columns - 1, Math.floor(u) + 1)]
      const [across, down] = [u - left, v - top]
      const upper = at(top, left) * (1 - across) + at(top, right) * across
      ramp[x] = upper * (1 - down) + (at(bottom, left) * (1 - across) + at(bottom, right) * across) * down
    }
    for (let x = 0; x < width; x += 1) {
      const index = y * width + x
      result[index] = Math.min(white, ((pixels[index] ?? white) * white) / (ramp[x] ?? white))
    }
  }
  return { pixels: result, width, height }
}

/** A ground of one level: shadows of a photographed page are taken out. Clean scans stay as they are. @param picture dark ink on a light ground */
export const evenLight = (picture: GrayPicture): GrayPicture => {
  const light = readLight(picture)
  const grounds = histogramOf({ pixels: light.grounds, width: light.columns, height: light.rows }, 1)
  const spread = levelAt(grounds, light.grounds.length, 0.95) - levelAt(grounds, light.grounds.length, 0.05)
  return spread > unevenSpread ? divideByLight(picture, light) : picture
}

/** As a portable graymap (PGM, binary), which costs nothing to write and little to read. */
export const toPgm = ({ pixels, width, height }: GrayPicture): Buffer =>
  Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, 'latin1'), pixels])
