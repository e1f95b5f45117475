/** Scrolls the view until the mark is in its middle. `scrollIntoView` would also scroll the frame around it, header and all, out of the window. */
export const scrollWithin = (view: Element, mark: Element): void => {
  const frame = view.getBoundingClientRect()
  const box = mark.getBoundingClientRect()
  view.scrollBy({ top: box.top - frame.top - (frame.height - box.height) / 2 })
}
