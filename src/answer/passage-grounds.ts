/**
 * What a statement may rest on: each sentence of a passage, each table row under its head, and a sentence that begins with a pronoun, or goes on about a thing
 * (reference.ts), together with the one before it. Made once for each passage. Offsets come from the chunker; nothing is searched for.
 */
import type { Passage } from '../core/answer.ts'
import type { Segment } from '../core/document.ts'
import { identifiersOf, seriesOf } from '../core/identifiers.ts'
import { type WordGround, wordGround } from './content-words.ts'
import { figuresOf } from './figures.ts'
import { rewriteNumbers } from './number-words.ts'
import { isPlantedInstruction } from './planted-instructions.ts'
import { beginsWithPronoun, goesOnAboutThing } from './reference.ts'
import { headerBefore, segmentText } from './segment-text.ts'
import { cellsOf, rowText, type TableRow } from './table-row.ts'

export interface Ground {
  readonly passage: Passage
  readonly segments: readonly Segment[]
  /** Canonical (number-words.ts); a row with the names of its columns. */
  readonly text: string
  /** The part of `text` that begins with a pronoun, or goes on about a thing; '' where none does. */
  readonly pronounPart: string
  /** The sentences before it in its passage, in order, canonical; before `pronounPart`, where there is one. */
  readonly preceding: readonly string[]
  /**
   * Document name and headings, canonical: what every sentence of the passage stands under; of a row also the line above its table; and the models that the document
   * says at its beginning that it is about, unless one of the series is named here, or before it in the passage.
   */
  readonly context: string
  /** The sentence before it in its passage, canonical; '' where there is none. */
  readonly before: string
  /** As printed. */
  readonly verbatim: string
  readonly row?: TableRow
  /** The other sentences and rows of the passages, canonical. */
  readonly beside: readonly string[]
  readonly besideWords: readonly WordGround[]
}

interface Unit {
  readonly passage: Passage
  readonly segments: readonly Segment[]
  readonly text: string
  readonly pronounPart: string
  readonly verbatim: string
  readonly row?: TableRow
  /** The short line above the row's table, canonical; '' where there is none. */
  readonly caption: string
}

const maxCaptionLength = 80
/** A chunk's tokens may be any number of characters where they are blanks or signs; nobody reads such a sentence. */
const maxGroundCharacters = 4_000

/** What stands right above the table that the row is in. */
const captionOf = (passage: Passage, row: Segment): string => {
  const { segments } = passage
  let at = segments.indexOf(row)
  while (at > 0 && ['row', 'header'].includes(segments[at - 1]?.kind ?? '')) at -= 1
  const above = segments[at - 1]
  const text = above?.kind === 'sentence' ? segmentText(passage, above) : ''
  return text.length <= maxCaptionLength ? rewriteNumbers(text) : ''
}

const unitsOf = (passage: Passage): Unit[] => {
  const { segments } = passage
  return segments.flatMap((segment, i): Unit[] => {
    const text = segmentText(passage, segment)
    if (text.length > maxGroundCharacters || isPlantedInstruction(text)) return []
    if (segment.kind === 'row') {
      const header = headerBefore(passage, segment)
      const head = header ? cellsOf(segmentText(passage, header)) : []
      const others = segments
        .filter((each) => each !== segment && each.kind === 'row' && headerBefore(passage, each) === header)
        .map((each) => cellsOf(segmentText(passage, each)))
      const cells = cellsOf(text)
      return [
        {
          passage,
          segments: [segment],
          text: rewriteNumbers(rowText(cells, head)),
          pronounPart: '',
          verbatim: text,
          row: { cells, head, others },
          caption: captionOf(passage, segment),
        },
      ]
    }
    if (segment.kind !== 'sentence') return []
    const previous = segments[i - 1]
    const canonical = rewriteNumbers(text)
    const single: Unit = { passage, segments: [segment], text: canonical, pronounPart: '', verbatim: text, caption: '' }
    if (previous?.kind !== 'sentence') return [single]
    const before = rewriteNumbers(segmentText(passage, previous))
    if (!beginsWithPronoun(canonical) && !goesOnAboutThing(canonical, before)) return [single]
    const verbatim = `${segmentText(passage, previous)} ${text}`
    const both = { text: `${before} ; ${canonical}`, pronounPart: canonical }
    return [single, { passage, segments: [previous, segment], verbatim, ...both, caption: '' }]
  })
}

const sentenceBefore = ({ passage, segments: [first] }: Pick<Unit, 'passage' | 'segments'>): string => {
  const previous = first && passage.segments[passage.segments.indexOf(first) - 1]
  return previous?.kind === 'sentence' ? rewriteNumbers(segmentText(passage, previous)) : ''
}

