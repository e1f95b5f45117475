/** CSV, HTML and old Office files through the real child process, and every Office file of the shared corpus: no text is lost. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Document, Packer, Paragraph, Table, TableCell, TableRow, WidthType } from 'docx'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findLibreOffice } from '../../ingest/parse/find-libreoffice.ts'
import { convertLegacy } from '../../ingest/parse/legacy-conversion.ts'
import { createShow, lostRuns } from './office-fixtures.ts'
import { codeOf, Folder, onlyPage, outline, parse } from './parse-fixtures.ts'

let folder: Folder
beforeAll(async () => {
  folder = await Folder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

const csv = async (content: string | Uint8Array, name = 'x.csv'): Promise<string[]> => {
  const document = await parse(await folder.write(name, content), { format: 'csv', name })
  expect(document).toMatchObject({ format: 'csv', paginated: false })
  return outline(onlyPage(document))
}

describe('CSV', () => {
  it.each([
    [',', 'Part,Torque\nM8,"25, dry"\nM10,45\n'],
    [';', 'Part;Torque\nM8;"25, dry"\nM10;45\n'],
    ['tab', 'Part\tTorque\r\nM8\t25, dry\r\nM10\t45\r\n'],
    ['|', 'Part|Torque\nM8|25, dry\nM10|45\n'],
    ['sep=', '\ufeffsep=;\r\nPart;Torque\r\nM8;25, dry\r\nM10;45\r\n'],
  ])('parted by %s has its header over each row', async (_, content) => {
    expect(await csv(content)).toEqual(['header: Part | Torque', 'row: M8 | 25, dry', 'row: M10 | 45'])
  })

  it('keeps rows of any length, says which cells they are, and has no header where none stands', async () => {
    const document = await parse(await folder.write('ragged.csv', '1,2,3\n4\n5,6,7,8\n'), {
      format: 'csv',
      name: 'r.csv',
    })
    const page = onlyPage(document)
    expect(outline(page)).toEqual(['row: 1 | 2 | 3', 'row: 4', 'row: 5 | 6 | 7 | 8'])
    expect(page.cells?.map(({ cells }) => cells)).toEqual(['A1:C1', 'A2', 'A3:D3'])
  })

  it('with a quotation mark that is never closed is read all the same', async () => {
    expect(await csv('Pipe,Size\nA,3/4"\nB,"1/2\nC,1\n')).toHaveLength(4)
  })

  it('is read in the encoding that is given', async () => {
    const path = await folder.write('big5.csv', Buffer.from('b3a1a5f32ca7e1af780a4d382c32350a4d31302c34350a', 'hex'))
    const document = await parse(path, { format: 'csv', name: 'b.csv', encoding: 'big5' })
    expect(outline(onlyPage(document))[0]).toBe('header: 部件 | 扭矩')
  })
})

describe('HTML', () => {
  const html = async (source: string): Promise<string[]> =>
    outline(onlyPage(await parse(await folder.write('x.html', `<!doctype html><body>${source}`))))

  it('joins the rows of a head and knows heads by their look', async () => {
    expect(
      await html(
        `<table><thead><tr><th rowspan=2>Point<th colspan=2>Pressure<tr><th>min<th>max<tbody><tr><td>P1<td>1<td>4</table>
         <p>Between<table><tr><td><b>Maker</b><td><b>Town</b><tr><td>Acme<td>Kyoto</table>`,
      ),
    ).toEqual([
      'header: Point | Pressure min | Pressure max',
      'row: P1 | 1 | 4',
      'paragraph: Between',
      'header: Maker | Town',
      'row: Acme | Kyoto',
    ])
  })

  it('has no head where only the first column is marked up', async () => {
    expect(await html('<table><tr><th>Model<td>KP-60<tr><th>Mass<td>920 kg</table>')).toEqual([
      'row: Model | KP-60',
      'row: Mass | 920 kg',
    ])
  })

  it('reads tables that only set other tables as what is in them', async () => {
    const inner = '<table><tr><th>Part<th>Nm<tr><td>M8<td>25<tr><td>M10<td>45</table>'
    expect(await html(`<table><tr><td>Menu<td>${inner}</table>`)).toEqual([
      'paragraph: Menu',
      'header: Part | Nm',
      'row: M8 | 25',
      'row: M10 | 45',
    ])
  })

  it('leaves out what is hidden, keeps terms with their definitions and raised digits raised', async () => {
    expect(
      await html(
        '<p hidden>no<p style="display: none">no<p>10<sup>3</sup> Pa<dl><dt>Torque<dd>a moment of force<dt>Nm<dd>its unit</dl>',
      ),
    ).toEqual(['paragraph: 10³ Pa', 'list-item: Torque: a moment of force', 'list-item: Nm: its unit'])
  })
})

const program = await findLibreOffice()

describe.runIf(program)('old Office files', () => {
  /** LibreOffice writes the old formats as well. */
  const older = async (bytes: Uint8Array, from: string, to: string): Promise<string> => {
    const path = await folder.write(`new.${from}`, bytes)
    const place = await Folder.create()
    const old = await convertLegacy(program ?? '', path, { from, to }, place.path)
    const copy = await folder.write(`old.${to}`, await readFile(old))
    await place[Symbol.asyncDispose]()
    return copy
  }

  const documentOf = (...children: (Paragraph | Table)[]): Promise<Uint8Array> =>
    Packer.toBuffer(new Document({ sections: [{ children }] }))

  it('DOC is read as a document', async () => {
    const width = { size: 3000, type: WidthType.DXA }
    const rows = [
      ['Part', 'Torque'],
      ['M8', '25 Nm'],
      ['M10', '45 Nm'],
    ].map(
      (row) => new TableRow({ children: row.map((text) => new TableCell({ width, children: [new Paragraph(text)] })) }),
    )
    const bytes = await documentOf(
      new Paragraph('保養'),
      new Table({ rows, columnWidths: [3000, 3000] }),
      new Paragraph('End'),
    )
    const document = await parse(await older(bytes, 'docx', 'doc'))
    expect(document.format).toBe('doc')
    expect(outline(onlyPage(document))).toEqual([
      'paragraph: 保養',
      'header: Part | Torque',
      'row: M8 | 25 Nm',
      'row: M10 | 45 Nm',
      'paragraph: End',
    ])
  })

  it('XLS and PPT have their sheets and slides', async () => {
    const workbook = new ExcelJS.Workbook()
    workbook.addWorksheet('Now').addRows([
      ['Point', 'Pressure'],
      ['P1', 4.5],
    ])
    workbook.addWorksheet('Old', { state: 'hidden' }).addRow(['x'])
    const sheets = await parse(await older(new Uint8Array(await workbook.xlsx.writeBuffer()), 'xlsx', 'xls'))
    expect([sheets.format, sheets.pages.map(({ label }) => label)]).toEqual(['xls', ['Now', 'Old (hidden)']])
    const show = createShow()
    show.addSlide().addText('Valve V12', { x: 1, y: 1, w: 4, h: 1 })
    const slides = await parse(
      await older((await show.write({ outputType: 'nodebuffer' })) as Uint8Array, 'pptx', 'ppt'),
    )
    expect([slides.format, slides.pages.map(({ text }) => text)]).toEqual(['ppt', ['Valve V12']])
  })

  it('that are damaged are file_damaged, and no LibreOffice is left running when reading is stopped', async () => {
    const whole = await readFile(await older(await documentOf(new Paragraph('x')), 'docx', 'doc'))
    const broken = Buffer.from(whole)
    broken.fill(0x41, 512)
    expect(await codeOf(await folder.write('broken.doc', broken), { format: 'doc' })).toBe('file_damaged')
    const path = await folder.write('stopped.doc', whole)
    const stop = new AbortController()
    const end = parse(path, { signal: stop.signal, scratchFolder: folder.path }).catch(() => 'stopped')
    const running = (): string[] =>
      readdirSync('/proc').filter(
        (id) => /^\d+$/.test(id) && commandOf(id).includes('soffice') && commandOf(id).includes(folder.path),
      )
    for (let tries = 0; tries < 200 && running().length === 0; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect(running().length).toBeGreaterThan(0)
    stop.abort()
    expect(await end).toBe('stopped')
    for (let tries = 0; tries < 100 && running().length > 0; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect(running()).toEqual([])
  })
})

const commandOf = (id: string): string => {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

const corpus = fileURLToPath(new URL('../../../shared/corpus/office/', import.meta.url))
const files = existsSync(corpus)
  ? readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:docx|xlsx|pptx)$/.test(name))
  : []

describe.skipIf(files.length === 0)('the Office files of the corpus', () => {
  it.each(files.map((name) => [basename(name), join(corpus, name)]))('%s loses no text', async (_, path = '') => {
    const pages: Parameters<NonNullable<Parameters<typeof parse>[1]>['onPage'] & object>[0][] = []
    expect(['none', 'no_text']).toContain(await codeOf(path, { onPage: (page) => void pages.push(page) }))
    expect(await lostRuns(await readFile(path), { pages })).toEqual([])
  })
})
