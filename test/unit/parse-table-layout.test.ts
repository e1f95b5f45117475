/** Tables of all Office formats: which rows are header, what becomes of merged cells and of lines around the table. */
import { describe, expect, it } from 'vitest'
import { countHeaderRows, type TableRow } from '../../ingest/parse/table-header.ts'
import { layOutTable, TableGrid } from '../../ingest/parse/table-layout.ts'

/** Cells of plain text; `*` before a text sets it apart. */
const grid = (...rows: readonly (readonly string[])[]): TableRow[] =>
  rows.map((row) => row.map((text) => ({ text: text.replace(/^\*/, ''), strong: text.startsWith('*') })))

describe('a header is found', () => {
  it.each([
    [
      'words over numbers',
      [
        ['Part', 'Thread', 'Torque'],
        ['Plug', 'M20', '90 Nm'],
        ['Cover', 'M8', '25 Nm'],
      ],
    ],
    [
      'bold over plain',
      [
        ['*Name', '*City'],
        ['Wang', 'Taipei'],
        ['Sato', 'Osaka'],
      ],
    ],
    [
      'codes under a word',
      [
        ['Code', 'Cause', 'Remedy'],
        ['E-101', 'Oil low', 'Refill'],
        ['E-102', 'Hot', 'Wait'],
      ],
    ],
    [
      'years over numbers',
      [
        ['Plant', '2022', '2023'],
        ['A', '17', '19'],
        ['B', '21', '23'],
      ],
    ],
    [
      'names of columns over words',
      [
        ['Name', 'City', 'Role'],
        ['Wang', 'Taipei', 'fitter'],
        ['Sato', 'Osaka', 'welder'],
      ],
    ],
    [
      'usual names of two columns',
      [
        ['症狀', '原因'],
        ['項目', '說明'],
        ['a', 'b'],
      ].slice(1),
    ],
    [
      'names that hold a digit',
      [
        ['Term', 'Rate < 15 M', 'Rate > 15 M'],
        ['3 years', '0.3', '0.2'],
        ['5 years', '0.4', '0.3'],
      ],
    ],
  ])('%s', (_, rows) => {
    expect(countHeaderRows(grid(...rows))).toBe(1)
  })
})

describe('the first row is content', () => {
  it.each([
    [
      'names beside values',
      [
        ['Model', 'KP-60'],
        ['Mass', '920 kg'],
        ['Power', '5 kW'],
      ],
    ],
    [
      'names beside values, twice a row',
      [
        ['No.:', 'A5', 'Version:', '1.0 of 2015'],
        ['Part:', 'B7', 'Date:', '2015-10-08'],
      ],
    ],
    [
      'numbers all the way',
      [
        ['1', '2', '3'],
        ['4', '5', '6'],
      ],
    ],
    [
      'bold names beside plain values',
      [
        ['*Maker', 'Acme'],
        ['*Mass', '920 kg'],
        ['*Power', '5 kW'],
      ],
    ],
    [
      'bold numbers',
      [
        ['*0', '*0'],
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['a single row', [['Part', 'Torque']]],
    [
      'words that come back',
      [
        ['pump', 'on', 'yes'],
        ['fan', 'off', 'yes'],
        ['valve', 'on', 'no'],
      ],
    ],
  ])('%s', (_, rows) => {
    expect(countHeaderRows(grid(...rows))).toBe(0)
  })
})

describe('layOutTable', () => {
  const headerOf = (rows: readonly TableRow[]): readonly string[] | undefined => {
    const table = layOutTable(rows).find((part) => part.kind === 'table')
    return table?.kind === 'table' && table.hasHeader ? table.rows[0]?.cells : undefined
  }

  it('joins group names that are merged over their columns with the names below', () => {
    const table = new TableGrid()
    const add = (row: readonly (readonly [string, number?, number?])[]): void => {
      table.beginRow()
      for (const [text, across = 1, down = 1] of row) table.add({ text, strong: false }, across, down)
    }
    add([
      ['Point', 1, 2],
      ['Pressure', 2],
      ['Temperature', 2],
    ])
    add([['min'], ['max'], ['min'], ['max']])
    add([['P1'], ['1.0'], ['4.0'], ['20'], ['60']])
    expect(headerOf(table.rows)).toEqual([
      'Point',
      'Pressure min',
      'Pressure max',
      'Temperature min',
      'Temperature max',
    ])
  })

  it('joins group names that stand over the first of their columns only', () => {
    const rows = grid(
      ['Point', 'Pressure', '', 'Flow'],
      ['', 'min', 'max', 'max'],
      ['P1', '1.0', '4.0', '30'],
      ['P2', '1', '4', '30'],
    )
    expect(headerOf(rows)).toEqual(['Point', 'Pressure min', 'Pressure max', 'Flow max'])
  })

  it('joins a row of units with the names above', () => {
    const rows = grid(['Point', 'Pressure', 'Flow'], ['', '(bar)', '(l/min)'], ['P1', '4.0', '30'])
    expect(headerOf(rows)).toEqual(['Point', 'Pressure (bar)', 'Flow (l/min)'])
  })

  it('does not join the first row of values', () => {
    expect(
      headerOf(grid(['Point', 'Pressure', 'State'], ['P1', 'n/a', 'off'], ['P2', '4.0', 'on'], ['P3', '5.0', 'on'])),
    ).toEqual(['Point', 'Pressure', 'State'])
  })

  it('sets lines above the table and remarks below it apart, and keeps names of groups in it', () => {
    const rows = grid(
      ['Torques of 2024'],
      ['Part', 'Torque'],
      ['Hydraulics'],
      ['M8', '25'],
      ['M10', '45'],
      ['※ dry threads'],
    )
    const parts = layOutTable(rows).map((part) =>
      part.kind === 'line' ? part.row.cells.join() : part.rows.map(({ cells }) => cells.join(' | ')),
    )
    expect(parts).toEqual(['Torques of 2024', ['Part | Torque', 'Hydraulics', 'M8 | 25', 'M10 | 45'], '※ dry threads'])
  })

  it('keeps the place of a value that stands alone in its row', () => {
    const [part] = layOutTable(grid(['Part', 'Qty', 'Price'], ['a', '1', '2'], ['', '', '7']))
    expect(part?.kind === 'table' && part.rows.at(-1)?.cells).toEqual(['', '', '7'])
  })
})
