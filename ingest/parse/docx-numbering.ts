/**
 * The numbers that Word shows before paragraphs ("3.", "4.2", "(b)", "第一條") and stores nowhere as text. In: the XML parts of a DOCX file. Out: the
 * main part with each number written into its paragraph, between two marks. Follows ECMA-376 part 1, 17.9: counters belong to an abstract
 * numbering, a deeper level starts anew after a higher one, and a numbering instance may restart. Neighbour: `parse-docx.ts`.
 */
import { type CheerioAPI, load } from 'cheerio'
import { formatOrdinal } from './format-ordinal.ts'

/** Private use characters around each number that was written in. */
export const numberMarks = { begin: '\ue000', end: '\ue001' } as const

interface Level {
  readonly start: number
  readonly format: string
  /** `%1` stands for the counter of the first level. */
  readonly text: string
  readonly style: string | undefined
  readonly legal: boolean
}

interface Numbering {
  /** Levels by abstract numbering. */
  readonly levels: ReadonlyMap<string, readonly (Level | undefined)[]>
  readonly abstractOf: ReadonlyMap<string, string>
  /** Restarts by instance, then level. */
  readonly restarts: ReadonlyMap<string, ReadonlyMap<number, number>>
}

interface Place {
  readonly instance: string
  readonly level: number
}

const maxLevels = 9

const childValue = ($: CheerioAPI, parent: Parameters<CheerioAPI>[0], name: string): string | undefined =>
  $(parent).children(name).first().attr('w:val')

const readLevels = ($: CheerioAPI, abstract: Parameters<CheerioAPI>[0]): (Level | undefined)[] => {
  const levels: (Level | undefined)[] = []
  for (const level of $(abstract).children('w\\:lvl').toArray()) {
    const index = Number(level.attribs['w:ilvl'] ?? 0)
    if (!(index >= 0 && index < maxLevels)) continue
    levels[index] = {
      start: Number(childValue($, level, 'w\\:start') ?? 1),
      format: childValue($, level, 'w\\:numFmt') ?? 'decimal',
      text: childValue($, level, 'w\\:lvlText') ?? '',
      style: childValue($, level, 'w\\:pStyle'),
      legal: $(level).children('w\\:isLgl').length > 0,
    }
  }
  return levels
}

const readNumbering = (xml: string): Numbering => {
  const $ = load(xml, { xml: true })
  const levels = new Map<string, readonly (Level | undefined)[]>()
  for (const abstract of $('w\\:abstractNum').toArray()) {
    levels.set(abstract.attribs['w:abstractNumId'] ?? '', readLevels($, abstract))
  }
  const abstractOf = new Map<string, string>()
  const restarts = new Map<string, Map<number, number>>()
  for (const instance of $('w\\:num').toArray()) {
    const id = instance.attribs['w:numId'] ?? ''
    abstractOf.set(id, childValue($, instance, 'w\\:abstractNumId') ?? '')
    const own = new Map<number, number>()
    for (const override of $(instance).children('w\\:lvlOverride').toArray()) {
      const start = childValue($, override, 'w\\:startOverride')
      if (start !== undefined) own.set(Number(override.attribs['w:ilvl'] ?? 0), Number(start))
    }
    restarts.set(id, own)
  }
  return { levels, abstractOf, restarts }
}

