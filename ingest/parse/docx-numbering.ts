/**
 * The numbers that Word shows before paragraphs ("3.", "4.2", "(b)", "第一條") and stores nowhere as text. In: `word/numbering.xml`, the styles, then
 * paragraphs in order. Out: the marker of each. Follows ECMA-376 part 1, 17.9: counters belong to an abstract numbering, a deeper
 * level starts anew after a higher one, and a numbering instance may restart. Neighbours: `docx-styles.ts`, `docx-blocks.ts`.
 */
import type { DocxStyles, StyleNumbering } from './docx-styles.ts'
import { formatOrdinal } from './format-ordinal.ts'
import { readSymbols } from './office-symbols.ts'
import { childOf, childrenOf, isOn, type XmlElement } from './office-xml.ts'

interface Level {
  readonly start: number
  readonly format: string
  /** `%1` stands for the counter of the first level. */
  readonly text: string
  readonly style: string | undefined
  readonly legal: boolean
  /** Of the marker. */
  readonly font: string | undefined
}
type Levels = readonly (Level | undefined)[]

interface Instance {
  readonly abstract: string
  /** Of the abstract numbering, with what the instance puts in their place. */
  readonly levels: Levels
  /** Where counting begins anew, by level. */
  readonly restarts: ReadonlyMap<number, number>
}

export interface ListMarker {
  /** As printed; `•` for bullets and pictures, except those that say something: ☐, ☒. */
  readonly text: string
  readonly isBullet: boolean
  /** 0 is the outermost. */
  readonly level: number
}

const maxLevels = 9

const settingOf = (parent: XmlElement, name: string): string | undefined => childOf(parent, name)?.attributes['w:val']

const readLevels = (parent: XmlElement): (Level | undefined)[] => {
  const levels: (Level | undefined)[] = []
  for (const level of childrenOf(parent, 'w:lvl')) {
    const index = Number(level.attributes['w:ilvl'] ?? 0)
    if (!(index >= 0 && index < maxLevels)) continue
    levels[index] = {
      start: Number(settingOf(level, 'w:start') ?? 1),
      format:
        settingOf(level, 'w:numFmt') ??
        settingOf(childOf(level, 'mc:AlternateContent', 'mc:Fallback') ?? level, 'w:numFmt') ??
        'decimal',
      text: settingOf(level, 'w:lvlText') ?? '',
      style: settingOf(level, 'w:pStyle'),
      legal: isOn(childOf(level, 'w:isLgl')),
      font: childOf(level, 'w:rPr', 'w:rFonts')?.attributes['w:ascii'],
    }
  }
  return levels
}

const readInstances = (root: XmlElement | undefined, styles: DocxStyles): Map<string, Instance> => {
  const abstracts = new Map(
    childrenOf(root, 'w:abstractNum').map((abstract) => [abstract.attributes['w:abstractNumId'], abstract]),
  )
  const numbers = new Map(childrenOf(root, 'w:num').map((number) => [number.attributes['w:numId'], number]))
  /** A numbering may be defined by a style, which names an instance of the real one. */
  const resolve = (id: string | undefined): string => {
    const link = settingOf(abstracts.get(id) ?? emptyElement, 'w:numStyleLink')
    const linked = link === undefined ? undefined : numbers.get(styles.numberingOf(link).instance)
    return (linked && settingOf(linked, 'w:abstractNumId')) ?? id ?? ''
  }
  const instances = new Map<string, Instance>()
  for (const [id = '', number] of numbers) {
    const abstract = resolve(settingOf(number, 'w:abstractNumId'))
    const levels = readLevels(abstracts.get(abstract) ?? emptyElement)
    const restarts = new Map<number, number>()
    for (const override of childrenOf(number, 'w:lvlOverride')) {
      const at = Number(override.attributes['w:ilvl'] ?? 0)
      const [own] = readLevels(override).filter((level) => level !== undefined)
      if (own) levels[at] = own
      const start = settingOf(override, 'w:startOverride') ?? own?.start
      if (start !== undefined) restarts.set(at, Number(start))
    }
    instances.set(id, { abstract, levels, restarts })
  }
  return instances
}

const emptyElement: XmlElement = { name: '', attributes: {}, children: [] }

/** Counts on, paragraph by paragraph, in document order. */
export class DocxNumbering {
  readonly #instances: ReadonlyMap<string, Instance>
  readonly #styles: DocxStyles
  readonly #placesOfStyles = new Map<string, StyleNumbering | undefined>()
  /** By abstract numbering, then level. */
  readonly #counts = new Map<string, (number | undefined)[]>()
  readonly #begun = new Set<string>()

  /** @param root of `word/numbering.xml` */
  constructor(root: XmlElement | undefined, styles: DocxStyles) {
    this.#instances = readInstances(root, styles)
    this.#styles = styles
  }

  /** The marker of the next paragraph; undefined where it has none. @param properties its `w:pPr` */
  next(properties: XmlElement | undefined): ListMarker | undefined {
    const own = childOf(properties, 'w:numPr')
    const byStyle = this.#placeOfStyle(childOf(properties, 'w:pStyle')?.attributes['w:val'])
    const instance = childOf(own, 'w:numId')?.attributes['w:val'] ?? byStyle?.instance
    if (instance === undefined || instance === '0') return undefined
    const level = Number(childOf(own, 'w:ilvl')?.attributes['w:val'] ?? byStyle?.level ?? 0)
    return this.#count(instance, level)
  }

  #placeOfStyle(id: string | undefined): StyleNumbering | undefined {
    if (id === undefined) return undefined
    if (!this.#placesOfStyles.has(id)) {
      const { instance, level } = this.#styles.numberingOf(id)
      const linked = this.#instances.get(instance ?? '')?.levels.findIndex((candidate) => candidate?.style === id) ?? -1
      const place = instance === undefined ? undefined : { instance, level: linked >= 0 ? linked : Number(level ?? 0) }
      this.#placesOfStyles.set(id, place)
    }
    return this.#placesOfStyles.get(id)
  }

  #count(id: string, level: number): ListMarker | undefined {
    const instance = this.#instances.get(id)
    const own = instance?.levels[level]
    if (!instance || !own) return undefined
    const counts = this.#counts.get(instance.abstract) ?? []
    this.#counts.set(instance.abstract, counts)
    if (!this.#begun.has(id)) {
      this.#begun.add(id)
      for (const [at, start] of instance.restarts) counts[at] = start - 1
    }
    counts[level] = (counts[level] ?? own.start - 1) + 1
    counts.length = level + 1
    if (own.format === 'bullet') {
      const sign = readSymbols(own.text, own.font)
      return { text: /^[☐☑☒✓✗✔✘]$/.test(sign) ? sign : '•', isBullet: true, level }
    }
    const text = own.text.replace(/%([1-9])/g, (_, digit: string) => {
      const at = Number(digit) - 1
      const format = own.legal ? 'decimal' : (instance.levels[at]?.format ?? 'decimal')
      return formatOrdinal(counts[at] ?? instance.levels[at]?.start ?? 1, format)
    })
    return own.format === 'none' || text.trim() === '' ? undefined : { text: text.trim(), isBullet: false, level }
  }
}
