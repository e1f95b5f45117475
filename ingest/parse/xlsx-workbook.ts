/**
 * A workbook's sheets in the order of their tabs, and what cells refer to: strings, formats, the calendar. In: an open container. Out: a `Workbook`.
 * Neighbours: `parse-xlsx.ts`, `xlsx-sheet.ts`.
 */
import type { OfficePackage } from './office-package.ts'
import { childOf, childrenOf, innerText, isOn, type XmlElement } from './office-xml.ts'
import { readSharedStrings } from './xlsx-strings.ts'
import { type CellFormat, readCellFormats } from './xlsx-styles.ts'

export interface SheetEntry {
  readonly name: string
  readonly isHidden: boolean
  /** Name of its part; undefined where the workbook names a sheet that is not there. */
  readonly part: string | undefined
  /** Rows that are printed on top of each page, first and last, 1-based. */
  readonly titleRows: readonly [number, number] | undefined
}

export interface Workbook {
  readonly sheets: readonly SheetEntry[]
  readonly strings: readonly string[]
  readonly formats: readonly CellFormat[]
  /** Days are counted from 1904. */
  readonly epoch1904: boolean
}

/** Print titles by the index of their sheet: `Sheet1!$A:$B,Sheet1!$1:$2`. */
const readTitleRows = (root: XmlElement): Map<number, readonly [number, number]> => {
  const rows = new Map<number, readonly [number, number]>()
  for (const name of childrenOf(childOf(root, 'definedNames'), 'definedName')) {
    const match = /!\$(\d+):\$(\d+)/.exec(innerText(name))
    if (name.attributes.name === '_xlnm.Print_Titles' && match) {
      rows.set(Number(name.attributes.localSheetId ?? -1), [Number(match[1]), Number(match[2])])
    }
  }
  return rows
}

/** @throws file_damaged */
export const openWorkbook = async (container: OfficePackage): Promise<Workbook> => {
  const main = await container.mainPart('xl/workbook.xml')
  const root = await container.getXml(main)
  const relationships = await container.relationshipsOf(main)
  const partOf = (type: string, usual: string): string =>
    [...relationships.values()].find((relationship) => relationship.type === type)?.target ?? usual
  const titles = readTitleRows(root)
  const sheets = childrenOf(childOf(root, 'sheets'), 'sheet').map(({ attributes }, index) => {
    const part = relationships.get(attributes['r:id'] ?? '')?.target
    return {
      name: attributes.name ?? `${index + 1}`,
      isHidden: /^(?:hidden|veryHidden)$/.test(attributes.state ?? ''),
      part: part !== undefined && container.has(part) ? part : undefined,
      titleRows: titles.get(index),
    }
  })
  const date1904 = childOf(root, 'workbookPr')?.attributes.date1904
  return {
    sheets,
    strings: await readSharedStrings(container, partOf('sharedStrings', 'xl/sharedStrings.xml')),
    formats: readCellFormats(await container.readXml(partOf('styles', 'xl/styles.xml'))),
    epoch1904: date1904 !== undefined && isOn({ name: '', attributes: { val: date1904 }, children: [] }),
  }
}
