/**
 * Tables of HTML as rows of texts. In: a `table` element. Out: rows, with the text of merged cells in every place that they cover, so that each row
 * can be read alone. Neighbour: `html-blocks.ts`.
 */
import type { Element } from 'domhandler'
import { isElement, numberOf, textOf } from './html-text.ts'
import { collapseBlanks } from './page-builder.ts'

/** Hostile tables declare cells over thousands of columns. */
const maxSpan = 100
const maxColumns = 200

/** The rows of a table as texts, cells that span rows or columns repeated; tables inside cells become text. */
export const readTable = (table: Element): { rows: string[][]; header: boolean } => {
  const rowElements: Element[] = []
  const collect = (parent: Element): void => {
    for (const child of parent.children) {
      if (!isElement(child)) continue
      if (child.name === 'tr') rowElements.push(child)
      else if (['thead', 'tbody', 'tfoot'].includes(child.name)) collect(child)
    }
  }
  collect(table)
  const rows: string[][] = []
  const held: ({ text: string; rows: number } | undefined)[] = []
  for (const element of rowElements) {
    const row: string[] = []
    const cells = element.children.filter((child): child is Element => isElement(child) && /^t[dh]$/.test(child.name))
    const takeHeld = (): void => {
      for (let cell = held[row.length]; cell && cell.rows > 0; cell = held[row.length]) {
        cell.rows -= 1
        row.push(cell.text)
      }
    }
    for (const cell of cells) {
      takeHeld()
      const text = collapseBlanks(textOf(cell))
      const span = Math.min(maxSpan, Math.max(1, numberOf(cell.attribs.colspan, 1)))
      const down = Math.min(10_000, Math.max(1, numberOf(cell.attribs.rowspan, 1)))
      for (let column = 0; column < span && row.length < maxColumns; column += 1) {
        held[row.length] = { text, rows: down - 1 }
        row.push(text)
      }
    }
    takeHeld()
    rows.push(row)
  }
  const [first] = rowElements
  const cells =
    first?.children.filter((child): child is Element => isElement(child) && /^t[dh]$/.test(child.name)) ?? []
  const parent = first?.parent
  const inHead = parent?.type === 'tag' && parent.name === 'thead'
  return { rows, header: inHead || (cells.length > 0 && cells.every((cell) => cell.name === 'th')) }
}
