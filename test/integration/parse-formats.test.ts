/** DOCX, Markdown, HTML and text through the real child process, and what tells them apart. */
import {
  Document,
  ExternalHyperlink,
  FootnoteReferenceRun,
  HeadingLevel,
  LevelFormat,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
} from 'docx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detectFormatOf } from '../../ingest/parse/detect-format.ts'
import { makeCompoundFile } from './mail-fixtures.ts'
import { codeOf, Folder, makeZip, onlyPage, outline, parse } from './parse-fixtures.ts'

let folder: Folder
beforeAll(async () => {
  folder = await Folder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

const cell = (text: string, options: { columnSpan?: number; rowSpan?: number } = {}): TableCell =>
  new TableCell({ children: [new Paragraph(text)], ...options })

describe('DOCX', () => {
  it('becomes headings, paragraphs, numbered items, tables with merged cells repeated, and notes once', async () => {
    const document = new Document({
      footnotes: { 1: { children: [new Paragraph('Measured at 40 °C.')] } },
      numbering: {
        config: [{ reference: 'steps', levels: [{ level: 0, format: LevelFormat.DECIMAL, text: '%1.' }] }],
      },
      sections: [
        {
          children: [
            new Paragraph({ text: '保養', heading: HeadingLevel.HEADING_1 }),
            new Paragraph({
              children: [
                new TextRun('Change the '),
                new TextRun({ text: 'filter', bold: true }),
                new FootnoteReferenceRun(1),
              ],
            }),
            new Paragraph({ text: 'Close V12.', numbering: { reference: 'steps', level: 0 } }),
            new Paragraph({ text: 'Open V7.', numbering: { reference: 'steps', level: 0 } }),
            new Table({
              rows: [
                new TableRow({ children: [cell('Part'), cell('Thread'), cell('Torque')] }),
                new TableRow({ children: [cell('Plug', { rowSpan: 2 }), cell('M20'), cell('90 Nm')] }),
                new TableRow({ children: [cell('M24'), cell('140 Nm')] }),
                new TableRow({ children: [cell('Cover'), cell('see drawing', { columnSpan: 2 })] }),
              ],
            }),
            new Paragraph({
              children: [
                new ExternalHyperlink({ link: 'http://127.0.0.1:9/x', children: [new TextRun('the drawing')] }),
              ],
            }),
          ],
        },
      ],
    })
    const parsed = await parse(await folder.write('a.docx', await Packer.toBuffer(document)))
    expect(parsed).toMatchObject({ format: 'docx', paginated: false, title: '保養' })
    const lines = outline(onlyPage(parsed))
    expect(lines.slice(0, 4)).toEqual([
      'h1: 保養',
      'paragraph: Change the filter[1]',
      'list-item: 1. Close V12.',
      'list-item: 2. Open V7.',
    ])
    expect(lines.slice(4, 8)).toEqual([
      'header: Part | Thread | Torque',
      'row: Plug | M20 | 90 Nm',
      'row: Plug | M24 | 140 Nm',
      'row: Cover | see drawing | see drawing',
    ])
    expect(lines[8]).toBe('paragraph: the drawing')
    expect(lines.filter((line) => line.includes('Measured at 40 °C.'))).toHaveLength(1)
  })

  it('that inflates beyond all measure is file_bomb, whatever the container says of its size', async () => {
    const bomb = Buffer.alloc(60 * 2 ** 20, '<w:p/>')
    const zip = makeZip({ '[Content_Types].xml': Buffer.from('<Types/>'), 'word/document.xml': bomb })
    expect(await codeOf(await folder.write('bomb.docx', zip))).toBe('file_bomb')
    const lying = Buffer.from(zip)
    const at = lying.indexOf('word/document.xml', lying.indexOf('PK\x01\x02')) - 22
    lying.writeUInt32LE(10, at)
    expect(await codeOf(await folder.write('lying.docx', lying))).toBe('file_bomb')
  })

  it('with nonsense inside or cut short is file_damaged', async () => {
    const nonsense = makeZip({ 'word/document.xml': Buffer.from('<w:document') })
    expect(await codeOf(await folder.write('nonsense.docx', nonsense))).toBe('file_damaged')
    const cut = makeZip({ 'word/document.xml': Buffer.alloc(5000, 'x') }).subarray(0, 60)
    expect(await codeOf(await folder.write('cut.docx', cut))).toBe('file_damaged')
  })
})

describe('Markdown', () => {
  it('shows what a reader sees, keeps front matter and drops markup and comments', async () => {
    const source = `---
title: "Press manual"
effective: 2026-04-01
---
<!-- not
for readers -->
# Filters **now**

See [the *list*](http://127.0.0.1:9/list) and \`RF-10\`.<br>![gauge](gauge.png)

3. Close V12
4. Open V7
   - slowly

| Part | Hours |
|------|------:|
| RF-10 | 1,000 |

\`\`\`sh
kura serve
\`\`\`
<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>
`
    const parsed = await parse(await folder.write('m.md', source))
    expect(parsed).toMatchObject({ format: 'markdown', title: 'Press manual' })
    expect(outline(onlyPage(parsed))).toEqual([
      'paragraph: title: "Press manual"\neffective: 2026-04-01',
      'h1: Filters now',
      'paragraph: See the list and RF-10. gauge',
      'list-item: 3. Close V12',
      'list-item: 4. Open V7',
      'list-item:   • slowly',
      'header: Part | Hours',
      'row: RF-10 | 1,000',
      'code: kura serve',
      'header: A | B',
      'row: 1 | 2',
    ])
  })
})

describe('HTML', () => {
  it('loses scripts and styles, keeps structure and survives nested tables', async () => {
    const source = `<!doctype html><title>Alarm &amp; codes</title><style>p{color:red}</style>
      <script>alert("no")</script><h2>Codes</h2>Loose <b>text</b> here<p>E-101<br>Emergency stop</p>
      <ol start="4"><li>Release<ul><li>S1</li></ul></li><li>Reset</li></ol>
      <table><thead><tr><th>Code<th>Cause</thead><tr><td rowspan=2>E-2<td>Oil <table><tr><td>hot</td></tr></table><tr><td>Level</table>`
    const parsed = await parse(await folder.write('h.html', source))
    expect(parsed.title).toBe('Alarm & codes')
    expect(outline(onlyPage(parsed))).toEqual([
      'h2: Codes',
      'paragraph: Loose text here',
      'paragraph: E-101 Emergency stop',
      'list-item: 4. Release',
      'list-item:   • S1',
      'list-item: 5. Reset',
      'header: Code | Cause',
      'row: E-2 | Oil hot',
      'row: E-2 | Level',
    ])
  })

  it('is read in the charset that it declares', async () => {
    const head = Buffer.from('<html><head><meta charset="shift_jis"></head><body><p>')
    const body = Buffer.from('lPGP7ZLijn4=', 'base64')
    const path = await folder.write('sjis.html', Buffer.concat([head, body, Buffer.from('</p></body></html>')]))
    expect(onlyPage(await parse(path)).text).toBe('非常停止')
  })

  it('thousands of levels deep is read without a crash', async () => {
    const path = await folder.write('deep.html', `<html><body>${'<div>'.repeat(20_000)}deep inside`)
    expect(onlyPage(await parse(path)).text).toBe('deep inside')
  })
})

describe('text', () => {
  it('is parted at empty lines, joined where it was broken by width, and listed by markers', async () => {
    const source = [
      'The safety valve of the hydraulic press is tested every twelve months by',
      'the maintenance department, and the result is entered in the record of',
      'the machine.',
      '',
      'Name: KP-60',
      'Mass: 920 kg',
      '\f- Close V12',
      '- Open V7',
    ].join('\r\n')
    const parsed = await parse(await folder.write('t.txt', source))
    expect(outline(onlyPage(parsed))).toEqual([
      'paragraph: The safety valve of the hydraulic press is tested every twelve months by the maintenance department, and the result is entered in the record of the machine.',
      'paragraph: Name: KP-60\nMass: 920 kg',
      'list-item: - Close V12',
      'list-item: - Open V7',
    ])
  })

  it('without a word is no_text, without a byte file_empty', async () => {
    expect(await codeOf(await folder.write('blank.txt', ' \n\t\n'))).toBe('no_text')
    expect(await codeOf(await folder.write('empty.txt', ''))).toBe('file_empty')
  })

  it('of one very long line is read', async () => {
    const path = await folder.write('long.txt', 'valve '.repeat(500_000))
    expect(onlyPage(await parse(path)).text).toHaveLength(2_999_999)
  })
})

describe('the content decides on the format', () => {
  it.each([
    ['report.pdf', 'Plain text.\n\nUnder a wrong name.', 'text'],
    ['page.txt', '<!DOCTYPE html><html><body><p>Under a wrong name</p></body></html>', 'html'],
    ['notes.dat', '# Steps\n\n- **Close** V12\n- Open V7\n', 'markdown'],
    ['readme.md', 'Only words.', 'markdown'],
    ['note.docx', 'Subject: x\nFrom: a@factory.example\n\nbody', 'eml'],
    ['about.txt', 'A file that begins with %PDF-1.7 is a PDF.', 'text'],
    ['settings.xml', '<?xml version="1.0"?><a><p>1</p><p>2</p><p>3</p><p>4</p></a>', 'text'],
    ['archive.docx', makeZip({ 'a.txt': Buffer.from('x') }), 'zip'],
  ])('%s', async (name, content, format) => {
    expect((await parse(await folder.write(name, content))).format).toBe(format)
  })

  const types = (type: string): Uint8Array =>
    makeZip({
      '[Content_Types].xml': Buffer.from(`<Types><Override PartName="/a.xml" ContentType="${type}"/></Types>`),
    })
  const office = 'application/vnd.openxmlformats-officedocument'
  it.each([
    ['macros.docm', types('application/vnd.ms-word.document.macroEnabled.main+xml'), 'docx'],
    ['sheet.zip', makeZip({ 'xl/workbook.xml': Buffer.from('x') }), 'xlsx'],
    ['template.xltx', types(`${office}.spreadsheetml.template.main+xml`), 'xlsx'],
    ['show.ppsm', types('application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml'), 'pptx'],
    ['old.docx', makeCompoundFile(['WordDocument', '1Table']), 'doc'],
    ['old.bin', makeCompoundFile(['Workbook']), 'xls'],
    ['older.xls', makeCompoundFile(['Book']), 'xls'],
    ['slides.dat', makeCompoundFile(['PowerPoint Document', 'Current User']), 'ppt'],
    ['mail.dat', makeCompoundFile(['__properties_version1.0']), 'msg'],
    ['photo.pdf', Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de', 'hex'), 'image'],
    ['scan.dat', Buffer.concat([Buffer.from('49492a00cfc90e00', 'hex'), Buffer.alloc(9000, 7)]), 'image'],
    [
      'wide.html',
      Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from('<html><p>Öl</p></html>', 'utf16le')]),
      'html',
    ],
    ['arabic.html', Buffer.from('<meta charset=iso-8859-6><p>\xe5\xd1\xc7\xac\xc9 \xea\xe5\xe6', 'latin1'), 'html'],
    ['moved.pdf', '@PJL ENTER\n%PDF-1.4\n1 0 obj\n<<>>', 'pdf'],
  ])('%s is told by what is in it', async (name, content, format) => {
    expect(await detectFormatOf(await folder.write(`in-${name}`, content), name)).toBe(format)
  })

  const tar = Buffer.alloc(1024)
  tar.write('a.txt')
  tar.write('ustar\x0000', 257, 'latin1')
  const openDocument = (kind: string): Uint8Array =>
    makeZip({ mimetype: Buffer.from(`application/vnd.oasis.opendocument.${kind}`), 'content.xml': Buffer.from('<x/>') })
  it.each([
    [
      'tool.txt',
      Buffer.concat([Buffer.from('MZ'), Buffer.from([0x90, 0, 3, 0, 0, 0, 4, 0, 0xff, 0xff, 0, 0]), Buffer.alloc(200)]),
      /program \(EXE\)/,
    ],
    ['text.docx', openDocument('text'), /OpenDocument text.*save it as DOCX/],
    ['sheet.xlsx', openDocument('spreadsheet'), /OpenDocument spreadsheet.*save it as XLSX/],
    ['slides.pptx', openDocument('presentation'), /OpenDocument presentation.*save it as PPTX/],
    ['book.xlsx', makeZip({ 'xl/workbook.bin': Buffer.from('x') }), /XLSB.*save it as XLSX/],
    ['rich.txt', Buffer.from('{\\rtf1\\ansi x}'), /RTF.*DOCX/],
    ['a.zip', Buffer.from('377abcaf271c000400000000', 'hex'), /7-Zip.*ZIP/],
    ['b.zip', Buffer.from('526172211a0701003392b5e5', 'hex'), /RAR.*ZIP/],
    ['c.zip', Buffer.from('1f8b0800000000000003cb48cdc9c907008e', 'hex'), /GZIP.*ZIP/],
    ['d.zip', tar, /TAR.*ZIP/],
    ['e.zip', Buffer.from('504b0708504b03040a00000000', 'hex'), /split archive.*ZIP/],
    ['film.pdf', Buffer.from('000000186674797069736f6d0000020069736f6d69736f32', 'hex'), /film \(MP4\)/],
    ['photo.jpg', Buffer.from('00000018667479706865696300000000686569636d696631', 'hex'), /HEIC.*JPEG/],
    ['winmail.dat', Buffer.from('789f3e2200000100', 'hex'), /winmail\.dat/],
    ['drawing.doc', makeCompoundFile(['VisioDocument']), /Visio/],
    ['other.doc', makeCompoundFile(['Contents']), /Office container/],
  ])('%s is refused with the kind that was found and what to do', async (name, content, kind) => {
    const path = await folder.write(`refused-${name}`, content)
    await expect(detectFormatOf(path, name)).rejects.toMatchObject({
      code: 'format_unsupported',
      message: expect.stringMatching(kind),
    })
  })

  it('a text is known by the encoding that its uploader names', async () => {
    const path = await folder.write(
      'russian.txt',
      Buffer.from('8da0e1aee120e0a0a1aee2a0a5e220afe0a820a4a0a2aba5ada8a8203520a1a0e02e', 'hex'),
    )
    await expect(detectFormatOf(path, 'russian.txt')).rejects.toMatchObject({ code: 'format_unsupported' })
    expect(await detectFormatOf(path, 'russian.txt', 'ibm866')).toBe('text')
  })

  it('encrypted and damaged Office files have codes of their own', async () => {
    const locked = makeCompoundFile(['EncryptionInfo', 'EncryptedPackage'])
    expect(await codeOf(await folder.write('locked.docx', locked))).toBe('office_encrypted')
    const shouted = makeCompoundFile(['ENCRYPTIONINFO', 'ENCRYPTEDPACKAGE'])
    expect(await codeOf(await folder.write('shouted.docx', shouted))).toBe('office_encrypted')
    const cut = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(100)])
    expect(await codeOf(await folder.write('cut.doc', cut))).toBe('file_damaged')
  })
})
