/** Text of a PDF that is easily missed or read twice: remarks, layers, forms that are laid out when opened, glyphs without characters, text over text. */
import { readFile } from 'node:fs/promises'
import { PDFDocument, PDFHexString, PDFName, type PDFPage, StandardFonts } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, Folder, onlyPage, outline, parse } from './parse-fixtures.ts'

let folder: Folder
beforeAll(async () => {
  folder = await Folder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

type Draw = (page: PDFPage, document: PDFDocument) => void
type Literal = NonNullable<Parameters<PDFDocument['context']['stream']>[1]>

const makePdf = async (name: string, draw: Draw): Promise<string> => {
  const document = await PDFDocument.create()
  const page = document.addPage([600, 800])
  page.setFont(await document.embedFont(StandardFonts.Helvetica))
  page.setFontSize(12)
  draw(page, document)
  return folder.write(name, await document.save())
}

/** The content of a page, operator by operator. */
const write = (page: PDFPage, { context }: PDFDocument, operators: string, resources: Literal): void => {
  const font = { Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica' }
  page.node.set(PDFName.of('Resources'), context.obj({ Font: { F: font }, ...resources }))
  page.node.set(PDFName.of('Contents'), context.register(context.stream(operators)))
}

interface Note {
  readonly kind: string
  readonly text: string
  readonly flags?: number
}

const annotate = (page: PDFPage, { context }: PDFDocument, notes: readonly Note[]): void => {
  const annotations = notes.map(({ kind, text, flags = 4 }, index) => {
    const rect = [50, 600 - index * 40, 70, 620 - index * 40]
    const note = context.obj({ Type: 'Annot', Subtype: kind, Rect: rect, F: flags })
    note.set(PDFName.of('Contents'), PDFHexString.fromText(text))
    return context.register(note)
  })
  page.node.set(PDFName.of('Annots'), context.obj(annotations))
}

describe('remarks of readers', () => {
  const hidden = 2

  it('follow the text of the page, each with its place', async () => {
    const path = await makePdf('notes.pdf', (page, document) => {
      page.drawText('Tighten the bolts of the guard.', { x: 50, y: 700 })
      annotate(page, document, [
        { kind: 'Text', text: '扭矩改為 45 Nm' },
        { kind: 'Highlight', text: 'Tighten the bolts' },
        { kind: 'FreeText', text: 'Valid for press 7 only' },
        { kind: 'Text', text: 'Withdrawn', flags: hidden },
        { kind: 'Link', text: 'Go to chapter 4' },
      ])
    })
    const page = onlyPage(await parse(path))
    expect(outline(page)).toEqual([
      'paragraph: Tighten the bolts of the guard.',
      'paragraph: Comment: 扭矩改為 45 Nm',
      'paragraph: Valid for press 7 only',
    ])
    const box = page.lines.find(({ start, end }) => page.text.slice(start, end).includes('45 Nm'))
    expect(box?.x).toBeCloseTo(50 / 600, 3)
    expect(box?.y).toBeCloseTo(180 / 800, 3)
  })

  it('make no blank page of one that has nothing else', async () => {
    const path = await makePdf('only-note.pdf', (page, document) =>
      annotate(page, document, [{ kind: 'FreeText', text: 'Valid for press 7 only' }]),
    )
    expect(onlyPage(await parse(path))).toMatchObject({ outcome: { method: 'text' }, text: 'Valid for press 7 only' })
  })

  it('are no text of a scan, which still waits for OCR', async () => {
    const path = await makePdf('noted-drawing.pdf', (page, document) => {
      for (let i = 0; i < 12; i += 1) page.drawCircle({ x: 100 + i * 30, y: 400, size: 20 })
      annotate(page, document, [{ kind: 'Text', text: 'Is this the old drawing? '.repeat(40) }])
    })
    expect(onlyPage(await parse(path)).outcome).toEqual({ method: 'unread', reason: 'no_text' })
  })
})

it('leaves out what stands on layers that are not shown', async () => {
  const path = await makePdf('layers.pdf', (page, document) => {
    const { context, catalog } = document
    const layer = (name: string) => context.register(context.obj({ Type: 'OCG', Name: PDFHexString.fromText(name) }))
    const [english, german] = [layer('English'), layer('German')]
    catalog.set(PDFName.of('OCProperties'), context.obj({ OCGs: [english, german], D: { OFF: [german] } }))
    const show = (name: string, text: string, y: number) =>
      `/OC /${name} BDC BT /F 12 Tf 50 ${y} Td (${text}) Tj ET EMC `
    const operators = `${show('En', 'Open the guard.', 700)}${show('De', 'Schutz oeffnen.', 700)}${show('En', 'Press S1.', 660)}`
    write(page, document, operators, { Properties: { En: english, De: german } })
  })
  expect(onlyPage(await parse(path)).text).toBe('Open the guard.\n\nPress S1.')
})

describe('glyphs', () => {
  const sameWidths = Array.from({ length: 256 }, () => 500)

  it('are read by their names where the font gives no characters: old-style figures, small capitals, ligatures', async () => {
    const path = await makePdf('names.pdf', (page, document) => {
      const names = ['zero.os', 'one.oldstyle', 'two.lf', 'f_f_i', 'uni00B5.alt', 'adieresis.sc']
      const font = {
        Type: 'Font',
        Subtype: 'Type1',
        BaseFont: 'Helvetica',
        FirstChar: 0,
        LastChar: 255,
        Widths: sameWidths,
        Encoding: { Type: 'Encoding', Differences: [128, ...names] },
      }
      const operators = 'BT /F 12 Tf 50 700 Td (Torque \\202\\201\\200 \\204m, o\\203ce, G\\205nge) Tj ET'
      write(page, document, operators, { Font: { F: font } })
    })
    expect(onlyPage(await parse(path)).text).toBe('Torque 210 \u03bcm, office, Gänge')
  })

  it('of symbol fonts are the signs that they show', async () => {
    const path = await makePdf('symbols.pdf', (page, document) => {
      const cmap =
        '/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange ' +
        '3 beginbfchar <6D> <F06D> <B1> <F0B1> <57> <F057> endbfchar endcmap end end'
      const symbols = {
        Type: 'Font',
        Subtype: 'TrueType',
        BaseFont: 'ABCDEF+SymbolMT',
        FirstChar: 0,
        LastChar: 255,
        Widths: sameWidths,
        ToUnicode: document.context.register(document.context.stream(cmap)),
      }
      const text = { Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica' }
      const operators =
        'BT /F 12 Tf 50 700 Td (Gap 20 ) Tj /S 12 Tf (m) Tj /F 12 Tf (m ) Tj /S 12 Tf (\\261) Tj /F 12 Tf ( 5, 40 ) Tj /S 12 Tf (W) Tj ET'
      write(page, document, operators, { Font: { F: text, S: symbols } })
    })
    expect(onlyPage(await parse(path)).text).toBe('Gap 20 μm ± 5, 40 Ω')
  })

  it('that are signs without a letter among them are letters that the file gives wrongly', async () => {
    const path = await makePdf('signs.pdf', (page) => page.drawText('"<~ >%"<^ ~<>"%', { x: 50, y: 700 }))
    expect(onlyPage(await parse(path)).outcome).toEqual({ method: 'unread', reason: 'garbled_text' })
    expect(
      await codeOf(await makePdf('dots.pdf', (page) => page.drawText('.......... ____ ----', { x: 50, y: 700 }))),
    ).toBe('no_text')
  })
})

it('reads what is written over other text by itself, and its shadow not at all', async () => {
  const path = await makePdf('over.pdf', (page) => {
    page.drawText('Name of operator', { x: 50, y: 700 })
    page.drawText('Chen Wei', { x: 70, y: 701 })
    page.drawText('DANGER', { x: 50, y: 600, size: 30 })
    page.drawText('DANGER', { x: 55, y: 598, size: 30 })
  })
  const { text } = onlyPage(await parse(path))
  expect(text).toContain('Name of operator')
  expect(text).toContain('Chen Wei')
  expect(text.match(/DANGER/g)).toHaveLength(1)
})

describe('a form that is laid out when it is opened', () => {
  const draw = '<draw w="150mm" h="10mm"><value><text>Lockout permit</text></value></draw>'
  const field =
    '<field name="serial" w="150mm" h="10mm"><ui><textEdit/></ui><value><text>KP-60-00417</text></value>' +
    '<caption reserve="40mm"><value><text>Serial number</text></value></caption></field>'
  const area = '<contentArea x="10mm" y="10mm" w="190mm" h="270mm"/><medium stock="a4" short="210mm" long="297mm"/>'
  const template = (content: string): string =>
    '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/3.3/">' +
    `<subform name="permit" layout="tb" locale="en_US"><pageSet><pageArea>${area}</pageArea></pageSet>` +
    `<subform layout="tb" w="180mm">${content}</subform></subform></template></xdp:xdp>`
  const makeForm = (name: string, xfa: string): Promise<string> =>
    makePdf(name, (page, { context, catalog }) => {
      page.drawText('Please open this form with another program.', { x: 50, y: 700 })
      catalog.set(PDFName.of('AcroForm'), context.obj({ Fields: [], XFA: context.register(context.stream(xfa)) }))
      catalog.set(PDFName.of('NeedsRendering'), context.obj(true))
    })

  it('is read with what was filled in', async () => {
    const page = onlyPage(await parse(await makeForm('form.pdf', template(draw + field))))
    expect(page.outcome).toEqual({ method: 'text' })
    expect(outline(page)).toEqual(['paragraph: Lockout permit', 'paragraph: Serial number KP-60-00417'])
  })

  it('is read as the page that stands in its place where it can not be laid out', async () => {
    for (const xfa of [template(''), '<xdp:xdp><template><subform></template>']) {
      const page = onlyPage(await parse(await makeForm('broken-form.pdf', xfa)))
      expect(page.text).toBe('Please open this form with another program.')
    }
  })
})

it('gives files that are pinned to a page, and one that is attached as well once', async () => {
  const path = await makePdf('pinned.pdf', (page, { context, catalog }) => {
    page.drawText('See the settings that are pinned here.', { x: 50, y: 700 })
    const pin = (name: string, content: string) => {
      const file = context.register(context.stream(content, { Type: 'EmbeddedFile' }))
      const spec = context.obj({ Type: 'Filespec', EF: { F: file } })
      spec.set(PDFName.of('F'), PDFHexString.fromText(name))
      return context.register(spec)
    }
    const [limits, alarms] = [pin('limits.csv', 'code;limit'), pin('alarms.csv', 'code;alarm')]
    const annotations = [limits, alarms].map((FS) =>
      context.register(context.obj({ Type: 'Annot', Subtype: 'FileAttachment', Rect: [50, 600, 70, 620], F: 4, FS })),
    )
    page.node.set(PDFName.of('Annots'), context.obj(annotations))
    catalog.set(PDFName.of('Names'), context.obj({ EmbeddedFiles: { Names: [PDFHexString.fromText('a'), alarms] } }))
  })
  const found: [string, string][] = []
  await parse(path, {
    onAttachment: async ({ entry, file }) => {
      found.push([entry, await readFile(file, 'utf8')])
    },
  })
  expect(found.sort()).toEqual([
    ['alarms.csv', 'code;alarm'],
    ['limits.csv', 'code;limit'],
  ])
})
