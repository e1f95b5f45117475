/** Scrolls the view until the mark is in its middle. `scrollIntoView` would also scroll the frame around it, header and all, out of the window. */
const scrollWithin = (view: Element, mark: Element): void => {
  const frame = view.getBoundingClientRect()
  const box = mark.getBoundingClientRect()
  view.scrollBy({ top: box.top - frame.top - (frame.height - box.height) / 2 })
}

/** Scrolls the view to its first mark, or to its top where nothing is marked. */
export const scrollToMark = (view: Element): void => {
  const mark = view.querySelector('.mark, mark')
  if (mark === null) view.scrollTo({ top: 0 })
  else scrollWithin(view, mark)
}
