/**
 * Looks at a ZIP container before a library opens it: inflates every entry to nothing and counts. In: a path. Out: nothing, or `file_bomb`.
 * Declared sizes are not believed. Used for Office files; 1 to 10 ms for ordinary ones.
 */
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Entry } from 'yauzl'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { openZip } from './open-zip.ts'

export interface ZipLimits {
  readonly maxEntries: number
  /** All entries together, inflated. */
  readonly maxBytes: number
  /** Inflated to packed, over all entries; only counted above `freeBytes`. */
  readonly maxRatio: number
  readonly freeBytes: number
  /** Of one part. XML is built into a tree of many times its size. */
  readonly maxXmlBytes: number
}

/** @default for DOCX: the largest real manuals have some 30 MB of XML and a ratio under 60. */
export const docxLimits: ZipLimits = {
  maxEntries: 10_000,
  maxBytes: 1024 * 2 ** 20,
  maxRatio: 150,
  freeBytes: 16 * 2 ** 20,
  maxXmlBytes: 40 * 2 ** 20,
}

/** Sheets are read as streams: a sheet of 100,000 rows has 100 MB of XML, and repeats itself. */
export const xlsxLimits: ZipLimits = {
  maxEntries: 20_000,
  maxBytes: 2048 * 2 ** 20,
  maxRatio: 250,
  freeBytes: 48 * 2 ** 20,
  maxXmlBytes: 1024 * 2 ** 20,
}

/** A slide has little XML; a thousand of them and their pictures have much. */
export const pptxLimits: ZipLimits = { ...docxLimits, maxEntries: 50_000, maxBytes: 4096 * 2 ** 20 }

/** Swallows what it is given and stops at the limits; shared by all entries of one container. */
class InflationCounter {
  readonly #limits: ZipLimits
  #packed = 0
  #inflated = 0

  constructor(limits: ZipLimits) {
    this.#limits = limits
  }

  sinkFor(entry: Entry): Writable {
    this.#packed += entry.compressedSize
    const isXml = /\.(?:xml|rels)$/i.test(entry.fileName)
    let own = 0
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        own += chunk.length
        this.#inflated += chunk.length
        done(this.#isOver(isXml ? own : 0) ? this.#bomb() : null)
      },
    })
  }

  #isOver(xmlBytes: number): boolean {
    const { maxBytes, freeBytes, maxRatio, maxXmlBytes } = this.#limits
    const blown = this.#inflated > freeBytes && this.#inflated > this.#packed * maxRatio
    return this.#inflated > maxBytes || blown || xmlBytes > maxXmlBytes
  }

  #bomb(): KuraError {
    const [mebibytes, packed] = [Math.floor(this.#inflated / 2 ** 20), Math.ceil(this.#packed / 1024)]
    return new KuraError('file_bomb', `The file inflates from ${packed} KiB to more than ${mebibytes} MiB.`, {
      details: { packedBytes: this.#packed, inflatedBytes: this.#inflated },
    })
  }
}

/** @throws file_bomb, file_damaged */
export const checkZip = async (path: string, limits: ZipLimits): Promise<void> => {
  const zip = await openZip(path)
  const counter = new InflationCounter(limits)
  try {
    if (zip.entryCount > limits.maxEntries) {
      throw new KuraError('file_bomb', `The file holds ${zip.entryCount} parts; ${limits.maxEntries} are allowed.`)
    }
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('/')) await pipeline(await zip.openReadStreamPromise(entry), counter.sinkFor(entry))
    }
  } catch (error) {
    throw wrapError(error, 'file_damaged', 'A part of the file can not be unpacked.')
  } finally {
    zip.close()
  }
}
