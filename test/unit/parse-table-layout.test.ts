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
      'models over their values',
      [
        ['项目', 'MH-80', 'MH-100', '量具'],
        ['壁厚', '3.5 ± 0.3', '4.0 ± 0.3', '卡尺'],
        ['平面度', '0.05', '0.08', '塞尺'],
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
    [
      'names over words, beside an empty corner',
      [
        ['', 'Maintained by', 'Kept where'],
        ['Press', 'fitter', 'hall'],
        ['Pump', '', ''],
      ],
    ],
    [
      'months over numbers',
      [
        ['項目', '單位', '1月', '2月'],
        ['用電', 'kWh', '677.1', '686.2'],
        ['用水', 't', '12.5', '11.9'],
      ],
    ],
    [
      'plans of years over numbers',
      [
        ['Line', '2012 Actual', '2013 Plan'],
        ['A', '17', '19'],
        ['B', '21', '23'],
      ],
    ],
    [
      'days over numbers, with a sum',
      [
        ['Shift', '2022-01-01', '2022-01-03', 'Total'],
        ['A', '1', '', '1'],
        ['B', '', '3', '3'],
      ],
    ],
    [
      'one number among many names',
      [
        ['Name', 'Load', 'Speed', 'Force', 'Power', '1'],
        ['A', '10', '20', '30', '40', '1'],
        ['B', '11', '21', '31', '41', '1'],
      ],
    ],
  ])('%s', (_, rows) => {
    expect(countHeaderRows(grid(...rows))).toBe(1)
  })
})

it('numbers of columns end the header of a form, however long its names are', () => {
  const long = 'Numbers of the parts, chapters, tables and paragraphs of the instructions that hold here'
  const rows = [
    ['No.', long, 'Basis', 'Cost'],
    ['1', '2', '3', '4'],
    ['1', 'Cabling', 'drawing 7', '500'],
  ]
  expect(countHeaderRows(grid(...rows))).toBe(2)
  expect(countHeaderRows(grid(['a', 'b', 'c', 'd'], ['1', '2', '3', '4'], ['5', '6', '7', '8']))).toBe(1)
})

describe('rows that are shaded for the eye to follow', () => {
  /** Texts and looks of a row. */
  const looking = (look: string, ...texts: readonly string[]): TableRow =>
    texts.map((text) => ({ text, strong: look !== '', look }))

  it.each([
    ['begin below the header', ['', 'grey', '', 'grey', '']],
    ['begin with the first row of data', ['grey', '', 'grey', '', 'grey']],
    ['are all shaded, of two kinds', ['grey', 'green', 'grey', 'green', 'grey']],
  ])('are no header where they %s', (_, looks) => {
    const rows = looks.map((look, i) => looking(look, `E-10${i}`, 'Leaking oil', 'Replace the seal'))
    expect(countHeaderRows([looking('bold', 'Alarm', 'Fault', 'Remedy'), ...rows])).toBe(1)
  })

  it('do not hide that a header has two rows of different looks', () => {
    const rows = [
      looking('dark', 'Part', 'Torque', 'Torque'),
      looking('light', 'Name', 'min', 'max'),
      looking('', 'Plug', '80', '90'),
      looking('', 'Cover', '20', '25'),
    ]
    expect(countHeaderRows(rows)).toBe(2)
  })
})

describe('the first row is content', () => {
  it.each([
    [
      'years of machines with their masses, not names of years',
      [
        ['Press', '2000 kg', '1950 mm'],
        ['Lift', '1900 kg', '1800 mm'],
        ['Crane', '2100 kg', '1700 mm'],
      ],
    ],
    [
      'keys that are counted',
      [
        ['', 'Key1', 'Value1'],
        ['a', 'Key2', 'Value2'],
        ['b', 'Key3', 'Value3'],
      ],
    ],
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

  /** Rows of cells, each with the number of columns that it is merged over. */
  const spanned = (
    ...rows: readonly (readonly (readonly [text: string, across?: number])[])[]
  ): readonly TableRow[] => {
    const table = new TableGrid()
    for (const row of rows) {
      table.beginRow()
      for (const [text, across = 1] of row) table.add({ text, strong: false }, across)
    }
    return table.rows
  }
  const textOf = (rows: readonly TableRow[]): string[] =>
    layOutTable(rows).flatMap((part) =>
      part.kind === 'line' ? part.row.cells.join() : part.rows.map(({ cells }) => cells.join(' | ')),
    )

  it('keeps names and values merged over the rest of their rows as rows', () => {
    const table = new TableGrid()
    const pairs = [
      ['Machine', 'Stamping press'],
      ['Location', 'Hall north'],
      ['Supervisor', 'Mr Tanaka'],
    ] as const
    for (const [name, value] of pairs) {
      table.beginRow()
      table.add({ text: name, strong: false })
      table.add({ text: value, strong: false }, 3)
    }
    table.beginRow()
    for (const text of ['Phone', '0123', 'Fax', '4567']) table.add({ text, strong: false })
    expect(countHeaderRows(table.rows)).toBe(0)
  })

  it('writes merged cells of a form, which has no header, once', () => {
    const form = spanned(
      [['02 Place of birth', 3], ['03 Date of birth', 2], ['Photo']],
      [
        ['04 Citizenship', 2],
        ['05 Sex', 2],
        ['06 Status', 2],
      ],
    )
    expect(textOf(form)).toEqual([
      '02 Place of birth | 03 Date of birth | Photo',
      '04 Citizenship | 05 Sex | 06 Status',
    ])
  })

  it('drops columns that no row tells from the one before', () => {
    const rows = spanned(
      [
        ['Part', 2],
        ['Torque', 3],
      ],
      [
        ['M8', 2],
        ['25', 3],
      ],
      [
        ['M10', 2],
        ['45', 3],
      ],
    )
    expect(textOf(rows)).toEqual(['Part | Torque', 'M8 | 25', 'M10 | 45'])
  })

  it('puts what a few rows tell apart below one name together', () => {
    const plain = Array.from({ length: 8 }, (_, index) => [[`M${index}`], ['25', 2], ['steel']] as const)
    const rows = spanned([['Part'], ['Torque', 2], ['Material']], ...plain, [['M9'], ['30'], ['dry'], ['brass']])
    expect(textOf(rows).at(0)).toBe('Part | Torque | Material')
    expect(textOf(rows).at(-1)).toBe('M9 | 30 dry | brass')
  })

  it('writes the name of a sum once, and leaves its values below their names', () => {
    const rows = spanned([['Part'], ['Kind'], ['Mass']], [['M8'], ['bolt'], ['25']], [['In all', 2], ['25']])
    expect(textOf(rows).at(-1)).toBe('In all |  | 25')
  })

  it('repeats a value under each of the names that it is merged below', () => {
    const rows = spanned([['Part'], ['Min'], ['Max']], [['M8'], ['20'], ['30']], [['M10'], ['45', 2]])
    expect(textOf(rows)).toEqual(['Part | Min | Max', 'M8 | 20 | 30', 'M10 | 45 | 45'])
  })
})
