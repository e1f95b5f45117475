/**
 * What stands on a slide: texts, tables, charts, diagrams, pictures, groups, each with its place. Placeholders have their place and bullets from the layout
 * and the master where they have none themselves. In: `p:spTree` of a slide. Out: shapes in reading order. Neighbours: `pptx-geometry.ts`, `pptx-slide.ts`.
 */
import { type DrawingParagraph, readDrawingText } from './office-drawing-text.ts'
import { childOf, childrenOf, descendantsOf, elementsOf, type XmlElement } from './office-xml.ts'
import {
  enterGroup,
  inReadingOrder,
  type Rectangle,
  readRectangle,
  type Transform,
  transformed,
  untransformed,
} from './pptx-geometry.ts'

interface ShapeBase {
  readonly place: Rectangle | undefined
  /** `title`, `body`, `ftr`, …; undefined for what is no placeholder. */
  readonly placeholder: string | undefined
}
export type Shape =
  | (ShapeBase & { readonly kind: 'text'; readonly paragraphs: readonly ShapeParagraph[] })
  | (ShapeBase & { readonly kind: 'table'; readonly table: XmlElement })
  | (ShapeBase & { readonly kind: 'graphic'; readonly id: string })
  | (ShapeBase & { readonly kind: 'picture'; readonly description: string })
  | (ShapeBase & { readonly kind: 'group'; readonly shapes: readonly Shape[] })

export type ShapeParagraph = DrawingParagraph & { readonly isListed: boolean }

/** Trees that a slide takes places and formats from, nearest first: layout, master. */
export interface Background {
  readonly trees: readonly XmlElement[]
  /** `p:bodyStyle` of the master. */
  readonly bodyStyle: XmlElement | undefined
}

const propertiesOf = (shape: XmlElement): XmlElement | undefined =>
  elementsOf(shape).find(({ name }) => /^p:nv(?:Sp|Pic|GraphicFrame|GrpSp|CxnSp)Pr$/.test(name))

const placeholderOf = (shape: XmlElement): { type: string; index: string } | undefined => {
  const found = childOf(propertiesOf(shape), 'p:nvPr', 'p:ph')?.attributes
  return found && { type: found.type ?? 'obj', index: found.idx ?? '' }
}

export const isTitle = (type: string | undefined): boolean => type === 'title' || type === 'ctrTitle'

const isHidden = (shape: XmlElement): boolean =>
  /^(?:1|true)$/.test(childOf(propertiesOf(shape), 'p:cNvPr')?.attributes.hidden ?? '')

/** Whether two placeholders mean the same: by index in a layout, by kind in a master. */
const matches = (own: { type: string; index: string }, other: { type: string; index: string }): boolean => {
  if (isTitle(own.type) || isTitle(other.type)) return isTitle(own.type) === isTitle(other.type)
  if (own.index !== '' && own.index === other.index) return true
  const kind = (type: string): string =>
    /^(?:obj|body|subTitle|tbl|chart|dgm|pic|media|clipArt)$/.test(type) ? 'body' : type
  return own.index === '' || other.index === '' || kind(own.type) !== 'body'
    ? kind(own.type) === kind(other.type)
    : false
}

const transformOf = (shape: XmlElement): XmlElement | undefined =>
  childOf(shape, 'p:spPr', 'a:xfrm') ?? childOf(shape, 'p:xfrm') ?? childOf(shape, 'p:grpSpPr', 'a:xfrm')

class ShapeReader {
  readonly #background: Background

  constructor(background: Background) {
    this.#background = background
  }

