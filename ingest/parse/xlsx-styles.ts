/**
 * The cell formats of a workbook: number format, whether the cell is set apart (bold, coloured), the font's name. In: `xl/styles.xml`. Out: one entry for
 * each format that cells refer to by index. Neighbours: `xlsx-number-format.ts`, `xlsx-sheet.ts`.
 */
import { childOf, childrenOf, isOn, type XmlElement } from './office-xml.ts'

export interface CellFormat {
  readonly code: string
  readonly strong: boolean
  /** As in `TableCell`. */
  readonly look: string
  readonly font: string | undefined
}

export const plainFormat: CellFormat = { code: 'General', strong: false, look: '', font: undefined }

const date = 'yyyy-mm-dd'
/** Formats that are known by number alone (18.8.30), with those of Chinese and Japanese versions. */
const builtIn: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  5: '$#,##0',
  6: '$#,##0',
  7: '$#,##0.00',
  8: '$#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  14: date,
  15: date,
  16: 'mm-dd',
  17: 'yyyy-mm',
  18: 'h:mm',
  19: 'h:mm:ss',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  37: '#,##0;(#,##0)',
  38: '#,##0;(#,##0)',
  39: '#,##0.00;(#,##0.00)',
  40: '#,##0.00;(#,##0.00)',
  41: '#,##0;(#,##0);"-"',
  42: '$#,##0;($#,##0);"-"',
  43: '#,##0.00;(#,##0.00);"-"',
  44: '$#,##0.00;($#,##0.00);"-"',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
  49: '@',
  ...Object.fromEntries([27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, date])),
  ...Object.fromEntries([32, 33, 34, 35, 55, 56].map((id) => [id, 'h:mm:ss'])),
}

const hasColour = (fill: XmlElement | undefined): boolean => {
  const pattern = childOf(fill, 'patternFill')
  const type = pattern?.attributes.patternType ?? 'none'
  if (childOf(fill, 'gradientFill')) return true
  const { rgb = '', theme = '', indexed = '', tint = '0' } = childOf(pattern, 'fgColor')?.attributes ?? {}
  const isWhite =
    /^(?:ff|00)?f{6}$/i.test(rgb) || (theme === '0' && Number(tint) === 0) || /^(?:9|64|65)$/.test(indexed)
  return type !== 'none' && !(type === 'solid' && isWhite)
}

/** @param root of `xl/styles.xml`; a workbook may have none */
export const readCellFormats = (root: XmlElement | undefined): CellFormat[] => {
  const codes = new Map(
    childrenOf(childOf(root, 'numFmts'), 'numFmt').map(({ attributes }) => [
      Number(attributes.numFmtId),
      attributes.formatCode ?? '',
    ]),
  )
  const fonts = childrenOf(childOf(root, 'fonts'), 'font')
  const fills = childrenOf(childOf(root, 'fills'), 'fill')
  return childrenOf(childOf(root, 'cellXfs'), 'xf').map(({ attributes }) => {
    const id = Number(attributes.numFmtId ?? 0)
    const font = fonts[Number(attributes.fontId ?? 0)]
    const fill = fills[Number(attributes.fillId ?? 0)]
    const [isBold, isColoured] = [isOn(childOf(font, 'b')), hasColour(fill)]
    return {
      code: codes.get(id) ?? builtIn[id] ?? 'General',
      strong: isBold || isColoured,
      look: `${isBold ? 'bold' : ''}${isColoured ? JSON.stringify(fill) : ''}`,
      font: childOf(font, 'name')?.attributes.val,
    }
  })
}
