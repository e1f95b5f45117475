/**
 * Text of shapes (DrawingML, ECMA-376 part 1, 21.1.2): paragraphs with their level and whether they carry a bullet or number. In: a text body. Out: paragraphs in
 * order. Pure; used by the parsers of PPTX and XLSX.
 */
import { readMath } from './office-math.ts'
import { raise, readSymbols } from './office-symbols.ts'
import { childOf, childrenOf, elementsOf, innerText, isOn, type XmlElement } from './office-xml.ts'
import { collapseBlanks } from './page-builder.ts'

export interface DrawingParagraph {
  readonly text: string
  /** 0 is the outermost. */
  readonly level: number
  /** What its own properties say: a bullet, a kind of number, none, or nothing at all (then the placeholder decides). */
  readonly bullet: { readonly number: string; readonly start: number } | 'bullet' | 'none' | undefined
  readonly isBold: boolean
}

const bulletOf = (properties: XmlElement | undefined): DrawingParagraph['bullet'] => {
  for (const { name, attributes } of elementsOf(properties)) {
    if (name === 'a:buNone') return 'none'
    if (name === 'a:buChar' || name === 'a:buBlip') return 'bullet'
    if (name === 'a:buAutoNum')
      return { number: attributes.type ?? 'arabicPeriod', start: Number(attributes.startAt ?? 1) }
  }
  return undefined
}

const runText = (run: XmlElement): string => {
  const properties = childOf(run, 'a:rPr')
  const font = childOf(properties, 'a:latin')?.attributes.typeface
  const signFont = childOf(properties, 'a:sym')?.attributes.typeface ?? font
  const text = readSymbols(innerText(childOf(run, 'a:t')), font, signFont)
  return Number.parseFloat(properties?.attributes.baseline ?? '0') > 0 ? raise(text) : text
}

const inlineText = (parent: XmlElement): string =>
  elementsOf(parent)
    .map((child) => {
      switch (child.name) {
        case 'a:r':
          return runText(child)
        case 'a:fld':
          // Numbers of slides and the date of today are no content.
          return /^(?:slidenum|datetime)/.test(child.attributes.type ?? '') ? '' : runText(child)
        case 'a:br':
          return ' '
        case 'm:oMath':
        case 'm:oMathPara':
          return readMath(child)
        case 'mc:AlternateContent':
          return inlineText(childOf(child, 'mc:Choice') ?? childOf(child, 'mc:Fallback') ?? child)
        case 'a14:m':
        case 'mc:Choice':
          return inlineText(child)
        default:
          return ''
      }
    })
    .join('')

const isBold = (paragraph: XmlElement): boolean => {
  const runs = childrenOf(paragraph, 'a:r').filter((run) => innerText(childOf(run, 'a:t')).trim() !== '')
  const bold = (run: XmlElement): boolean => {
    const value = childOf(run, 'a:rPr')?.attributes.b
    return value !== undefined && isOn({ name: '', attributes: { val: value }, children: [] })
  }
  return runs.length > 0 && runs.every(bold)
}

/** @param body `p:txBody`, `a:txBody`, `xdr:txBody` */
export const readDrawingText = (body: XmlElement | undefined): DrawingParagraph[] =>
  childrenOf(body, 'a:p').flatMap((paragraph) => {
    const properties = childOf(paragraph, 'a:pPr')
    const text = collapseBlanks(inlineText(paragraph))
    if (text === '') return []
    const level = Math.min(8, Math.max(0, Number(properties?.attributes.lvl ?? 0) || 0))
    return [{ text, level, bullet: bulletOf(properties), isBold: isBold(paragraph) }]
  })
