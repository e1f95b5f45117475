/** A sample SOP as a Word document with real headings, numbered lists and tables with repeated header rows. */
import {
  AlignmentType,
  Document,
  type FileChild,
  HeadingLevel,
  LevelFormat,
  Packer,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import { metaRows } from './render-html.ts'
import { inLanguage, type Sop, type SopBlock, type SopLanguage, severityLabel, type Text } from './sop-block.ts'

const twipsPerPercent = 96
const headShading = { type: ShadingType.CLEAR, fill: 'E8ECF0', color: 'auto' } as const
const boxFill = { danger: 'FDEEEE', warning: 'FFF6E5', note: 'EEF4FC' } as const

const cell = (text: string, width: number, head: boolean): TableCell =>
  new TableCell({
    width: { size: width * twipsPerPercent, type: WidthType.DXA },
    children: [new Paragraph({ children: [new TextRun({ text, bold: head, size: 18 })] })],
    ...(head && { shading: headShading }),
  })

const tableOf = (widths: readonly number[], rows: readonly (readonly string[])[], head: boolean): Table =>
  new Table({
    width: { size: 100 * twipsPerPercent, type: WidthType.DXA },
    columnWidths: widths.map((width) => width * twipsPerPercent),
    rows: rows.map(
      (row, index) =>
        new TableRow({
          cantSplit: true,
          // Left out, not false: some readers take the mere presence for a header row.
          ...(head && index === 0 && { tableHeader: true }),
          children: row.map((text, column) => cell(text, widths[column] ?? 0, head && index === 0)),
        }),
    ),
  })

const renderBlock = (block: SopBlock, index: number, say: (text: Text) => string): FileChild[] => {
  switch (block.kind) {
    case 'heading': {
      const heading = block.level === 1 ? HeadingLevel.HEADING_1 : HeadingLevel.HEADING_2
      return [new Paragraph({ heading, children: [new TextRun(say(block.text))] })]
    }
    case 'paragraph':
      return [new Paragraph({ children: [new TextRun(say(block.text))] })]
    case 'steps':
      return block.items.map(
        (item) =>
          new Paragraph({
            // One instance for each list: the numbers begin again at 1.
            numbering: { reference: 'steps', level: 0, instance: index },
            children: [new TextRun(say(item))],
          }),
      )
    case 'bullets':
      return block.items.map((item) => new Paragraph({ bullet: { level: 0 }, children: [new TextRun(say(item))] }))
    case 'warning':
      return [
        new Paragraph({
          shading: { type: ShadingType.CLEAR, fill: boxFill[block.severity], color: 'auto' },
          children: [
            new TextRun({ text: `${say(severityLabel[block.severity])} `, bold: true }),
            new TextRun(say(block.text)),
          ],
        }),
      ]
    case 'table':
      return [
        new Paragraph({ keepNext: true, children: [new TextRun({ text: say(block.caption), bold: true })] }),
        tableOf(
          block.widths,
          [block.columns, ...block.rows].map((row) => row.map(say)),
          true,
        ),
        new Paragraph({}),
      ]
  }
}

export const renderDocx = (sop: Sop, language: SopLanguage): Promise<Buffer> => {
  const say = (text: Text): string => inLanguage(text, language)
  const font = { ascii: 'Calibri', hAnsi: 'Calibri', eastAsia: 'Microsoft JhengHei' }
  const document = new Document({
    title: `${sop.number} ${say(sop.title)}`,
    creator: 'Plant Engineering',
    styles: { default: { document: { run: { font, size: 21 }, paragraph: { spacing: { after: 120 } } } } },
    numbering: {
      config: [
        {
          reference: 'steps',
          levels: [
            {
              level: 0,
              format: LevelFormat.DECIMAL,
              text: '%1.',
              alignment: AlignmentType.START,
              style: { paragraph: { indent: { left: 500, hanging: 360 } } },
            },
          ],
        },
      ],
    },
    sections: [
      {
        children: [
          new Paragraph({ heading: HeadingLevel.HEADING_1, children: [new TextRun(say(sop.title))] }),
          new Paragraph({ children: [new TextRun({ text: say(sop.subtitle), italics: true })] }),
          tableOf([30, 70], metaRows(sop, language), false),
          new Paragraph({}),
          ...sop.blocks.flatMap((block, index) => renderBlock(block, index, say)),
        ],
      },
    ],
  })
  return Packer.toBuffer(document)
}
