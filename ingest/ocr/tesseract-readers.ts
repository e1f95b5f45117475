/**
 * The readers: tesseract.js workers, each a thread, and one more that only tells which way up a page stands. In: grey pictures. Out: what tesseract
 * found, as it says it. Invariant: no network and no cache; language data lies in one folder. Used by `page-reader.ts`.
 */
import Tesseract from 'tesseract.js'
import { KuraError } from '../../src/core/errors.ts'
import { type GrayPicture, toPgm } from './gray-picture.ts'
import type { Quarter } from './turn-picture.ts'

/** Which data a picture is read with. Four languages at once spoil Chinese and Japanese. */
export const readings = ['eng', 'chi_tra+eng', 'chi_sim+eng', 'jpn+eng'] as const
export type Reading = (typeof readings)[number]

/** The files that the readers need, as packages of npm. */
export const dataNames = ['eng', 'chi_tra', 'chi_sim', 'jpn', 'osd'] as const

export interface Orientation {
  /** Clockwise turn that sets the page upright. */
  readonly quarter: Quarter
  /** 0 and up; below about 2 it is a guess. */
  readonly confidence: number
}

interface Reader {
  readonly worker: Tesseract.Worker
  reading: Reading
}

/** Tesseract's own guesses of the resolution are wild and only make it warn. */
const dotsPerInch = '300'

const failed = (error: unknown): KuraError =>
  new KuraError('ocr_failed', 'The text reader failed on this page.', { cause: error })

/**
 * The Chinese and Japanese data ask for their vertical variants, which are not there; while tesseract looks for them it loses the name of the language that comes after
 * (tesseract 5, `init_tesseract`: the list grows while it is walked through), so that English was never loaded. English is in the list already.
 */
export const readerConfiguration = { tessedit_load_sublangs: 'eng' } as Partial<Tesseract.InitOptions>

const createWorker = (dataFolder: string, languages: string[], engine: 0 | 1): Promise<Tesseract.Worker> =>
  Tesseract.createWorker(
    languages,
    engine,
    {
      langPath: dataFolder,
      cacheMethod: 'none',
      gzip: true,
      // Only the older engine can tell which way up a page stands.
      legacyCore: engine === 0,
      legacyLang: engine === 0,
      // Without it the library throws where nobody can catch.
      errorHandler: () => undefined,
    },
    engine === 0 ? {} : readerConfiguration,
  )

/** Up to `size` readers, started when they are needed. */
class ReaderPool {
  readonly #dataFolder: string
  readonly #size: number
  readonly #all: Promise<Reader>[] = []
  readonly #idle: Reader[] = []
  readonly #waiting: ((reader: Reader) => void)[] = []

  constructor(dataFolder: string, size: number) {
    this.#dataFolder = dataFolder
    this.#size = size
  }

  async read(picture: GrayPicture, reading: Reading, onBegin: () => Promise<void>): Promise<Tesseract.Page> {
    const reader = await this.#take(reading)
    try {
      await onBegin()
      if (reader.reading !== reading) await reader.worker.reinitialize(reading, 1, readerConfiguration)
      reader.reading = reading
      const options = { user_defined_dpi: dotsPerInch } as Partial<Tesseract.RecognizeOptions>
      const { data } = await reader.worker.recognize(toPgm(picture), options, { text: false, blocks: true })
      return data
    } finally {
      const next = this.#waiting.shift()
      if (next) next(reader)
      else this.#idle.push(reader)
    }
  }

  /** One that has the languages already if there is a choice. */
  #take(reading: Reading): Promise<Reader> {
    const ready = this.#idle.findIndex((reader) => reader.reading === reading)
    const full = this.#all.length >= this.#size
    const [reader] = ready >= 0 || full ? this.#idle.splice(Math.max(0, ready), 1) : []
    if (reader) return Promise.resolve(reader)
    if (full) return new Promise((resolve) => this.#waiting.push(resolve))
    const created = createWorker(this.#dataFolder, reading.split('+'), 1).then((worker) => ({ worker, reading }))
    this.#all.push(created)
    return created
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const readers = await Promise.allSettled(this.#all)
    for (const reader of readers) if (reader.status === 'fulfilled') await reader.value.worker.terminate()
  }
}

export class TesseractReaders implements AsyncDisposable {
  readonly #dataFolder: string
  readonly #pages: ReaderPool
  #compass: Promise<Tesseract.Worker> | undefined

  /** @param dataFolder holds `<name>.traineddata.gz` for each of `dataNames` */
  constructor(dataFolder: string, size: number) {
    this.#dataFolder = dataFolder
    this.#pages = new ReaderPool(dataFolder, size)
  }

  /**
   * Reads a page or a part of one with the first reader that is free.
   * @param onBegin called when a reader takes it
   * @throws KuraError ocr_failed
   */
  async read(picture: GrayPicture, reading: Reading, onBegin: () => Promise<void>): Promise<Tesseract.Page> {
    return this.#pages.read(picture, reading, onBegin).catch((error: unknown) => {
      throw failed(error)
    })
  }

  /** @returns undefined where there is too little text to tell. @throws KuraError ocr_failed */
  async orient(picture: GrayPicture): Promise<Orientation | undefined> {
    try {
      this.#compass ??= createWorker(this.#dataFolder, ['osd'], 0)
      const { data } = await (await this.#compass).detect(toPgm(picture))
      const { orientation_degrees: degrees, orientation_confidence: confidence } = data
      if (degrees === null || confidence === null) return undefined
      return { quarter: degrees as Quarter, confidence }
    } catch (error) {
      throw failed(error)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pages[Symbol.asyncDispose]()
    await (await this.#compass)?.terminate()
  }
}
