/** What draws pages for OCR: `pdf-pictures.ts` for PDFs, `image-pictures.ts` for images. Used by `child.ts` and `page-reader.ts`. */
import type { GrayPicture } from './gray-picture.ts'

/** The most pixels that a picture of a page may have: A4 at 575 dpi, A2 at 200. */
export const maxPixels = 32_000_000

export interface PagePictures extends AsyncDisposable {
  /**
   * The page as shown, edge to edge, large enough to be read; one call at a time.
   * @param zoom how much larger than usual, within `maxPixels`. @default 1
   * @throws KuraError page_unreadable
   */
  draw(number: number, zoom?: number): Promise<GrayPicture>
}
