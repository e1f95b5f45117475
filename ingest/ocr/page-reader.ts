/**
 * Reads one page after the other: draws it, evens its light, sets its lines level, reads it, and looks again (turned, or in another language) where
 * the reader was in doubt. In: page numbers. Out: `PageReading`s. Invariant: what the document's pages have in common is learnt once and kept in `habits`.
 * Neighbours: `page-pictures.ts` and `tesseract-readers.ts` below, `child.ts` above.
 */
import type { ParsedPage } from '../../src/core/document.ts'
import { beyondLayer, type LayerLine } from './beyond-layer.ts'
import { chooseReading, readingsToTry, type SampleReading } from './choose-reading.ts'
import { darkOnLight } from './dark-panels.ts'
import { withLeaders } from './dot-leaders.ts'
import { evenLight, type GrayPicture, showsInk, shrink } from './gray-picture.ts'
import { layOutLines } from './ocr-layout.ts'
import { type Legibility, legibilityOf, type OcrLine, toLines, withoutNoise } from './ocr-lines.ts'
import type { Habits, OcrStage } from './ocr-messages.ts'
import { maxPixels, type PagePictures } from './page-pictures.ts'
import { findDirection, letterHeight } from './page-shape.ts'
import { erasePhotographs } from './photographs.ts'
import { type Orientation, type Reading, readings, type TesseractReaders } from './tesseract-readers.ts'
import { type Quarter, unturned } from './turn-picture.ts'
import { fullestTile, linesIn, type ShownPage, setUpright, type UprightPage } from './upright-page.ts'

export interface PageReading {
  readonly page: ParsedPage
  /** Something is printed on the page, text or not. */
  readonly ink: boolean
}

/** Pixels: letters below are drawn larger, letters above smaller, for letters of about `goodLetters`. */
const [smallLetters, goodLetters, tallLetters] = [15, 28, 64]
const maxZoom = 4
/** Height of the type as a part of that of its letters. */
const typePerLetter = 1.4
/** Lines less sure than this are not in the language of the reader, or noise; a page may have this part of them. */
const [unsureLine, maxUnsure] = [0.62, 0.15]
/** Readers are in doubt below this until a document shows what it is like. */
export const usualDoubt = 0.7
/** Orientations that the reader is less sure of are not tried; those that it is surer of are taken at once. */
const [leastOrientation, sureOrientation] = [1, 4]
/**
 * Text in the language of its reader, upright, is surer than this even where it is worn (0.6 to 0.95 on the sample manuals); upside down, in another script, and maps
 * and photographs taken for text are not (0.05 to 0.4).
 */
const leastLegible = 0.45
/** Nor is a page another way up whose reading is surer than this. */
const surelyUpright = 0.5
/** A page with fewer is read whole as quickly as a part of it. */
const manyCharacters = 200
/** Pixels of the longer side that the orientation is found in, and that a sample of a page is cut from. */
const orientationSide = 1800
/** Letters and digits that make a page one with text; fewer count when they are read surely. */
const [fewCharacters, sureConfidence] = [12, 0.75]

/** A page that is drawn large since its letters seem to be small keeps the usual drawing. */
interface DrawnPage extends ShownPage {
  readonly usual?: ShownPage
}

const toShown = (picture: GrayPicture, letters = goodLetters): ShownPage => ({
  picture: unturned(picture),
  size: letters * typePerLetter,
})

interface Attempt extends Legibility {
  readonly upright: UprightPage
  readonly lines: readonly OcrLine[]
  readonly reading: Reading
}

const better = (one: Attempt, other: Attempt): Attempt => (other.worth > one.worth ? other : one)

export class PageReader {
  readonly #pictures: PagePictures
  readonly #readers: TesseractReaders
  readonly #tell: (number: number, stage: OcrStage) => Promise<void>
  /** Pages are drawn one at a time: drawing holds this thread, and pictures are large. */
  #drawing: Promise<unknown> = Promise.resolve()
  /** Pages in doubt are looked at again one at a time: what one costs teaches the others. */
  #looking: Promise<unknown> = Promise.resolve()
  #habits: Habits

  constructor(
    pictures: PagePictures,
    readers: TesseractReaders,
    habits: Habits,
    tell: (number: number, stage: OcrStage) => Promise<void>,
  ) {
    this.#pictures = pictures
    this.#readers = readers
    this.#habits = habits
    this.#tell = tell
  }

  get habits(): Habits {
    return this.#habits
  }

