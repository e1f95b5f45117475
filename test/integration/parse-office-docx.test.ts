/** DOCX files made by hand, through the real child process: what Word shows and other readers lose. */
import { mkdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ParsedDocument } from '../../src/core/document.ts'
import { lostRuns, makeDocx, makeXlsx, paragraph, rowsXml } from './office-fixtures.ts'
import { codeOf, Folder, makeZip, onlyPage, outline, parse } from './parse-fixtures.ts'

let folder: Folder
beforeAll(async () => {
  folder = await Folder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

let files = 0
const parseDocx = async (
  ...parts: Parameters<typeof makeDocx>
): Promise<{ document: ParsedDocument; lines: string[]; lost: string[] }> => {
  const bytes = makeDocx(...parts)
  const document = await parse(await folder.write(`${++files}.docx`, bytes))
  return { document, lines: outline(onlyPage(document)), lost: await lostRuns(bytes, document) }
}

const run = (text: string, properties = ''): string =>
  `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`
const cell = (content: string, properties = ''): string =>
  `<w:tc><w:tcPr>${properties}</w:tcPr>${content.startsWith('<') ? content : paragraph(content)}</w:tc>`
const row = (cells: readonly string[], properties = ''): string =>
  `<w:tr><w:trPr>${properties}</w:trPr>${cells.map((one) => (one.startsWith('<w:tc>') ? one : cell(one))).join('')}</w:tr>`
const table = (rows: readonly string[], properties = ''): string =>
  `<w:tbl><w:tblPr>${properties}</w:tblPr>${rows.join('')}</w:tbl>`

describe('comments', () => {
  it('stand after the text, also where there is no other', async () => {
    const comments = `<w:comments><w:comment w:id="0">${paragraph('Is it 80 °C?')}${paragraph('See SOP-7.')}</w:comment><w:comment w:id="1">${paragraph('It is 85 °C.')}</w:comment></w:comments>`
    const links: Parameters<typeof makeDocx>[1] = [['c', 'comments', 'comments.xml']]
    const parts = { 'word/comments.xml': comments }
    const said = ['paragraph: Comment: Is it 80 °C? See SOP-7.', 'paragraph: Comment: It is 85 °C.']
    const body = `<w:p><w:commentRangeStart w:id="0"/>${run('Heat to 80 °C.')}<w:commentRangeEnd w:id="0"/></w:p>`
    expect((await parseDocx(body, links, parts)).lines).toEqual(['paragraph: Heat to 80 °C.', ...said])
    expect((await parseDocx('<w:p/>', links, parts)).lines).toEqual(said)
  })
})

describe('headers and footers', () => {
  it('stand once, without page numbers, whatever number of sections shows them', async () => {
    const field =
      '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    const header = (text: string): string => `<w:hdr>${paragraph(text)}${paragraph('SOP-KP-002')}</w:hdr>`
    const reference = (kind: string, id: string): string => `<w:${kind}Reference w:type="default" r:id="${id}"/>`
    const { lines, lost } = await parseDocx(
      `${paragraph('Body one')}<w:p><w:pPr><w:sectPr>${reference('header', 'h1')}${reference('footer', 'f1')}</w:sectPr></w:pPr></w:p>
       ${paragraph('Body two')}<w:sectPr>${reference('header', 'h2')}${reference('footer', 'f1')}</w:sectPr>`,
      [
        ['h1', 'header', 'header1.xml'],
        ['h2', 'header', 'header2.xml'],
        ['f1', 'footer', 'footer1.xml'],
      ],
      {
        'word/header1.xml': header('Rev. B'),
        'word/header2.xml': header('Annex'),
        'word/footer1.xml': `<w:ftr><w:p>${run('Confidential, page ')}${field}${run('7')}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>`,
      },
    )
    expect(lines).toEqual([
      'paragraph: Rev. B',
      'paragraph: SOP-KP-002',
      'paragraph: Annex',
      'paragraph: Body one',
      'paragraph: Body two',
      'paragraph: Confidential, page',
    ])
    expect(lost).toEqual(['7'])
  })
})

describe('tracked changes', () => {
  it('keep what was inserted and leave out what was deleted, in text, rows and moves', async () => {
    const { lines, lost } = await parseDocx(
      `<w:p>${run('Set ')}<w:del><w:r><w:delText>4.0</w:delText></w:r></w:del><w:ins>${run('4.5 bar')}</w:ins></w:p>
       <w:p><w:moveFrom>${run('old place')}</w:moveFrom></w:p><w:p><w:moveTo>${run('new place')}</w:moveTo></w:p>` +
        table([row(['Part', 'Torque']), row(['gone', '1'], '<w:del/>'), row(['M8', '25 Nm']), row(['M10', '45 Nm'])]),
    )
    expect(lines).toEqual([
      'paragraph: Set 4.5 bar',
      'paragraph: new place',
      'header: Part | Torque',
      'row: M8 | 25 Nm',
      'row: M10 | 45 Nm',
    ])
    expect(lost).toEqual(['gone', '1'].filter((text) => !lines.join().includes(text)))
  })
})

describe('tables', () => {
  it('have a header only where there is one', async () => {
    const { lines } = await parseDocx(
      table([row(['Model', 'KP-60']), row(['Mass', '920 kg']), row(['Power', '5 kW'])]) +
        paragraph('Between') +
        table([row(['a', 'b'], '<w:tblHeader/>'), row(['c', 'd'])]),
    )
    expect(lines).toEqual([
      'row: Model | KP-60',
      'row: Mass | 920 kg',
      'row: Power | 5 kW',
      'paragraph: Between',
      'header: a | b',
      'row: c | d',
    ])
  })

  it('show bold and shaded heads, and the heads of table styles', async () => {
    const bold = (text: string): string => cell(`<w:p>${run(text, '<w:b/>')}</w:p>`)
    const shaded = (text: string): string => cell(text, '<w:shd w:val="clear" w:fill="D9E2F3"/>')
    const { lines } = await parseDocx(
      table([row([bold('Maker'), bold('Town')]), row(['Acme', 'Kyoto'])]) +
        paragraph('Between') +
        table([row([shaded('Maker'), shaded('Town')]), row(['Acme', 'Kyoto'])]) +
        paragraph('And') +
        table([row(['Maker', 'Town']), row(['Acme', 'Kyoto'])], '<w:tblStyle w:val="T"/><w:tblLook w:val="0420"/>'),
      [['s', 'styles', 'styles.xml']],
      {
        'word/styles.xml':
          '<w:styles><w:style w:type="table" w:styleId="T"><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style></w:styles>',
      },
    )
    expect(lines.filter((line) => line.startsWith('header'))).toEqual(Array(3).fill('header: Maker | Town'))
  })

  it('repeat merged cells and write tables inside cells after the table', async () => {
    const inner = table([row(['Size', 'Nm']), row(['M8', '25'])])
    const { lines, lost } = await parseDocx(
      table([
        row([cell('Pressure', '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>'), 'Remark'], '<w:tblHeader/>'),
        row(
          ['min', 'max', 'x'].slice(0, 2).concat(cell(`${paragraph('see')}${inner}${paragraph('')}`)),
          '<w:tblHeader/>',
        ),
        row([cell('1.0', '<w:vMerge w:val="restart"/>'), '4.0', 'cold']),
        row([cell(paragraph(''), '<w:vMerge/>'), '4.5', 'hot']),
      ]),
    )
    expect(lines).toEqual([
      'header: Pressure min | Pressure max | Remark see',
      'row: 1.0 | 4.0 | cold',
      'row: 1.0 | 4.5 | hot',
      'header: Size | Nm',
      'row: M8 | 25',
    ])
    expect(lost).toEqual([])
  })
})

describe('what is not plain text', () => {
  it('text boxes of files in the strict kind are read', async () => {
    const box = `<wp:txbx><wne:txbxContent xmlns:wne="http://schemas.microsoft.com/office/word/2006/wordml">${paragraph('In the box')}</wne:txbxContent></wp:txbx>`
    const { lines } = await parseDocx(
      `<w:p>${run('Around')}<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><wp:wsp>${box}</wp:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
    )
    expect(lines).toEqual(['paragraph: Around', 'paragraph: In the box'])
  })

  it('text boxes are read once, checkboxes show their state, equations are lines of text', async () => {
    const box = (name: string): string =>
      name === 'mc:Choice'
        ? `<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx><w:txbxContent>${paragraph('In the box')}</w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice>`
        : `<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>${paragraph('In the box')}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>`
    const checkbox = (on: number): string =>
      `<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="${on}"/></w14:checkbox></w:sdtPr><w:sdtContent>${run('?')}</w:sdtContent></w:sdt>`
    const { lines } = await parseDocx(
      `<w:p>${run('Around')}<w:r><mc:AlternateContent>${box('mc:Choice')}${box('mc:Fallback')}</mc:AlternateContent></w:r></w:p>
       <w:p>${checkbox(1)}${run(' locked ')}${checkbox(0)}${run(' open')}</w:p>
       <w:p>${run('v = ')}<m:oMath><m:rad><m:e><m:r><m:t>2gh</m:t></m:r></m:e></m:rad></m:oMath></w:p>
       <w:p>${run('10')}${run('-3', '<w:vertAlign w:val="superscript"/>')}${run(' m', '<w:rFonts w:ascii="Symbol"/>')}${run('m')}</w:p>
       <w:p><w:r><w:sym w:font="Symbol" w:char="F0B0"/><w:t>C</w:t><w:noBreakHyphen/><w:t>7</w:t></w:r></w:p>`,
    )
    expect(lines).toEqual([
      'paragraph: Around',
      'paragraph: In the box',
      'paragraph: ☒ locked ☐ open',
      'paragraph: v = √2gh',
      'paragraph: 10⁻³ μm',
      'paragraph: °C-7',
    ])
  })

  it('headings come from outline levels, styles based on headings and names in other languages', async () => {
    const style = (id: string, name: string, more = ''): string =>
      `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${more}</w:style>`
    const { lines, document } = await parseDocx(
      paragraph('Title', '<w:pStyle w:val="t"/>') +
        paragraph('Own', '<w:pStyle w:val="own"/>') +
        paragraph('標題', '<w:pStyle w:val="zh"/>') +
        paragraph('By level', '<w:outlineLvl w:val="2"/>') +
        paragraph('No heading', '<w:pStyle w:val="toc"/>'),
      [['s', 'styles', 'styles.xml']],
      {
        'word/styles.xml': `<w:styles>${style('t', 'Title')}${style('1', 'heading 1', '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')}
          ${style('own', 'Chapter', '<w:basedOn w:val="1"/>')}${style('zh', '標題 2')}
          ${style('toc', 'TOC Heading', '<w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>')}</w:styles>`,
      },
    )
    expect(lines).toEqual(['h1: Title', 'h1: Own', 'h2: 標題', 'h3: By level', 'paragraph: No heading'])
    expect(document.title).toBe('Title')
  })

  it('charts and HTML inside the document are read', async () => {
    const points = (texts: readonly string[]): string =>
      texts.map((text, index) => `<c:pt idx="${index}"><c:v>${text}</c:v></c:pt>`).join('')
    const { lines } = await parseDocx(
      `<w:p><w:r><w:drawing><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="c1"/></w:drawing></w:r></w:p><w:altChunk r:id="a1"/>`,
      [
        ['c1', 'chart', 'charts/chart1.xml'],
        ['a1', 'aFChunk', 'part.html'],
      ],
      {
        'word/charts/chart1.xml': `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:ser><c:tx><c:strRef><c:strCache>${points(['Flow'])}</c:strCache></c:strRef></c:tx>
          <c:cat><c:strRef><c:strCache>${points(['Q1', 'Q2'])}</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:formatCode>0.0</c:formatCode>${points(['1.25', '2'])}</c:numCache></c:numRef></c:val></c:ser></c:chartSpace>`,
        'word/part.html': '<html><body><p>Inserted report</p></body></html>',
      },
    )
    expect(lines).toEqual(['header:  | Flow', 'row: Q1 | 1.3', 'row: Q2 | 2.0', 'paragraph: Inserted report'])
  })
})

describe('files around the text', () => {
  it('embedded files are handed on as attachments', async () => {
    const workbook = makeXlsx([{ name: 'Data', xml: rowsXml([['in the workbook']]) }])
    const path = await folder.write(
      'embedded.docx',
      makeDocx(paragraph('See the object.'), [['p1', 'package', 'embeddings/Sheet1.xlsx']], {
        'word/embeddings/Sheet1.xlsx': workbook,
      }),
    )
    const found: { entry: string; bytes: Buffer }[] = []
    await parse(path, {
      onAttachment: async ({ entry, file }) => {
        found.push({ entry, bytes: await readFile(file) })
      },
    })
    expect(found).toEqual([{ entry: 'Sheet1.xlsx', bytes: Buffer.from(workbook) }])
  })

  it('what stands in the text as HTML or as a web archive is no attachment, and its frame no text', async () => {
    const html = '<html><head><meta charset=windows-1252></head><body><p>Grüße an Halle 7</p></body></html>'
    const archive = [
      'MIME-Version: 1.0',
      'Content-Type: multipart/related; type="text/html"; boundary="part"',
      '',
      '--part',
      'Content-Type: text/html; charset="utf-8"',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      '<html><body><p>An =C3=96l=',
      'pumpe</p></body></html>',
      '--part',
      'Content-Type: image/png',
      'Content-Transfer-Encoding: base64',
      '',
      'iVBORw0KGgo=',
      '--part--',
    ].join('\r\n')
    const path = await folder.write(
      'chunks.docx',
      makeDocx(
        '<w:altChunk r:id="a1"/><w:altChunk r:id="a2"/>',
        [
          ['a1', 'aFChunk', 'part.html'],
          ['a2', 'aFChunk', 'afchunk.mht'],
        ],
        { 'word/part.html': Buffer.from(html, 'latin1'), 'word/afchunk.mht': archive },
      ),
    )
    const attached: string[] = []
    const document = await parse(path, { onAttachment: ({ entry }) => void attached.push(entry) })
    expect(outline(onlyPage(document))).toEqual(['paragraph: Grüße an Halle 7', 'paragraph: An Ölpumpe'])
    expect(attached).toEqual([])
  })

  it('bytes behind the end of the container do no harm', async () => {
    const bytes = Buffer.concat([makeDocx(paragraph('Whole.')), Buffer.from('\r\n')])
    expect(onlyPage(await parse(await folder.write('tail.docx', bytes), { format: 'docx' })).text).toBe('Whole.')
  })

  it('nothing outside the file is fetched, and entities name nothing', async () => {
    await mkdir(`${folder.path}/secret`, { recursive: true })
    const secret = await folder.write('secret/key.txt', 'the secret')
    const bytes = makeZip({
      'word/document.xml': Buffer.from(
        `<!DOCTYPE d [<!ENTITY x SYSTEM "file://${secret}">]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>shown &x;</w:t></w:r></w:p></w:body></w:document>`,
      ),
    })
    const text = onlyPage(await parse(await folder.write('xxe.docx', bytes))).text
    expect(text).toContain('shown')
    expect(text).not.toContain('the secret')
  })

  it('with pictures and no word fails honestly', async () => {
    const path = await folder.write(
      'pictures.docx',
      makeDocx('<w:p><w:r><w:pict><v:shape><v:imagedata r:id="x"/></v:shape></w:pict></w:r></w:p>'),
    )
    const pages: unknown[] = []
    expect(await codeOf(path, { onPage: (page) => void pages.push(page.outcome) })).toBe('no_text')
    expect(pages).toEqual([{ method: 'failed', errorCode: 'page_has_no_text' }])
  })
})
