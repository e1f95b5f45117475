/** The boxes over the cited lines of a page that is shown as a picture. They are fractions of the page, so they hold at every zoom. */
import type { PageBox } from '../../core/answer.ts'
import { joinBoxes } from './join-boxes.ts'

const percent = (fraction: number): string => `${(fraction * 100).toFixed(3)}%`

/** @param boxes of any page; those of `page` are drawn */
export const PageMarks = ({ boxes, page }: { readonly boxes: readonly PageBox[]; readonly page: number }) => (
  <>
    {joinBoxes(boxes.filter((box) => box.page === page)).map((box) => (
      <div
        key={`${box.x} ${box.y} ${box.width} ${box.height}`}
        class="mark"
        style={{ left: percent(box.x), top: percent(box.y), width: percent(box.width), height: percent(box.height) }}
      />
    ))}
  </>
)
