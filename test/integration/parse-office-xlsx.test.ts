/** XLSX files made by hand and by exceljs, through the real child process: every sheet a page, every row with its header and its cells. */
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ParsedDocument, ParsedPage } from '../../src/core/document.ts'
import { lostRuns, makeXlsx, rowsXml, type SheetParts } from './office-fixtures.ts'
import { codeOf, Folder, makeZip, outline, parse } from './parse-fixtures.ts'

let folder: Folder
beforeAll(async () => {
  folder = await Folder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

let files = 0
const parseXlsx = async (...parts: Parameters<typeof makeXlsx>): Promise<ParsedDocument> => {
  const bytes = makeXlsx(...parts)
  const document = await parse(await folder.write(`${++files}.xlsx`, bytes))
  expect(await lostRuns(bytes, document)).toEqual([])
  return document
}

/** As `outline`, with the cells of each line. */
const withCells = (page: ParsedPage | undefined): string[] => {
  if (!page) throw new Error('no such page')
  const ranges = page.blocks.flatMap((block) =>
    block.kind === 'table' ? [...(block.header ? [block.header] : []), ...block.rows] : [block],
  )
  const lines = outline(page)
  return lines.map((line, index) => {
    const place = page.cells?.find(({ start, end }) => start === ranges[index]?.start && end === ranges[index]?.end)
    return place ? `${place.cells} ${line}` : line
  })
}

const oneSheet = async (
  xml: string,
  links: SheetParts['links'] = [],
  more: Parameters<typeof makeXlsx>[1] = {},
): Promise<string[]> => withCells((await parseXlsx([{ name: 'S', xml, links }], more)).pages[0])

describe('sheets', () => {
  it('are pages in the order of the tabs; hidden and empty ones are there too', async () => {
    const document = await parseXlsx([
      { name: 'Now', xml: rowsXml([['Line 1 runs at 4.5 bar.']]) },
      { name: 'Old', state: 'hidden', xml: rowsXml([['Line 1 ran at 4.0 bar.']]) },
      { name: 'Very old', state: 'veryHidden', xml: rowsXml([['x']]) },
      { name: 'Empty', xml: '<sheetData/>' },
    ])
    expect(document).toMatchObject({ format: 'xlsx', paginated: true })
    expect(document.pages.map(({ number, label, outcome }) => [number, label, outcome.method])).toEqual([
      [1, 'Now', 'text'],
      [2, 'Old (hidden)', 'text'],
      [3, 'Very old (hidden)', 'text'],
      [4, 'Empty', 'blank'],
    ])
  })

  it('of a workbook fail one by one: the others are read', async () => {
    const path = await folder.write(
      'partly.xlsx',
      makeXlsx([
        { name: 'Good', xml: rowsXml([['readable']]) },
        { name: 'Bad', xml: '<sheetData><row><c t="inlineStr"><is><t>cut' },
      ]),
    )
    const { pages } = await parse(path)
    expect(pages.map(({ outcome }) => outcome)).toEqual([
      { method: 'text' },
      { method: 'failed', errorCode: 'page_unreadable' },
    ])
  })
})

describe('tables', () => {
  it('have titles above them as lines, their header over each row, and the cells of each row', async () => {
    expect(
      await oneSheet(
        rowsXml([['Settings of line 1'], ['Point', 'Pressure', 'Unit'], ['P1', 4.5, 'bar'], ['P2', 6, 'bar']]),
      ),
    ).toEqual([
      'A1 paragraph: Settings of line 1',
      'A2:C2 header: Point | Pressure | Unit',
      'A3:C3 row: P1 | 4.5 | bar',
      'A4:C4 row: P2 | 6 | bar',
    ])
  })

  it('are parted by empty rows and empty columns where each has a header', async () => {
    expect(
      await oneSheet(
        rowsXml([
          ['Part', 'Torque', '', 'Code', 'Cause'],
          ['M8', 25, '', 'E-1', 'Oil'],
          ['M10', 45, '', 'E-2', 'Heat'],
          [],
          ['Point', 'Flow', 'Unit'],
          ['P1', 30, 'l/min'],
        ]),
      ),
    ).toEqual([
      'A1:B1 header: Part | Torque',
      'A2:B2 row: M8 | 25',
      'A3:B3 row: M10 | 45',
      'D1:E1 header: Code | Cause',
      'D2:E2 row: E-1 | Oil',
      'D3:E3 row: E-2 | Heat',
      'A5:C5 header: Point | Flow | Unit',
      'A6:C6 row: P1 | 30 | l/min',
    ])
  })

  it('go on after an empty row where no header stands, so that no row loses its own', async () => {
    expect(
      await oneSheet(
        rowsXml([
          ['Point', 'Pressure', 'Unit'],
          ['P1', 4.5, 'bar'],
          [],
          ['Line 2'],
          ['P2', 6, 'bar'],
          [],
          ['P3', 7, 'bar'],
        ]),
      ),
    ).toEqual([
      'A1:C1 header: Point | Pressure | Unit',
      'A2:C2 row: P1 | 4.5 | bar',
      'A4 row: Line 2',
      'A5:C5 row: P2 | 6 | bar',
      'A7:C7 row: P3 | 7 | bar',
    ])
  })

  it('keep their header where an empty row stands below it', async () => {
    expect(await oneSheet(rowsXml([['Point', 'Pressure', 'Unit'], [], ['P1', 4.5, 'bar']]))).toEqual([
      'A1:C1 header: Point | Pressure | Unit',
      'A3:C3 row: P1 | 4.5 | bar',
    ])
  })

  it('stay whole where an empty column stands between names and their values', async () => {
    expect(
      await oneSheet(
        rowsXml([
          ['Point', '', 'min', 'max'],
          ['P1', '', 1, 4],
          ['P2', '', 2, 6],
        ]),
      ),
    ).toEqual(['A1:D1 header: Point | min | max', 'A2:D2 row: P1 | 1 | 4', 'A3:D3 row: P2 | 2 | 6'])
  })

  it.each([
    ['losses in brackets', '(81)', '(29)'],
    ['losses with a triangle', '▲5', '▲8'],
    ['marks', '○', '×'],
    ['words that tick off', 'OK', 'NG'],
    ['dashes', '-', '-'],
  ])('stay whole where their other half is %s', async (_, one, other) => {
    const sheet = rowsXml([
      ['Item', 'Plan', '', 'Actual', 'Loss'],
      ['Line A', 5, '', one, other],
      ['Line B', 15, '', one, one],
      ['Line C', 25, '', other, one],
    ])
    expect(await oneSheet(sheet)).toEqual([
      'A1:E1 header: Item | Plan | Actual | Loss',
      `A2:E2 row: Line A | 5 | ${one} | ${other}`,
      `A3:E3 row: Line B | 15 | ${one} | ${one}`,
      `A4:E4 row: Line C | 25 | ${other} | ${one}`,
    ])
  })

  it.each([
    ['one row is marked', [3]],
    ['every second row is shaded', [3, 5, 7]],
    ['every second row is shaded from the first on', [2, 4, 6]],
  ])('stay whole where %s', async (_, shaded) => {
    const workbook = new ExcelJS.Workbook()
    const sheet = workbook.addWorksheet('Alarms')
    sheet.addRow(['Alarm', 'Fault', 'Remedy']).font = { bold: true }
    for (let row = 2; row <= 8; row += 1) {
      const added = sheet.addRow([`E-${row}`, 'Leaking oil', 'Replace the seal'])
      const fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFF3F3F3' } } as const
      if (shaded.includes(row)) added.eachCell((cell) => Object.assign(cell, { fill }))
    }
    const path = await folder.write('alarms.xlsx', new Uint8Array(await workbook.xlsx.writeBuffer()))
    const [page] = (await parse(path)).pages
    expect(page && outline(page)).toEqual([
      'header: Alarm | Fault | Remedy',
      ...[2, 3, 4, 5, 6, 7, 8].map((row) => `row: E-${row} | Leaking oil | Replace the seal`),
    ])
  })

  it('begin below names and values that stand directly above their header', async () => {
    expect(
      await oneSheet(
        rowsXml([
          ['Customer', 'ACME'],
          ['Drawing', 'D-17'],
          ['No', 'Part', 'Qty', 'Unit'],
          [1, 'Plug', 4, 'pcs'],
          [2, 'Cover', 1, 'pcs'],
        ]),
      ),
    ).toEqual([
      'A1:B1 row: Customer | ACME',
      'A2:B2 row: Drawing | D-17',
      'A3:D3 header: No | Part | Qty | Unit',
      'A4:D4 row: 1 | Plug | 4 | pcs',
      'A5:D5 row: 2 | Cover | 1 | pcs',
    ])
  })

  it('join the names of merged groups with those below and repeat merged cells', async () => {
    expect(
      await oneSheet(
        `${rowsXml([
          ['Point', 'Pressure', '', 'Remark'],
          ['', 'min', 'max', ''],
          ['P1', 1, 4, 'cold'],
          ['', 2, 6, 'hot'],
        ])}
         <mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/><mergeCell ref="D1:D2"/><mergeCell ref="A3:A4"/></mergeCells>`,
      ),
    ).toEqual([
      'A1:D2 header: Point | Pressure min | Pressure max | Remark',
      'A3:D3 row: P1 | 1 | 4 | cold',
      'A4:D4 row: P1 | 2 | 6 | hot',
    ])
  })

  it('take their header from where the workbook says it is', async () => {
    const table = '<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ref="A2:B4"/>'
    expect(
      await oneSheet(
        rowsXml([['Stock'], ['a', 'b'], ['c', 'd'], ['e', 'f']]),
        [['t1', 'table', '../tables/table1.xml']],
        {
          'xl/tables/table1.xml': table,
        },
      ),
    ).toEqual(['A1 paragraph: Stock', 'A2:B2 header: a | b', 'A3:B3 row: c | d', 'A4:B4 row: e | f'])
  })
})

describe('values', () => {
  it('are shown as the sheet shows them', async () => {
    const workbook = new ExcelJS.Workbook()
    const sheet = workbook.addWorksheet('Values')
    sheet.addRow(['Kind', 'Value'])
    const add = (kind: string, value: ExcelJS.CellValue, format = ''): void => {
      const row = sheet.addRow([kind, value])
      if (format !== '') row.getCell(2).numFmt = format
    }
    add('unit', 4.25, '0.0" bar"')
    add('percent', 0.125, '0.0%')
    add('date', new Date(Date.UTC(2024, 2, 5)), 'dd/mm/yyyy')
    add('thousands', 1_234_567, '#,##0')
    add('formula', { formula: 'B2*2', result: 8.5 }, '0.00')
    add('words', { richText: [{ text: '10' }, { text: '3', font: { vertAlign: 'superscript' } }, { text: ' Pa' }] })
    add('link', { text: 'the drawing', hyperlink: 'http://127.0.0.1:9/x' })
    add('yes', true)
    add('error', { error: '#DIV/0!' })
    add('long number', 471_012_345_678)
    const path = await folder.write('values.xlsx', new Uint8Array(await workbook.xlsx.writeBuffer()))
    const [page] = (await parse(path)).pages
    expect(page && outline(page).map((line) => line.split(' | ')[1])).toEqual([
      'Value',
      '4.3 bar',
      '12.5%',
      '2024-03-05',
      '1,234,567',
      '8.50',
      '10³ Pa',
      'the drawing',
      'TRUE',
      '#DIV/0!',
      '471012345678',
    ])
  })

  it('a formula that was never calculated stands as a formula', async () => {
    expect(await oneSheet('<sheetData><row r="1"><c r="A1"><f>SUM(B1:B9)</f></c></row></sheetData>')).toEqual([
      'A1 paragraph: =SUM(B1:B9)',
    ])
  })
})

describe('what stands beside the cells', () => {
  it('notes, choices, text boxes and headers of print are lines of text', async () => {
    const drawing = `<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
      <xdr:twoCellAnchor><xdr:from><xdr:row>3</xdr:row></xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>Text in a box</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>`
    const comments = `<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><commentList><comment ref="B2"><text><r><t>measured cold</t></r></text></comment></commentList></comments>`
    expect(
      await oneSheet(
        `${rowsXml([
          ['Point', 'State'],
          ['P1', 'on'],
        ])}
         <dataValidations><dataValidation type="list" sqref="B2:B9" prompt="Choose one."><formula1>"on,off"</formula1></dataValidation></dataValidations>
         <headerFooter><oddHeader>&amp;L&amp;"Arial,Bold"&amp;8SOP-17&amp;RPage &amp;P of &amp;N</oddHeader><evenHeader>&amp;LSOP-17</evenHeader></headerFooter>`,
        [
          ['d1', 'drawing', '../drawings/drawing1.xml'],
          ['c1', 'comments', '../comments1.xml'],
        ],
        { 'xl/drawings/drawing1.xml': drawing, 'xl/comments1.xml': comments },
      ),
    ).toEqual([
      'paragraph: SOP-17',
      'A1:B1 row: Point | State',
      'A2:B2 row: P1 | on',
      'paragraph: Text in a box',
      'B2 paragraph: Note B2: measured cold',
      'B2:B9 paragraph: List B2:B9: on, off',
      'B2:B9 paragraph: Note B2:B9: Choose one.',
    ])
  })
})

describe('large and hostile files', () => {
  it('a sheet of 100,000 rows is one table, row by row, within 1 GiB', async () => {
    const path = `${folder.path}/large.xlsx`
    const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path })
    const sheet = workbook.addWorksheet('Log')
    sheet.addRow(['No', 'Part', 'Pressure', 'Remark']).commit()
    for (let row = 1; row <= 100_000; row += 1)
      sheet.addRow([row, `RF-${row % 977}`, row / 8, `remark number ${row}`]).commit()
    await workbook.commit()
    const [page] = (await parse(path)).pages
    const [block] = page?.blocks ?? []
    expect(block).toMatchObject({ kind: 'table', header: expect.anything() })
    expect(block?.kind === 'table' && block.rows.length).toBe(100_000)
    const last = page?.cells?.at(-1)
    expect([last?.cells, page?.text.slice(last?.start, last?.end)]).toEqual([
      'A100001:D100001',
      '100000 | RF-346 | 12500 | remark number 100000',
    ])
  })

  it('merging all cells there are costs nothing and hides nothing', async () => {
    const xml = `${rowsXml([['only one'], ['and another']])}<mergeCells>${'<mergeCell ref="A1:XFD1048576"/>'.repeat(50)}</mergeCells>`
    expect(await oneSheet(xml)).toEqual(['A1 paragraph: only one', 'A2 paragraph: and another'])
  })

  it('a bomb is file_bomb, and a container without a workbook file_damaged', async () => {
    const bomb = makeZip({
      'xl/workbook.xml': Buffer.from('<workbook/>'),
      'xl/worksheets/sheet1.xml': Buffer.alloc(80 * 2 ** 20, '<c/>'),
    })
    expect(await codeOf(await folder.write('bomb.xlsx', bomb))).toBe('file_bomb')
    const empty = makeZip({ 'xl/workbook.xml': Buffer.from('<workbook><sheets/></workbook>') })
    expect(await codeOf(await folder.write('no-sheets.xlsx', empty))).toBe('file_damaged')
  })
})