/** Where the paragraphs of each style stand, where the style itself is numbered; a style has what the style it is based on has. */
const readStyles = (xml: string, numbering: Numbering): Map<string, Place> => {
  const $ = load(xml, { xml: true })
  const own = new Map<
    string,
    { instance: string | undefined; level: string | undefined; basedOn: string | undefined }
  >()
  for (const style of $('w\\:style[w\\:type="paragraph"]').toArray()) {
    const properties = $(style).children('w\\:pPr').children('w\\:numPr')
    own.set(style.attribs['w:styleId'] ?? '', {
      instance: properties.children('w\\:numId').attr('w:val'),
      level: properties.children('w\\:ilvl').attr('w:val'),
      basedOn: childValue($, style, 'w\\:basedOn'),
    })
  }
  const places = new Map<string, Place>()
  for (const id of own.keys()) {
    let instance: string | undefined
    let level: string | undefined
    let ancestor: string | undefined = id
    for (let step = 0; ancestor !== undefined && step < 20; step += 1) {
      const style: ReturnType<typeof own.get> = own.get(ancestor)
      instance ??= style?.instance
      level ??= style?.level
      ancestor = style?.basedOn
    }
    if (instance === undefined || instance === '0') continue
    const levels = numbering.levels.get(numbering.abstractOf.get(instance) ?? '') ?? []
    const linked = levels.findIndex((candidate) => candidate?.style === id)
    places.set(id, { instance, level: linked >= 0 ? linked : Number(level ?? 0) })
  }
  return places
}

/** Counts on and gives the number of the next paragraph at a place, '' for bullets and unnumbered levels. */
class Counters {
  readonly #numbering: Numbering
  readonly #counts = new Map<string, (number | undefined)[]>()
  readonly #begun = new Set<string>()

  constructor(numbering: Numbering) {
    this.#numbering = numbering
  }

  next({ instance, level }: Place): string {
    const abstract = this.#numbering.abstractOf.get(instance)
    const levels = this.#numbering.levels.get(abstract ?? '')
    const own = levels?.[level]
    if (abstract === undefined || !levels || !own) return ''
    const counts = this.#counts.get(abstract) ?? []
    this.#counts.set(abstract, counts)
    if (!this.#begun.has(instance)) {
      this.#begun.add(instance)
      for (const [at, start] of this.#numbering.restarts.get(instance) ?? []) counts[at] = start - 1
    }
    counts[level] = (counts[level] ?? own.start - 1) + 1
    counts.length = level + 1
    if (own.format === 'bullet' || own.format === 'none') return ''
    return own.text.replace(/%([1-9])/g, (_, digit: string) => {
      const at = Number(digit) - 1
      const format = own.legal ? 'decimal' : (levels[at]?.format ?? 'decimal')
      return formatOrdinal(counts[at] ?? levels[at]?.start ?? 1, format)
    })
  }
}

const escapeXml = (text: string): string => text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/**
 * @param main `word/document.xml`
 * @returns the main part with `numberMarks.begin`, number, `numberMarks.end` at the head of each numbered paragraph
 */
export const writeNumbers = (main: string, numberingXml: string, stylesXml: string): string => {
  const numbering = readNumbering(numberingXml)
  const styles = readStyles(stylesXml, numbering)
  const counters = new Counters(numbering)
  // Former properties of tracked changes, and the newer twin of what is also there in the older form, would be counted twice.
  const current = main.replace(/<w:pPrChange\b[\s\S]*?<\/w:pPrChange>|<mc:Choice\b[\s\S]*?<\/mc:Choice>/g, '')
  return current.replace(/<w:pPr>([\s\S]*?)<\/w:pPr>/g, (whole, properties: string) => {
    const style = /<w:pStyle\b[^>]*w:val="([^"]*)"/.exec(properties)?.[1]
    const byStyle = styles.get(style ?? '')
    const own = /<w:numPr\b[\s\S]*?<\/w:numPr>/.exec(properties)?.[0] ?? ''
    const instance = /<w:numId\b[^>]*w:val="(\d+)"/.exec(own)?.[1] ?? byStyle?.instance
    if (instance === undefined || instance === '0') return whole
    const level = Number(/<w:ilvl\b[^>]*w:val="(\d+)"/.exec(own)?.[1] ?? byStyle?.level ?? 0)
    const number = counters.next({ instance, level }).trim()
    if (number === '') return whole
    return `${whole}<w:r><w:t>${numberMarks.begin}${escapeXml(number)}${numberMarks.end}</w:t></w:r>`
  })
}
