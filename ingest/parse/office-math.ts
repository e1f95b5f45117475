/**
 * Equations of Office files as linear text: `(a+b)/2`, `x^2`, `√(2gh)`. In: an `m:oMath` or `m:oMathPara` element (ECMA-376 part 1, 22.1). Out: one line.
 * Every letter of the equation is in it. Pure; used by the parsers of DOCX and PPTX.
 */
import { childOf, childrenOf, elementsOf, innerText, type XmlElement } from './office-xml.ts'

const partOf = (element: XmlElement, name: string): string => {
  const part = childOf(element, name)
  return part ? readMath(part) : ''
}

/** In brackets, where something more than one number or word would be torn apart without them. */
const grouped = (text: string): string =>
  /^[\p{L}\p{N}.]*$/u.test(text) || /^\([^()]*\)$/.test(text) ? text : `(${text})`

const property = (element: XmlElement, of: string, name: string, otherwise: string): string =>
  childOf(element, of, name)?.attributes['m:val'] ?? otherwise

const script = (sign: '_' | '^', text: string): string => (text === '' ? '' : `${sign}${grouped(text)}`)

const delimited = (element: XmlElement): string => {
  const inside = childrenOf(element, 'm:e').map(readMath)
  const sign = (name: string, otherwise: string): string => property(element, 'm:dPr', name, otherwise)
  return `${sign('m:begChr', '(')}${inside.join(sign('m:sepChr', '|'))}${sign('m:endChr', ')')}`
}

const matrix = (element: XmlElement): string =>
  `[${childrenOf(element, 'm:mr')
    .map((row) => childrenOf(row, 'm:e').map(readMath).join(', '))
    .join('; ')}]`

const writers: Readonly<Record<string, (element: XmlElement) => string>> = {
  'm:f': (element) => `${grouped(partOf(element, 'm:num'))}/${grouped(partOf(element, 'm:den'))}`,
  'm:sSup': (element) => `${partOf(element, 'm:e')}${script('^', partOf(element, 'm:sup'))}`,
  'm:sSub': (element) => `${partOf(element, 'm:e')}${script('_', partOf(element, 'm:sub'))}`,
  'm:sSubSup': (element) =>
    `${partOf(element, 'm:e')}${script('_', partOf(element, 'm:sub'))}${script('^', partOf(element, 'm:sup'))}`,
  'm:sPre': (element) =>
    `${script('_', partOf(element, 'm:sub'))}${script('^', partOf(element, 'm:sup'))}${partOf(element, 'm:e')}`,
  'm:rad': (element) => {
    const degree = partOf(element, 'm:deg')
    return `${degree === '' ? '' : `${grouped(degree)}`}√${grouped(partOf(element, 'm:e'))}`
  },
  'm:nary': (element) =>
    `${property(element, 'm:naryPr', 'm:chr', '∫')}${script('_', partOf(element, 'm:sub'))}${script('^', partOf(element, 'm:sup'))} ${partOf(element, 'm:e')}`,
  'm:limLow': (element) => `${partOf(element, 'm:e')}${script('_', partOf(element, 'm:lim'))}`,
  'm:limUpp': (element) => `${partOf(element, 'm:e')}${script('^', partOf(element, 'm:lim'))}`,
  'm:func': (element) => `${partOf(element, 'm:fName')} ${partOf(element, 'm:e')}`,
  'm:d': delimited,
  'm:m': matrix,
  'm:eqArr': (element) => childrenOf(element, 'm:e').map(readMath).join('; '),
  'm:r': (element) => [...childrenOf(element, 'm:t'), ...childrenOf(element, 'w:t')].map(innerText).join(''),
  'w:r': (element) => childrenOf(element, 'w:t').map(innerText).join(''),
  'w:del': () => '',
}

/** @returns the text of an element of mathematics and of all that stands in it */
export const readMath = (element: XmlElement): string => {
  const separator = element.name === 'm:oMathPara' ? ' ' : ''
  return elementsOf(element)
    .map((child) => (writers[child.name] ?? readMath)(child))
    .filter((text) => text !== '')
    .join(separator)
}
