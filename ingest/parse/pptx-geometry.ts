/**
 * Where things stand on a slide: rectangles through groups, and the order in which they are read, from top to bottom and from left to right. In: `p:spPr`,
 * `p:grpSpPr` (ECMA-376 part 1, 20.1.7). Out: rectangles as fractions of the slide. Pure; neighbour: `pptx-shapes.ts`.
 */
import type { Box } from '../../src/core/document.ts'
import { childOf, type XmlElement } from './office-xml.ts'

/** In the units of the file, 1/914400 inch. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** From the coordinates inside a group to those of the slide. */
export interface Transform {
  readonly scaleX: number
  readonly scaleY: number
  readonly moveX: number
  readonly moveY: number
}

export const untransformed: Transform = { scaleX: 1, scaleY: 1, moveX: 0, moveY: 0 }

const numberOf = (element: XmlElement | undefined, name: string): number => Number(element?.attributes[name] ?? 0) || 0

/** @param transform `a:xfrm` or `p:xfrm` */
export const readRectangle = (transform: XmlElement | undefined): Rectangle | undefined => {
  const [offset, extent] = [childOf(transform, 'a:off'), childOf(transform, 'a:ext')]
  if (!offset || !extent) return undefined
  return {
    x: numberOf(offset, 'x'),
    y: numberOf(offset, 'y'),
    width: numberOf(extent, 'cx'),
    height: numberOf(extent, 'cy'),
  }
}

/** The transform of what stands in a group, on top of the group's own. @param frame the group's `a:xfrm` */
export const enterGroup = (frame: XmlElement | undefined, outer: Transform): Transform => {
  const place = readRectangle(frame)
  const [offset, extent] = [childOf(frame, 'a:chOff'), childOf(frame, 'a:chExt')]
  if (!place || !offset || !extent) return outer
  const [scaleX, scaleY] = [place.width / (numberOf(extent, 'cx') || 1), place.height / (numberOf(extent, 'cy') || 1)]
  return {
    scaleX: outer.scaleX * scaleX,
    scaleY: outer.scaleY * scaleY,
    moveX: outer.moveX + outer.scaleX * (place.x - numberOf(offset, 'x') * scaleX),
    moveY: outer.moveY + outer.scaleY * (place.y - numberOf(offset, 'y') * scaleY),
  }
}

export const transformed = ({ x, y, width, height }: Rectangle, by: Transform): Rectangle => ({
  x: x * by.scaleX + by.moveX,
  y: y * by.scaleY + by.moveY,
  width: width * by.scaleX,
  height: height * by.scaleY,
})

const between = (value: number): number => (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0)

/** The part of it that lies on the slide; undefined where none does. */
export const toBox = (place: Rectangle | undefined, slide: { width: number; height: number }): Box | undefined => {
  if (!place || slide.width <= 0 || slide.height <= 0) return undefined
  const [left, top] = [between(place.x / slide.width), between(place.y / slide.height)]
  const right = between((place.x + place.width) / slide.width)
  const bottom = between((place.y + place.height) / slide.height)
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : undefined
}

interface Placed {
  readonly place: Rectangle | undefined
}

/** Things side by side, the left ones first; those that stand one below the other in one column together. */
const readAcross = <T extends Placed>(row: readonly T[]): T[] => {
  const columns: { right: number; items: T[] }[] = []
  for (const item of row.toSorted((a, b) => (a.place?.x ?? 0) - (b.place?.x ?? 0))) {
    const { x = 0, width = 0 } = item.place ?? {}
    const last = columns.at(-1)
    if (last && x + width / 2 < last.right) {
      last.items.push(item)
      last.right = Math.max(last.right, x + width)
    } else columns.push({ right: x + width, items: [item] })
  }
  return columns.flatMap(({ items }) => items.toSorted((a, b) => (a.place?.y ?? 0) - (b.place?.y ?? 0)))
}

/** Reading order. What has no place keeps its turn at the end. */
export const inReadingOrder = <T extends Placed>(items: readonly T[]): T[] => {
  const open = items.filter(({ place }) => place).toSorted((a, b) => (a.place?.y ?? 0) - (b.place?.y ?? 0))
  const ordered: T[] = []
  while (open.length > 0) {
    const bottom = (open[0]?.place?.y ?? 0) + (open[0]?.place?.height ?? 0)
    const isBeside = ({ place }: T, index: number): boolean =>
      index === 0 || (place?.y ?? 0) + (place?.height ?? 0) / 2 < bottom
    const row = open.filter(isBeside)
    ordered.push(...readAcross(row))
    open.splice(0, open.length, ...open.filter((item) => !row.includes(item)))
  }
  return [...ordered, ...items.filter(({ place }) => !place)]
}
