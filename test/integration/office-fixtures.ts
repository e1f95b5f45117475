/** Office files made by hand for the parser tests, and what text a container holds, read from its XML by other means than the parsers'. */
import JSZip from 'jszip'
import PptxGenJS from 'pptxgenjs'
import type { ParsedDocument } from '../../src/core/document.ts'
import { makeZip } from './parse-fixtures.ts'

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const markup = 'http://schemas.openxmlformats.org/markup-compatibility/2006'
const word = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="${office}" xmlns:mc="${markup}"
  xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"
  xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"`
const sheet = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"`
const slide = `xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
  xmlns:r="${office}" xmlns:mc="${markup}"`

/** Id, type (its last part) and target of what a part points to. */
type Links = readonly (readonly [id: string, type: string, target: string])[]

const relationships = (links: Links): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${links
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`

const container = (parts: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
  makeZip(Object.fromEntries(Object.entries(parts).map(([name, content]) => [name, Buffer.from(content)])))

type Parts = Readonly<Record<string, string | Uint8Array>>

/** @param parts beside `word/document.xml`, without the outermost element's namespaces: `<w:hdr>…` */
export const makeDocx = (body: string, links: Links = [], parts: Parts = {}): Uint8Array => {
  const named = (xml: string | Uint8Array): string | Uint8Array =>
    typeof xml === 'string' ? xml.replace(/^<(w:\w+)/, `<$1 ${word}`) : xml
  return container({
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relationships([['r1', 'officeDocument', 'word/document.xml']]),
    'word/_rels/document.xml.rels': relationships(links),
    'word/document.xml': `<w:document ${word}><w:body>${body}</w:body></w:document>`,
    ...Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, named(xml)])),
  })
}

export const paragraph = (text: string, properties = ''): string =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`

export interface SheetParts {
  readonly name: string
  readonly state?: string
  /** What stands in `worksheet`. */
  readonly xml: string
  readonly links?: Links
}

/** @param more other parts of the workbook by name */
export const makeXlsx = (sheets: readonly SheetParts[], more: Parts = {}, workbook = ''): Uint8Array =>
  container({
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relationships([['r1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/_rels/workbook.xml.rels': relationships(
      sheets.map((_, index) => [`r${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`] as const),
    ),
    'xl/workbook.xml': `<workbook ${sheet}>${workbook}<sheets>${sheets
      .map(
        ({ name, state }, index) =>
          `<sheet name="${name}" sheetId="${index + 1}" r:id="r${index + 1}"${state ? ` state="${state}"` : ''}/>`,
      )
      .join('')}</sheets></workbook>`,
    ...Object.fromEntries(
      sheets.flatMap(({ xml, links = [] }, index) => [
        [`xl/worksheets/sheet${index + 1}.xml`, `<worksheet ${sheet}>${xml}</worksheet>`],
        [`xl/worksheets/_rels/sheet${index + 1}.xml.rels`, relationships(links)],
      ]),
    ),
    ...more,
  })

const reference = (row: number, column: number): string => `${String.fromCharCode(65 + column)}${row}`

/** Rows of texts and numbers as `sheetData`; '' leaves a cell out, and an empty row leaves the row out. */
export const rowsXml = (rows: readonly (readonly (string | number)[])[], first = 1): string =>
  `<sheetData>${rows
    .map((row, index) => {
      const cells = row.map((value, column) => {
        const at = reference(first + index, column)
        if (value === '') return ''
        return typeof value === 'number'
          ? `<c r="${at}"><v>${value}</v></c>`
          : `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`
      })
      return row.length === 0 ? '' : `<row r="${first + index}">${cells.join('')}</row>`
    })
    .join('')}</sheetData>`

export interface SlideParts {
  /** What stands in `p:spTree`. */
  readonly xml: string
  readonly hidden?: boolean
  readonly links?: Links
}

/** Slides in the order in which they are shown; their files are numbered the other way round. */
export const makePptx = (slides: readonly SlideParts[], more: Parts = {}): Uint8Array => {
  const file = (index: number): string => `slides/slide${slides.length - index}.xml`
  return container({
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relationships([['r1', 'officeDocument', 'ppt/presentation.xml']]),
    'ppt/_rels/presentation.xml.rels': relationships(
      slides.map((_, index) => [`r${index}`, 'slide', file(index)] as const),
    ),
    'ppt/presentation.xml': `<p:presentation ${slide}><p:sldIdLst>${slides
      .map((_, index) => `<p:sldId id="${256 + index}" r:id="r${index}"/>`)
      .join('')}</p:sldIdLst><p:sldSz cx="1000" cy="1000"/></p:presentation>`,
    ...Object.fromEntries(
      slides.flatMap(({ xml, hidden, links = [] }, index) => [
        [
          `ppt/${file(index)}`,
          `<p:sld ${slide}${hidden ? ' show="0"' : ''}><p:cSld><p:spTree>${xml}</p:spTree></p:cSld></p:sld>`,
        ],
        [`ppt/slides/_rels/${file(index).slice(7)}.rels`, relationships(links)],
      ]),
    ),
    ...more,
  })
}

export interface ShapeOptions {
  readonly at?: readonly [x: number, y: number, width: number, height: number]
  readonly placeholder?: string
}

const frame = ([x, y, width, height]: readonly [number, number, number, number]): string =>
  `<a:xfrm><a:off x="${x}" y="${y}"/><a:ext cx="${width}" cy="${height}"/></a:xfrm>`

/** A shape with paragraphs; each is a text or `[text, inside of a:pPr]`. */
export const shape = (
  paragraphs: readonly (string | readonly [string, string])[],
  { at, placeholder }: ShapeOptions = {},
): string => {
  const body = paragraphs.map((one) => {
    const [text, properties] = typeof one === 'string' ? [one, ''] : one
    return `<a:p>${properties}<a:r><a:t>${text}</a:t></a:r></a:p>`
  })
  return `<p:sp><p:nvSpPr><p:cNvPr id="1" name=""/><p:nvPr>${placeholder ? `<p:ph type="${placeholder}"/>` : ''}</p:nvPr></p:nvSpPr>
    <p:spPr>${at ? frame(at) : ''}</p:spPr><p:txBody>${body.join('')}</p:txBody></p:sp>`
}

export const group = (
  place: readonly [number, number, number, number],
  inner: readonly [number, number, number, number],
  xml: string,
): string =>
  `<p:grpSp><p:grpSpPr>${frame(place).replace(
    '</a:xfrm>',
    `<a:chOff x="${inner[0]}" y="${inner[1]}"/><a:chExt cx="${inner[2]}" cy="${inner[3]}"/></a:xfrm>`,
  )}</p:grpSpPr>${xml}</p:grpSp>`

/** The types of the package describe its CommonJS build; what is loaded is the class itself. */
export const createShow = (): InstanceType<typeof PptxGenJS.default> =>
  new (PptxGenJS as unknown as typeof PptxGenJS.default)()

const decode = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&amp;/g, '&')

/** Blanks, signs of symbol fonts and control characters are written in more than one way. */
const bare = (text: string): string =>
  decode(text)
    .normalize('NFKC')
    .replace(/_x[0-9a-f]{4}_/gi, '')
    .replace(/[\s\u00ad\ufeff\uf000-\uf0ff\0-\x1f\x7f-\x9f]/g, '')

const without = (xml: string, ...names: readonly string[]): string =>
  names.reduce((rest, name) => rest.replace(new RegExp(`<${name}\\b[^>]*(?<!/)>[\\s\\S]*?</${name}>`, 'g'), ''), xml)

const textsIn = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text)

const kinds: readonly (readonly [part: RegExp, read: (xml: string) => string[]])[] = [
  [
    /^word\/(?:document|header\d*|footer\d*|footnotes|endnotes)\d*\.xml$/i,
    (xml) => {
      const shown = without(xml, 'w:del', 'w:moveFrom', 'mc:Fallback', 'w:pPrChange', 'w:rPrChange', 'w:sdtPr')
      return ['w:t', 'm:t', 'a:t'].flatMap((name) => textsIn(shown, name))
    },
  ],
  [/^ppt\/(?:slides|notesSlides)\/[^/]+\.xml$/i, (xml) => textsIn(without(xml, 'a:fld', 'mc:Fallback'), 'a:t')],
  [/^(?:ppt|word)\/(?:diagrams\/data|charts\/chart)\d*\.xml$/i, (xml) => textsIn(xml, 'a:t')],
  [/^xl\/drawings\/drawing\d*\.xml$/i, (xml) => textsIn(without(xml, 'mc:Fallback'), 'a:t')],
  [/^xl\/comments\d*\.xml$/i, (xml) => textsIn(xml, 't')],
  [
    /^xl\/worksheets\/[^/]+\.xml$/i,
    (xml) => [...xml.matchAll(/<is>([\s\S]*?)<\/is>/g)].flatMap(([, item = '']) => textsIn(item, 't')),
  ],
]

/** The strings of a workbook that cells show. */
const sharedTexts = async (zip: JSZip): Promise<string[]> => {
  const table = (await zip.file(/^xl\/sharedStrings\.xml$/i)[0]?.async('string')) ?? ''
  const strings = [...table.matchAll(/<si\b[^>]*>([\s\S]*?)<\/si>|<si\/>/g)].map(([, item = '']) =>
    textsIn(without(item, 'rPh'), 't').join(''),
  )
  const used = new Set<number>()
  for (const file of zip.file(/^xl\/worksheets\/[^/]+\.xml$/i)) {
    for (const [, value] of (await file.async('string')).matchAll(/<c [^>]*t="s"[^>]*>[^/]*<v>(\d+)<\/v>/g))
      used.add(Number(value))
  }
  return [...used].map((index) => strings[index] ?? '')
}

/** Every run of text that the container shows and that the document does not hold. */
export const lostRuns = async (bytes: Uint8Array, document: Pick<ParsedDocument, 'pages'>): Promise<string[]> => {
  const zip = await JSZip.loadAsync(bytes)
  const whole = bare(document.pages.map(({ text }) => text).join('\n'))
  const runs = await sharedTexts(zip)
  for (const file of Object.values(zip.files)) {
    const read = kinds.find(([part]) => part.test(file.name))?.[1]
    if (read) runs.push(...read(await file.async('string')))
  }
  return runs.filter((run) => !whole.includes(bare(run)))
}
