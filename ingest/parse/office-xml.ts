/**
 * XML of Office files, as events for parts that are too long for a tree, or as a tree. In: text. Out: elements under the prefixes that ECMA-376 uses
 * (`w:p`, `a:t`; none for sheets and packages), whatever prefixes and namespaces (transitional or strict) the file has.
 * Entities of a document type are not expanded and nothing is fetched. Neighbour: `office-package.ts`.
 */
import { SaxesParser } from 'saxes'
import { KuraError } from '../../src/core/errors.ts'

export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlNode[]
}
type XmlNode = XmlElement | string

export interface XmlEvents {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  text(text: string): void
  close(name: string): void
}

/** Word itself writes some 12 levels for each table inside a table. */
const maxDepth = 600

const transitional = 'http://schemas.openxmlformats.org/'
const strict = 'http://purl.oclc.org/ooxml/'
const microsoft = 'http://schemas.microsoft.com/office/'

/** Prefixes by what follows the root of the namespace, the year that only transitional ones have taken out. */
const openPrefixes: Readonly<Record<string, string>> = {
  'wordprocessingml/main': 'w',
  'spreadsheetml/main': '',
  'presentationml/main': 'p',
  'drawingml/main': 'a',
  'drawingml/chart': 'c',
  'drawingml/diagram': 'dgm',
  'drawingml/spreadsheetDrawing': 'xdr',
  'drawingml/wordprocessingDrawing': 'wp',
  'officeDocument/relationships': 'r',
  'officeDocument/math': 'm',
  'markup-compatibility': 'mc',
}
const otherPrefixes: Readonly<Record<string, string>> = {
  'urn:schemas-microsoft-com:vml': 'v',
  'urn:schemas-microsoft-com:office:office': 'o',
  [`${microsoft}word/2006/wordml`]: 'wne',
  [`${microsoft}word/2010/wordml`]: 'w14',
  [`${microsoft}word/2010/wordprocessingShape`]: 'wps',
  [`${microsoft}drawing/2010/main`]: 'a14',
  [`${microsoft}drawing/2008/diagram`]: 'dsp',
  [`${microsoft}drawing/2014/chartex`]: 'cx',
  [`${microsoft}spreadsheetml/2009/9/main`]: 'x14',
  [`${microsoft}excel/2006/main`]: 'xm',
  [`${microsoft}powerpoint/2018/8/main`]: 'p188',
}

const prefixOf = (uri: string): string | undefined => {
  const root = [transitional, strict].find((start) => uri.startsWith(start))
  return root === undefined ? otherPrefixes[uri] : openPrefixes[uri.slice(root.length).replace(/\/2006(?=\/|$)/, '')]
}

/** From the file's own prefixes to ours; a declaration holds inside its element. */
class Prefixes {
  readonly #ours = new Map<string, string>()
  readonly #former: { depth: number; own: string; ours: string | undefined }[] = []

  declare(depth: number, own: string, uri: string): void {
    const ours = prefixOf(uri) ?? own
    const current = this.#ours.get(own)
    if ((current ?? own) === ours) return
    this.#former.push({ depth, own, ours: current })
    this.#ours.set(own, ours)
  }

  leave(depth: number): void {
    for (let last = this.#former.at(-1); last && last.depth === depth; last = this.#former.at(-1)) {
      this.#former.pop()
      if (last.ours === undefined) this.#ours.delete(last.own)
      else this.#ours.set(last.own, last.ours)
    }
  }

  rename(name: string, isAttribute: boolean): string {
    if (this.#ours.size === 0) return name
    const colon = name.indexOf(':')
    if (colon < 0 && isAttribute) return name
    const ours = this.#ours.get(colon < 0 ? '' : name.slice(0, colon))
    if (ours === undefined) return name
    const local = name.slice(colon + 1)
    return ours === '' ? local : `${ours}:${local}`
  }

  get areOurs(): boolean {
    return this.#ours.size === 0
  }
}

/** Complaints that leave the structure whole: entities that only a document type would define, control characters. */
const harmless = /entity|disallowed character|xml declaration|xml version|encoding/i

/**
 * @param chunks the text of one part, in pieces
 * @throws file_damaged where the part is not well-formed
 */
export const readXmlEvents = async (
  chunks: AsyncIterable<string> | Iterable<string>,
  events: XmlEvents,
): Promise<void> => {
  const sax = createSax(events)
  for await (const chunk of chunks) sax.write(chunk)
  sax.close()
}

const createSax = (events: XmlEvents): SaxesParser => {
  const sax = new SaxesParser()
  const prefixes = new Prefixes()
  let depth = 0
  sax.on('error', (error) => {
    if (!harmless.test(error.message)) {
      throw new KuraError('file_damaged', 'A part of the file is not well-formed XML.', { cause: error })
    }
  })
  sax.on('opentag', ({ name, attributes }) => {
    depth += 1
    if (depth > maxDepth)
      throw new KuraError('file_damaged', `A part of the file is nested over ${maxDepth} levels deep.`)
    for (const key in attributes) {
      if (key.startsWith('xmlns')) prefixes.declare(depth, key.slice(6), attributes[key] ?? '')
    }
    events.open(prefixes.rename(name, false), prefixes.areOurs ? attributes : renameAll(attributes, prefixes))
  })
  sax.on('text', (text) => events.text(text))
  sax.on('cdata', (text) => events.text(text))
  sax.on('closetag', ({ name }) => {
    events.close(prefixes.rename(name, false))
    prefixes.leave(depth)
    depth -= 1
  })
  return sax
}

const renameAll = (attributes: Readonly<Record<string, string>>, prefixes: Prefixes): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [prefixes.rename(name, true), value]))

interface OpenElement extends XmlElement {
  readonly children: XmlNode[]
}

/** @throws file_damaged */
export const parseXml = (text: string): XmlElement => {
  const root: OpenElement = { name: '', attributes: {}, children: [] }
  const open = [root]
  const sax = createSax({
    open: (name, attributes) => {
      const element: OpenElement = { name, attributes, children: [] }
      open.at(-1)?.children.push(element)
      open.push(element)
    },
    text: (content) => {
      open.at(-1)?.children.push(content)
    },
    close: () => {
      open.pop()
    },
  })
  sax.write(text)
  sax.close()
  return root.children.find((child) => typeof child !== 'string') ?? root
}

export const elementsOf = (element: XmlElement | undefined): XmlElement[] =>
  (element?.children ?? []).filter((child) => typeof child !== 'string')

export const childrenOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  elementsOf(element).filter((child) => child.name === name)

/** The element at the end of a path of first children. */
export const childOf = (element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined => {
  let found = element
  for (const name of path) {
    found = found?.children.find((child): child is XmlElement => typeof child !== 'string' && child.name === name)
  }
  return found
}

/** All elements of a name below, in document order. */
export const descendantsOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  elementsOf(element).flatMap((child) => [...(child.name === name ? [child] : []), ...descendantsOf(child, name)])

/** All text below, as it stands. */
export const innerText = (element: XmlElement | undefined): string =>
  (element?.children ?? []).map((child) => (typeof child === 'string' ? child : innerText(child))).join('')

/** Whether an on/off element is there and on: `<w:b/>`, not `<w:b w:val="0"/>`. */
export const isOn = (element: XmlElement | undefined): boolean => {
  if (!element) return false
  const value = element.attributes['w:val'] ?? element.attributes.val ?? element.attributes['w14:val'] ?? '1'
  return !['0', 'false', 'off', 'none'].includes(value)
}
