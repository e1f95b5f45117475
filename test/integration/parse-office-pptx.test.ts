/** PPTX files made by hand and by pptxgenjs, through the real child process: every slide a page, in the order in which they are shown. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ParsedDocument } from '../../src/core/document.ts'
import { createShow, group, lostRuns, makePptx, shape } from './office-fixtures.ts'
import { codeOf, Folder, outline, parse } from './parse-fixtures.ts'

let folder: Folder
beforeAll(async () => {
  folder = await Folder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

let files = 0
const parsePptx = async (...parts: Parameters<typeof makePptx>): Promise<ParsedDocument> => {
  const bytes = makePptx(...parts)
  const document = await parse(await folder.write(`${++files}.pptx`, bytes))
  expect(await lostRuns(bytes, document)).toEqual([])
  return document
}
const oneSlide = async (
  xml: string,
  links: Parameters<typeof makePptx>[0][number]['links'] = [],
  more: Parameters<typeof makePptx>[1] = {},
): Promise<string[]> => {
  const [page] = (await parsePptx([{ xml, links }], more)).pages
  return page ? outline(page) : []
}

const picture =
  '<p:pic><p:nvPicPr><p:cNvPr id="2" name="" descr=""/></p:nvPicPr><p:blipFill><a:blip r:embed="x"/></p:blipFill></p:pic>'

describe('slides', () => {
  it('come in the order in which they are shown, hidden ones too; empty and pictured ones are accounted for', async () => {
    const document = await parsePptx([
      { xml: shape(['First'], { placeholder: 'title' }) },
      { xml: shape(['Second']), hidden: true },
      { xml: '' },
      { xml: picture },
    ])
    expect(document).toMatchObject({ format: 'pptx', paginated: true, title: 'First' })
    expect(document.pages.map(({ label, outcome, text }) => [label, outcome, text])).toEqual([
      [undefined, { method: 'text' }, 'First'],
      ['(hidden)', { method: 'text' }, 'Second'],
      [undefined, { method: 'blank' }, ''],
      [undefined, { method: 'failed', errorCode: 'page_has_no_text' }, ''],
    ])
  })

  it('are read from top to bottom and from left to right, through groups, the title first', async () => {
    expect(
      await oneSlide(
        shape(['right'], { at: [600, 300, 300, 100] }) +
          shape(['foot'], { at: [100, 900, 800, 50] }) +
          shape(['Title'], { at: [100, 800, 800, 50], placeholder: 'title' }) +
          group(
            [100, 300, 400, 100],
            [0, 0, 40, 10],
            shape(['left b'], { at: [20, 0, 10, 10] }) + shape(['left a'], { at: [0, 0, 10, 10] }),
          ) +
          shape(['head'], { at: [100, 100, 800, 50] }),
      ),
    ).toEqual([
      'h2: Title',
      'paragraph: head',
      'paragraph: left a',
      'paragraph: left b',
      'paragraph: right',
      'paragraph: foot',
    ])
  })

  it('know where their texts stand', async () => {
    const [page] = (await parsePptx([{ xml: shape(['Valve V12'], { at: [100, 250, 500, 125] }) }])).pages
    expect(page?.lines).toEqual([{ start: 0, end: 9, x: 0.1, y: 0.25, width: 0.5, height: 0.125 }])
  })

  it('keep levels, bullets and numbers of lists', async () => {
    const number = '<a:pPr><a:buAutoNum type="arabicParenR"/></a:pPr>'
    expect(
      await oneSlide(
        shape([
          'Before',
          ['Close V12', number],
          ['slowly', '<a:pPr lvl="1"><a:buChar char="-"/></a:pPr>'],
          ['Open V7', number],
        ]),
      ),
    ).toEqual(['paragraph: Before', 'list-item: 1) Close V12', 'list-item:   • slowly', 'list-item: 2) Open V7'])
  })

  it('have notes and comments after their text', async () => {
    const notes = `<p:notes xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:cSld><p:spTree>
      ${shape(['1'], { placeholder: 'sldNum' })}${shape(['Say that V12 is hot.'], { placeholder: 'body' })}</p:spTree></p:cSld></p:notes>`
    const comments =
      '<p:cmLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:cm><p:text>Is it 80 °C?</p:text></p:cm></p:cmLst>'
    const document = await parse(
      await folder.write(
        'notes.pptx',
        makePptx(
          [
            {
              xml: shape(['Body']),
              links: [
                ['n', 'notesSlide', '../notesSlides/notesSlide1.xml'],
                ['c', 'comments', '../comments/comment1.xml'],
              ],
            },
          ],
          { 'ppt/notesSlides/notesSlide1.xml': notes, 'ppt/comments/comment1.xml': comments },
        ),
      ),
    )
    expect(document.pages[0] && outline(document.pages[0])).toEqual([
      'paragraph: Body',
      'h3: Notes',
      'paragraph: Say that V12 is hot.',
      'paragraph: Comment: Is it 80 °C?',
    ])
  })

  it('write diagrams as lists', async () => {
    const point = (id: string, text: string, type = ''): string =>
      `<dgm:pt modelId="${id}"${type && ` type="${type}"`}><dgm:t><a:p><a:r><a:t>${text}</a:t></a:r></a:p></dgm:t></dgm:pt>`
    const link = (from: string, to: string, order: number): string =>
      `<dgm:cxn srcId="${from}" destId="${to}" srcOrd="${order}"/>`
    const data = `<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
      <dgm:ptLst>${point('0', '', 'doc')}${point('b', 'Run')}${point('a', 'Start')}${point('c', 'Check oil')}</dgm:ptLst>
      <dgm:cxnLst>${link('0', 'a', 0)}${link('0', 'b', 1)}${link('a', 'c', 0)}</dgm:cxnLst></dgm:dataModel>`
    const frame =
      '<p:graphicFrame><a:graphic><a:graphicData><dgm:relIds xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" r:dm="d"/></a:graphicData></a:graphic></p:graphicFrame>'
    expect(
      await oneSlide(frame, [['d', 'diagramData', '../diagrams/data1.xml']], { 'ppt/diagrams/data1.xml': data }),
    ).toEqual(['list-item: • Start', 'list-item:   • Check oil', 'list-item: • Run'])
  })

  it('of pptxgenjs come with their tables, charts and notes', async () => {
    const show = createShow()
    const slide = show.addSlide()
    slide.addText('保養週期', { x: 0.5, y: 0.2, w: 9, h: 0.6 })
    slide.addTable(
      [
        [
          { text: 'Part', options: { bold: true } },
          { text: 'Torque', options: { bold: true, colspan: 2 } },
        ],
        [{ text: 'Plug', options: { rowspan: 2 } }, { text: 'M20' }, { text: '90 Nm' }],
        [{ text: 'M24' }, { text: '140 Nm' }],
      ],
      { x: 0.5, y: 1, w: 9 },
    )
    slide.addChart(show.ChartType.bar, [{ name: 'Flow', labels: ['Q1', 'Q2'], values: [1.5, 2] }], {
      x: 0.5,
      y: 4,
      w: 4,
      h: 2,
    })
    slide.addNotes('Mention the oil.')
    const bytes = (await show.write({ outputType: 'nodebuffer' })) as Uint8Array
    const document = await parse(await folder.write('gen.pptx', bytes))
    expect(document.pages[0] && outline(document.pages[0])).toEqual([
      'paragraph: 保養週期',
      'header: Part | Torque | Torque',
      'row: Plug | M20 | 90 Nm',
      'row: Plug | M24 | 140 Nm',
      'header:  | Flow',
      'row: Q1 | 1.5',
      'row: Q2 | 2',
      'h3: Notes',
      'paragraph: Mention the oil.',
    ])
    expect(await lostRuns(bytes, document)).toEqual([])
  })
})

describe('bad files', () => {
  it('a slide that can not be read is a failed page; without any slide there is no text', async () => {
    const path = await folder.write('partly.pptx', makePptx([{ xml: shape(['good']) }, { xml: '<p:sp>' }]))
    const { pages } = await parse(path)
    expect(pages.map(({ outcome }) => outcome)).toEqual([
      { method: 'text' },
      { method: 'failed', errorCode: 'page_unreadable' },
    ])
    expect(await codeOf(await folder.write('none.pptx', makePptx([])))).toBe('no_text')
  })

  it('cut short it is file_damaged', async () => {
    const whole = makePptx([{ xml: shape(['good']) }])
    expect(
      await codeOf(await folder.write('cut.pptx', whole.subarray(0, whole.length - 200)), { format: 'pptx' }),
    ).toBe('file_damaged')
  })
})