  /**
   * @param layer what the page says as text already, and is not told again
   * @throws KuraError page_unreadable, ocr_failed
   */
  async read(number: number, layer: readonly LayerLine[]): Promise<PageReading> {
    const drawn = this.#drawing.then(() => this.#draw(number))
    this.#drawing = drawn.catch(() => undefined)
    const shown = await drawn
    if (!shown) return blank(number, false)
    const attempt = await this.#readShown(shown, number)
    const told = withoutNoise(attempt.lines)
    const lines = layer.length > 0 ? beyondLayer(told, layer, attempt.upright.picture) : told
    if (!hasText(lines)) return blank(number, true)
    const laidOut = layOutLines(lines, attempt.upright.rules, attempt.upright.picture)
    if (laidOut.text === '') return blank(number, true)
    const confidence = Math.round(legibilityOf(lines).confidence * 1000) / 1000
    return { page: { number, outcome: { method: 'ocr', confidence }, ...laidOut }, ink: true }
  }

  /** @returns undefined where nothing is printed */
  async #draw(number: number): Promise<DrawnPage | undefined> {
    await this.#tell(number, 'draw')
    const first = erasePhotographs(await this.#drawEvenly(number))
    const drawn = showsInk(first) ? await this.#zoomed(first, number) : undefined
    await this.#tell(number, 'wait')
    return drawn
  }

  async #drawEvenly(number: number, zoom?: number): Promise<GrayPicture> {
    return evenLight(darkOnLight(await this.#pictures.draw(number, zoom)))
  }

  /** Drawn again larger, or made smaller, where the letters ask for it. */
  async #zoomed(first: GrayPicture, number: number): Promise<DrawnPage> {
    const letters = letterHeight(first)
    const usual = toShown(first, letters)
    if (letters !== undefined && letters < smallLetters && first.pixels.length < maxPixels * 0.8) {
      const zoom = Math.min(maxZoom, goodLetters / letters)
      const large = await this.#drawEvenly(number, zoom)
      return { ...toShown(large, (letters * large.width) / first.width), usual }
    }
    if (letters === undefined || letters <= tallLetters) return usual
    const small = shrink(first, Math.floor(letters / goodLetters))
    return toShown(small, (letters * small.width) / first.width)
  }