const sentencesBefore = ({ passage, segments }: Pick<Unit, 'passage' | 'segments'>): string[] => {
  const last = segments.at(-1)
  return passage.segments
    .filter(({ kind, start }) => kind === 'sentence' && last && start < last.start)
    .map((each) => rewriteNumbers(segmentText(passage, each)))
}

/** Titles and the lines below them, at the beginning of a document, are no longer than this and no more; a sentence or a table ends them. */
const [maxTitle, maxTitles] = [100, 4]
/** Lines there that name a machine which the document is not about. */
const namesOthers =
  /replac|supersed|former|instead|\bnot\b|except|unlike|besides|取代|代替|舊|旧|除|不適用|不适用|以外|代わ|対象外/iu

const isTitle = (kind: Segment['kind'], text: string): boolean =>
  (kind === 'heading' || kind === 'sentence') && text.length <= maxTitle && !/[.。!?！？;；:：]\s*$/u.test(text)

interface Titles {
  readonly segments: readonly Segment[]
  /** The codes in them: what the document says is said of these machines. */
  readonly codes: readonly string[]
}

/** What the document of a passage begins with, as far as it is titles; nothing where its beginning was not found. */
const titlesOf = ({ revisionId }: Passage, passages: readonly Passage[]): Titles => {
  const opening = passages.find(
    ({ revisionId: other, segments: [first] }) => other === revisionId && first?.page === 1 && first.pageStart === 0,
  )
  if (!opening) return { segments: [], codes: [] }
  const end = opening.segments.findIndex((segment) => !isTitle(segment.kind, segmentText(opening, segment)))
  const segments = opening.segments.slice(0, Math.min(maxTitles, end < 0 ? maxTitles : end))
  const lines = segments.map((segment) => segmentText(opening, segment))
  const telling = lines.filter((line) => !namesOthers.test(line) && !isPlantedInstruction(line))
  return { segments, codes: figuresOf(telling.join('\n')).codes.map(({ value }) => value) }
}

/** What stands before a sentence in its passage, but for the titles of its document; a row stands by itself. */
const textBefore = ({ passage, segments: [first], row }: Omit<Unit, 'caption'>, titles: readonly Segment[]): string =>
  row
    ? ''
    : passage.segments
        .filter((each) => first && each.start < first.start && !titles.includes(each))
        .map((each) => segmentText(passage, each))
        .join('\n')

const seriesIn = (text: string): string[] => identifiersOf(text).map(({ key }) => seriesOf(key))

/** What is said of one of a series is not said of the others: the codes of whose series the text names none, however it is spelled. */
const notNamedIn = (text: string, codes: readonly string[]): string[] => {
  const named = new Set(seriesIn(text))
  return codes.filter((code) => !seriesIn(code).some((series) => named.has(series)))
}

const units = new WeakMap<Passage, Unit[]>()
const unitsOnce = (passage: Passage): Unit[] => {
  const found = units.get(passage) ?? unitsOf(passage)
  units.set(passage, found)
  return found
}

const grounds = new WeakMap<readonly Passage[], Map<Passage, readonly Ground[]>>()

/** @param passages all that were read: what another sentence says of a word tells whose it is */
export const groundsOf = (passage: Passage, passages: readonly Passage[]): readonly Ground[] => {
  const made = grounds.get(passages) ?? new Map<Passage, readonly Ground[]>()
  grounds.set(passages, made)
  const found = made.get(passage)
  if (found) return found
  const all = passages.flatMap(unitsOnce)
  const labels = [passage.documentName, passage.heading].filter((label) => !isPlantedInstruction(label))
  const above = rewriteNumbers(labels.join('\n'))
  const titles = titlesOf(passage, passages)
  const own = unitsOnce(passage).map(({ caption, ...unit }): Ground => {
    const beside = all
      .filter((each) => each.segments.length === 1 && !unit.segments.includes(each.segments[0] as Segment))
      .map(({ text }) => text)
    const before = sentenceBefore(unit)
    const under = caption === '' ? above : `${above}\n${caption}`
    const near = () => [under, textBefore(unit, titles.segments), before, unit.text].join('\n')
    const about = titles.codes.length === 0 ? [] : notNamedIn(near(), titles.codes)
    const context = [under, ...about].join('\n')
    const preceding = unit.row ? [] : sentencesBefore(unit)
    return { ...unit, context, before, preceding, beside, besideWords: beside.map(wordGround) }
  })
  made.set(passage, own)
  return own
}