  read(tree: XmlElement | undefined, transform: Transform): Shape[] {
    const shapes = elementsOf(tree).flatMap((element) => this.#shape(element, transform))
    return inReadingOrder(shapes)
  }

  #shape(element: XmlElement, transform: Transform): Shape[] {
    if (element.name === 'mc:AlternateContent') {
      const branches = [...childrenOf(element, 'mc:Choice'), ...childrenOf(element, 'mc:Fallback')]
      for (const branch of branches) {
        const found = elementsOf(branch).flatMap((child) => this.#shape(child, transform))
        if (found.some((shape) => shape.kind !== 'picture' && (shape.kind !== 'text' || shape.paragraphs.length > 0)))
          return found
      }
      return elementsOf(branches.at(-1)).flatMap((child) => this.#shape(child, transform))
    }
    if (isHidden(element)) return []
    const placeholder = placeholderOf(element)
    const ancestors = placeholder ? this.#ancestorsOf(placeholder) : []
    const own = [element, ...ancestors].map((shape) => readRectangle(transformOf(shape))).find((place) => place)
    const base = { place: own && transformed(own, transform), placeholder: placeholder?.type }
    switch (element.name) {
      case 'p:sp':
        return this.#text(element, ancestors, base)
      case 'p:grpSp':
        return [{ kind: 'group', ...base, shapes: this.read(element, enterGroup(transformOf(element), transform)) }]
      case 'p:graphicFrame':
        return frame(element, base)
      case 'p:pic':
        return [{ kind: 'picture', ...base, description: descriptionOf(element) }]
      default:
        return []
    }
  }

  #ancestorsOf(placeholder: { type: string; index: string }): XmlElement[] {
    return this.#background.trees.flatMap((tree) => {
      const candidates = descendantsOf(tree, 'p:sp').flatMap((shape) => {
        const other = placeholderOf(shape)
        return other ? [{ shape, other }] : []
      })
      const exact = candidates.find(({ other }) => other.type === placeholder.type && other.index === placeholder.index)
      const found = exact ?? candidates.find(({ other }) => matches(placeholder, other))
      return found ? [found.shape] : []
    })
  }

  #text(element: XmlElement, ancestors: readonly XmlElement[], base: ShapeBase): Shape[] {
    const body = childOf(element, 'p:txBody')
    const paragraphs = readDrawingText(body)
    const isPicture = descendantsOf(childOf(element, 'p:spPr'), 'a:blip').length > 0
    if (paragraphs.length === 0)
      return isPicture ? [{ kind: 'picture', ...base, description: descriptionOf(element) }] : []
    const styles = [body, ...ancestors.map((shape) => childOf(shape, 'p:txBody'))].map((one) =>
      childOf(one, 'a:lstStyle'),
    )
    const isBody = base.placeholder !== undefined && /^(?:body|obj|subTitle)$/.test(base.placeholder)
    if (isBody) styles.push(this.#background.bodyStyle)
    return [
      {
        kind: 'text',
        ...base,
        paragraphs: paragraphs.map((paragraph) => ({ ...paragraph, isListed: isListed(paragraph, styles) })),
      },
    ]
  }
}

/** Whether a paragraph has a bullet or number, its own or that of its placeholder. */
const isListed = ({ bullet, level }: DrawingParagraph, styles: readonly (XmlElement | undefined)[]): boolean => {
  if (bullet !== undefined) return bullet !== 'none'
  for (const style of styles) {
    for (const { name } of elementsOf(childOf(style, `a:lvl${level + 1}pPr`))) {
      if (name === 'a:buNone') return false
      if (/^a:bu(?:Char|AutoNum|Blip)$/.test(name)) return true
    }
  }
  return false
}

const frame = (element: XmlElement, base: ShapeBase): Shape[] => {
  const data = childOf(element, 'a:graphic', 'a:graphicData')
  const table = childOf(data, 'a:tbl')
  if (table) return [{ kind: 'table', ...base, table }]
  for (const { name, attributes } of elementsOf(data)) {
    const id = name === 'dgm:relIds' ? attributes['r:dm'] : /^cx?:chart$/.test(name) ? attributes['r:id'] : undefined
    if (id !== undefined) return [{ kind: 'graphic', ...base, id }]
  }
  const isPicture = descendantsOf(data, 'a:blip').length > 0
  return isPicture ? [{ kind: 'picture', ...base, description: descriptionOf(element) }] : []
}

/** What somebody wrote about a picture; not what a program guessed. */
const descriptionOf = (shape: XmlElement): string => {
  const text = childOf(propertiesOf(shape), 'p:cNvPr')?.attributes.descr ?? ''
  return /generated|\.(?:png|jpe?g|gif|bmp|emf|wmf|tiff?)$|^https?:/i.test(text) ? '' : text
}

/** @param tree `p:spTree` */
export const readShapes = (tree: XmlElement | undefined, background: Background): Shape[] =>
  new ShapeReader(background).read(tree, untransformed)