  async #readShown(shown: DrawnPage, number: number): Promise<Attempt> {
    const direction = findDirection(shown.picture)
    const { reading: known, quarter: usual } = this.#habits
    const look = known === undefined || direction.sideways !== (usual % 180 !== 0)
    const found = look ? await this.#orient(shown, number) : undefined
    const quarter = found && found.confidence >= sureOrientation ? found.quarter : usual
    const upright = setUpright(shown, quarter, direction.skew)
    const reading = known ?? (await this.#chooseReading(upright, number)) ?? 'eng'
    if (shown.usual && !(await this.#isLegible(upright, reading, number))) {
      return this.#readUsual(shown.usual, shown, number)
    }
    const attempt = await this.#attempt(upright, reading, number)
    if (!this.#inDoubt(attempt)) {
      this.#learn(attempt)
      return attempt
    }
    const looked = this.#looking.then(() => this.#lookAgain(attempt, shown, direction.sideways, found, number))
    this.#looking = looked.catch(() => undefined)
    return looked
  }

  /** What was taken for small letters may be the strokes of a map: it is read large only if it proves to be letters. */
  async #readUsual(usual: ShownPage, large: ShownPage, number: number): Promise<Attempt> {
    const attempt = await this.#readShown(usual, number)
    const small = attempt.lines.filter(
      (line) => line.size < smallLetters * typePerLetter && legibilityOf([line]).confidence >= unsureLine,
    )
    if (legibilityOf(small).characters < fewCharacters) return attempt
    return better(attempt, await this.#attempt(setUpright(large, attempt.upright.quarter), attempt.reading, number))
  }

  /** Pages before may have shown meanwhile that the document is like this. */
  async #lookAgain(
    first: Attempt,
    shown: ShownPage,
    sideways: boolean,
    found: Orientation | undefined,
    number: number,
  ): Promise<Attempt> {
    let attempt = first
    if (this.#inDoubt(attempt) && attempt.confidence < surelyUpright)
      attempt = await this.#turnAgain(attempt, shown, sideways, found, number)
    if (this.#inDoubt(attempt)) attempt = await this.#readAgain(attempt, number)
    this.#learn(attempt)
    return attempt
  }

  /** In doubt: another way up, where something speaks for it. */
  async #turnAgain(
    first: Attempt,
    shown: ShownPage,
    sideways: boolean,
    known: Orientation | undefined,
    number: number,
  ): Promise<Attempt> {
    const found = known ?? (await this.#orient(shown, number))
    // With too few letters to tell, both ways along the lines are tried.
    const guesses: Quarter[] = found ? [found.quarter, 0] : sideways ? [90, 270] : [180, 0]
    let best = first
    for (const quarter of new Set(guesses)) {
      if (quarter === first.upright.quarter || !this.#inDoubt(best)) continue
      const turned = setUpright(shown, quarter)
      const isGuess = found === undefined && first.characters > manyCharacters
      if (isGuess && !(await this.#isLegible(turned, first.reading, number))) continue
      best = better(best, await this.#attempt(turned, first.reading, number))
    }
    return best
  }

  /** Still in doubt: in the language that suits the lines best that could not be read, if any does. */
  async #readAgain(first: Attempt, number: number): Promise<Attempt> {
    const { picture, size } = first.upright
    const tile = fullestTile(picture, unsureLines(first), size)
    const samples = await this.#sample(tile, number, { reading: first.reading, lines: linesIn(tile, first.lines) })
    const reading = chooseReading(samples.filter(({ lines }) => legibilityOf(lines).confidence >= leastLegible))
    if (reading === undefined || reading === first.reading) return first
    return better(first, await this.#attempt(first.upright, reading, number))
  }

  async #attempt(upright: UprightPage, reading: Reading, number: number): Promise<Attempt> {
    const lines = withLeaders(await this.#recognize(upright.picture, reading, number), upright.leaders)
    return { ...legibilityOf(lines), lines, upright, reading }
  }

  async #recognize(picture: GrayPicture, reading: Reading, number: number): Promise<OcrLine[]> {
    const page = await this.#readers.read(picture, reading, () => this.#tell(number, 'read'))
    await this.#tell(number, 'wait')
    return toLines(page)
  }

  async #orient({ picture }: ShownPage, number: number): Promise<Orientation | undefined> {
    const side = Math.max(picture.width, picture.height)
    await this.#tell(number, 'read')
    const found = await this.#readers.orient(shrink(picture, Math.max(1, Math.floor(side / orientationSide))))
    await this.#tell(number, 'wait')
    return found && found.confidence >= leastOrientation ? found : undefined
  }

  /** Reads a part of the page in all languages. */
  async #chooseReading({ picture, size }: UprightPage, number: number): Promise<Reading | undefined> {
    return chooseReading(await this.#sample(fullestTile(picture, [], size), number))
  }

  /** @param known what one of the readings has found there already */
  #sample(part: GrayPicture, number: number, known?: SampleReading): Promise<SampleReading[]> {
    const read = async (reading: Reading): Promise<SampleReading> =>
      reading === known?.reading ? known : { reading, lines: await this.#recognize(part, reading, number) }
    return Promise.all((known ? readingsToTry(known) : readings).map(read))
  }

  /** Whether the part of the page with most ink is text that this reading can read. */
  async #isLegible({ picture, size }: UprightPage, reading: Reading, number: number): Promise<boolean> {
    const lines = await this.#recognize(fullestTile(picture, [], size), reading, number)
    return legibilityOf(lines).confidence >= leastLegible
  }

  /** Chinese and Japanese lines look like noise to the English reader, also where most of a page is in Latin letters. */
  #inDoubt(attempt: Attempt): boolean {
    const { confidence, reading, lines } = attempt
    if (confidence < this.#habits.doubt) return true
    return reading === 'eng' && unsureLines(attempt).length > lines.length * maxUnsure
  }

  #learn(attempt: Attempt): void {
    if (!hasText(withoutNoise(attempt.lines))) return
    // A page that stays poor after all was tried tells what this document is like.
    const { doubt } = this.#habits
    const poorest = attempt.confidence < doubt ? Math.max(0.35, attempt.confidence - 0.1) : doubt
    this.#habits = {
      reading:
        this.#habits.reading === undefined || attempt.confidence > usualDoubt ? attempt.reading : this.#habits.reading,
      quarter: attempt.upright.quarter,
      doubt: Math.min(doubt, poorest),
    }
  }
}

const unsureLines = ({ lines }: Attempt): OcrLine[] =>
  lines.filter((line) => legibilityOf([line]).confidence < unsureLine)

/** @param lines without noise */
const hasText = (lines: readonly OcrLine[]): boolean => {
  const { characters, confidence } = legibilityOf(lines)
  if (characters >= fewCharacters) return confidence >= 0.4
  const words = lines.flatMap((line) => line.words)
  return words.some((word) => word.confidence >= sureConfidence && /[\p{L}\p{N}]/u.test(word.text))
}

const blank = (number: number, ink: boolean): PageReading => ({
  page: { number, outcome: { method: 'blank' }, text: '', blocks: [], lines: [] },
  ink,
})
