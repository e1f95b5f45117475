/**
 * The words of a SmartArt diagram as an outline. In: its data part (`dgm:dataModel`, ECMA-376 part 1, 21.4). Out: texts with their depth, in the order in
 * which the diagram's text pane shows them. Pure; used by the parsers of DOCX, XLSX and PPTX.
 */
import { childOf, childrenOf, descendantsOf, innerText, type XmlElement } from './office-xml.ts'

export interface DiagramItem {
  readonly text: string
  /** 0 is the outermost. */
  readonly level: number
}

const maxLevel = 20

const textOf = (point: XmlElement): string =>
  descendantsOf(childOf(point, 'dgm:t'), 'a:p')
    .map((paragraph) => descendantsOf(paragraph, 'a:t').map(innerText).join(''))
    .filter((text) => text.trim() !== '')
    .join(' ')

/** @param root of the data part */
export const readDiagram = (root: XmlElement): DiagramItem[] => {
  const points = new Map(
    childrenOf(childOf(root, 'dgm:ptLst'), 'dgm:pt').map((point) => [point.attributes.modelId ?? '', point]),
  )
  const children = new Map<string, { id: string; order: number }[]>()
  for (const { attributes } of childrenOf(childOf(root, 'dgm:cxnLst'), 'dgm:cxn')) {
    if ((attributes.type ?? 'parOf') !== 'parOf') continue
    const siblings = children.get(attributes.srcId ?? '') ?? []
    siblings.push({ id: attributes.destId ?? '', order: Number(attributes.srcOrd ?? 0) })
    children.set(attributes.srcId ?? '', siblings)
  }
  const items: DiagramItem[] = []
  const seen = new Set<string>()
  const visit = (id: string, level: number): void => {
    const point = points.get(id)
    if (!point || seen.has(id) || level > maxLevel) return
    seen.add(id)
    const text = textOf(point)
    if (text !== '') items.push({ text, level: Math.max(0, level) })
    for (const child of (children.get(id) ?? []).toSorted((a, b) => a.order - b.order)) {
      visit(child.id, text === '' ? level : level + 1)
    }
  }
  for (const [id, point] of points) if (point.attributes.type === 'doc') visit(id, 0)
  // Points that no tree reaches (hand-made diagrams) still have words.
  for (const [id] of points) visit(id, 0)
  return items
}
