/**
 * Parses an image: each frame is a page that waits for OCR. In: a file path. Out: pages without text. The head is looked at before anything is decoded, and each frame is
 * decoded once, in strips, so that a truncated file is told at once. Next on the way: `../ocr/read-pages.ts`.
 */
import sharp, { type Metadata } from 'sharp'
import type { ParsedPage } from '../../src/core/document.ts'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { openFrame } from '../ocr/image-pictures.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'

const maxFrames = 500
const maxSide = 25_000

const damaged = (error: unknown): Error =>
  wrapError(error, 'file_damaged', 'The image can not be decoded: it is damaged or cut off.')

const readHead = async (path: string): Promise<Metadata> => {
  try {
    // The limit holds for what is decoded; here it would hide how large the picture says it is.
    return await sharp(path, { limitInputPixels: false }).metadata()
  } catch (error) {
    throw damaged(error)
  }
}

const refuse = (message: string, details: Record<string, unknown>): never => {
  throw new KuraError('image_too_large', message, { details })
}

/** An animation repeats one picture with small changes: its first frame stands for all. Only TIFF files hold pages. */
const framesOf = ({ format, pages = 1 }: Metadata): number => (format === 'tiff' ? pages : 1)

/** Decodes a frame and keeps nothing of it. @throws image_too_large, file_damaged */
const checkFrame = async (path: string, frame: number): Promise<void> => {
  try {
    checkSize(await openFrame(path, frame).metadata(), `Page ${frame + 1} of the image`)
    await openFrame(path, frame)
      .resize({ width: 16, height: 16, fit: 'fill', fastShrinkOnLoad: false })
      .raw()
      .toBuffer()
  } catch (error) {
    throw damaged(error)
  }
}

const checkSize = ({ width, height }: Metadata, what: string): void => {
  if (width <= maxSide && height <= maxSide) return
  refuse(`${what} has ${width} x ${height} pixels; the limit is ${maxSide} x ${maxSide}.`, {
    width,
    height,
    limit: maxSide,
  })
}

const pageOf = (number: number, outcome: ParsedPage['outcome']): ParsedPage => ({
  number,
  outcome,
  text: '',
  blocks: [],
  lines: [],
})

/**
 * A damaged frame among others costs that page only.
 * @throws file_damaged where no frame can be decoded; image_too_large for more than 500 pages or 25,000 x 25,000 pixels
 */
export const parseImage = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  sharp.concurrency(1)
  sharp.cache(false)
  const head = await readHead(path)
  const frames = framesOf(head)
  if (frames > maxFrames) {
    refuse(`The image has ${frames} pages; the limit is ${maxFrames}.`, { pages: frames, limit: maxFrames })
  }
  checkSize(head, 'The image')
  let failure: unknown
  let readable = 0
  for (let frame = 0; frame < frames; frame += 1) {
    try {
      await checkFrame(path, frame)
      readable += 1
      await sink.page(pageOf(frame + 1, { method: 'unread', reason: 'no_text' }), frames)
    } catch (error) {
      if (frames === 1 || !(error instanceof KuraError) || error.code !== 'file_damaged') throw error
      failure = error
      await sink.page(pageOf(frame + 1, { method: 'failed', errorCode: 'page_unreadable' }), frames)
    }
  }
  if (readable === 0) throw failure
  return { format: options.format, paginated: true }
}
