/**
 * Decodes images for OCR, one frame of the file as one page. In: a file path. Out: grey pictures, turned as the camera says, on white. Runs in the
 * killable child (`child.ts`). Neighbour: `../parse/parse-image.ts`, which refused what is too large before anything was decoded.
 */
import sharp, { type Sharp } from 'sharp'
import { wrapError } from '../../src/core/errors.ts'
import type { GrayPicture } from './gray-picture.ts'
import { maxPixels, type PagePictures } from './page-pictures.ts'

/** Pixels that a file may declare: 25,000 x 25,000. */
export const maxImagePixels = 25_000 * 25_000

/** Opens one frame; 0 is the first. Pixels are only decoded when something is asked for. */
export const openFrame = (path: string, frame: number): Sharp =>
  sharp(path, { page: frame, limitInputPixels: maxImagePixels, sequentialRead: true, failOn: 'error' })

/** @param path absolute path of an image that `parseImage` has accepted */
export const openImagePictures = (path: string): PagePictures => {
  // The cores are for the readers; the cache would keep pictures that nobody asks for again.
  sharp.concurrency(1)
  sharp.cache(false)
  return {
    async draw(number, zoom = 1) {
      try {
        return await decode(path, number - 1, zoom)
      } catch (error) {
        throw wrapError(error, 'page_unreadable', `Frame ${number} of the image can not be decoded.`)
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

const decode = async (path: string, frame: number, zoom: number): Promise<GrayPicture> => {
  const { width, height, autoOrient } = await openFrame(path, frame).metadata()
  const upright = autoOrient.width > 0 ? autoOrient : { width, height }
  const scale = Math.min(zoom, Math.sqrt(maxPixels / (upright.width * upright.height)))
  const image = openFrame(path, frame).autoOrient().flatten({ background: 'white' }).grayscale()
  if (scale !== 1) {
    const [columns, rows] = [upright.width * scale, upright.height * scale].map((side) => Math.max(1, Math.floor(side)))
    image.resize({ width: columns ?? 1, height: rows ?? 1, fit: 'fill' })
  }
  const { data, info } = await image.toColourspace('b-w').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  return { pixels: data, width: info.width, height: info.height }
}
