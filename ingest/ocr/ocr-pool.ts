/**
 * Reading children that read one file after the other: to start one, and to load its languages, takes longer than to read a page. In: what a child is to be like. Out: children.
 * Invariants: a child that has read files before has read nothing but files that ended well; one that read many, or is left with nearly all its memory, is replaced; idle
 * ones end after some seconds; no child and no folder outlives the pool's disposal.
 * Neighbours: `read-pages.ts`, `ocr-process.ts`; the ingestion worker keeps one pool.
 */
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { wrapError } from '../../src/core/errors.ts'
import { ReusableChildren } from '../children/reusable-children.ts'
import { type OcrKind, OcrProcess } from './ocr-process.ts'
import { dataNames } from './tesseract-readers.ts'

/** Part of a child's memory limit that it may hold between two files: what the readers have grown to is used again. */
const maxIdleShare = 0.8

export interface OcrPoolOptions {
  /** Where a folder for the language data is made, and removed again. */
  readonly scratchFolder: string
  /** After which a child without work ends, in milliseconds. @default 10_000 */
  readonly idleMs?: number
}

/** Where a package of language data keeps what fits tesseract.js by default. */
const dataFile = (name: string): string =>
  fileURLToPath(
    new URL(`./4.0.0_best_int/${name}.traineddata.gz`, import.meta.resolve(`@tesseract.js-data/${name}/package.json`)),
  )

/** tesseract.js looks for all languages in one folder. */
const linkLanguageData = async (scratchFolder: string): Promise<string> => {
  try {
    const folder = await mkdtemp(path.join(scratchFolder, 'ocr-'))
    await Promise.all(dataNames.map((name) => symlink(dataFile(name), path.join(folder, `${name}.traineddata.gz`))))
    return folder
  } catch (error) {
    throw wrapError(error, 'ocr_failed', 'The language data for reading scans can not be made ready.')
  }
}

export class OcrPool implements AsyncDisposable {
  readonly #scratchFolder: string
  readonly #children: ReusableChildren<OcrProcess>
  #dataFolder: Promise<string> | undefined

  constructor({ scratchFolder, idleMs }: OcrPoolOptions) {
    this.#scratchFolder = scratchFolder
    this.#children = new ReusableChildren({ maxIdleShare, idleMs })
  }

  /**
   * @param isFresh asks for a child that has read nothing yet
   * @throws ocr_failed where the language data can not be made ready
   */
  async take({ workers, memoryBytes }: Omit<OcrKind, 'dataFolder'>, isFresh: boolean): Promise<OcrProcess> {
    const isSame = ({ kind }: OcrProcess): boolean => kind.workers === workers && kind.memoryBytes === memoryBytes
    const used = isFresh ? undefined : this.#children.take(isSame)
    if (used) return used
    const child = new OcrProcess({ workers, memoryBytes, dataFolder: await this.#languageData() })
    this.#children.add(child)
    return child
  }

  /** Made once; where that fails, tried again for the next file. */
  async #languageData(): Promise<string> {
    this.#dataFolder ??= linkLanguageData(this.#scratchFolder)
    try {
      return await this.#dataFolder
    } catch (error) {
      this.#dataFolder = undefined
      throw error
    }
  }

  /** Of a child whose run ended in `done`. @param isFit all its pages could be read */
  giveBack(child: OcrProcess, isFit: boolean): Promise<void> {
    return this.#children.giveBack(child, isFit)
  }

  /** Ends all children, those that read included. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#children[Symbol.asyncDispose]()
    const folder = await this.#dataFolder?.catch(() => undefined)
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
}
