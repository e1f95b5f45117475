/**
 * Finds running heads and feet: blocks at the edges of pages that come back at the same place on page after page, numbered or not. In: a parsed
 * document. Out: the places of those blocks; they stay in the text that is shown, and are no content to search.
 * What is in doubt is content: a warning, a table of which only the header comes back, a number that is not the page's, whatever
 * stands close to the text below it. Neighbour: `chunk-units.ts` is the only user.
 */
import type { Block, LineBox, ParsedDocument, ParsedPage } from '../../src/core/document.ts'

/** Parts of the page's height, from its edges, that running blocks stand in. */
const edgeZone = 0.18
/** Running blocks of a page without boxes are looked for among so many blocks at each end of its text. */
const depth = 2
const minPages = 3
/** Of the pages between the first and the last on which it stands; left and right pages may differ. */
const minDensity = 0.4
const maxLength = 400
/** Parts of the page's height by which the place may differ. */
const samePlace = 0.02
/** In line heights: what is nearer to the next block belongs to it. */
const minGap = 0.8
/** In line heights: blocks that overlap by more stand side by side. */
const sideBySide = 0.5
/** A heading that comes back on fewer pages of the document is that of a chapter: its first one opens the chapter. */
const wholeDocument = 0.5
/** More pages than these do not consist of running blocks alone. */
const manyEmptied = 0.2

const warning =
  /\b(?:warning|danger|caution|attention|achtung|avertissement)\b|警告|危險|危险|危険|注意|当心|小心|严禁|嚴禁|禁止/iu

interface Candidate {
  readonly page: number
  readonly block: Block
  readonly edge: 'head' | 'foot'
  /** Counted from the edge: nothing but running blocks may stand between a running block and the edge. */
  readonly depth: number
  /** Middle of the block in parts of the page's height; undefined without boxes. */
  readonly at: number | undefined
  /** The next block away from the edge, where it stands close. */
  readonly neighbour: Block | undefined
  /** The text with `#` for its numbers, and the numbers. */
  readonly shape: string
  readonly numbers: readonly number[]
}

interface Placed {
  readonly block: Block
  readonly top: number
  readonly bottom: number
  readonly lineHeight: number
}

const keyOf = ({ page, block }: Pick<Candidate, 'page' | 'block'>): string => `${page}:${block.start}`

/** @returns `<page number>:<start of the block>` of each running block */
export const findRunningBlocks = (document: ParsedDocument): Set<string> => {
  if (!document.paginated || document.pages.length < minPages) return new Set()
  const candidates = document.pages.flatMap(candidatesOf)
  const repeated = new Map<string, Candidate>()
  for (const group of groupBy(candidates, ({ edge, shape }) => `${edge}:${shape}`).values()) {
    for (const running of repeatedIn(group)) {
      const isChapter = running.length < document.pages.length * wholeDocument
      for (const candidate of isChapter && running[0]?.block.kind === 'heading' ? running.slice(1) : running) {
        repeated.set(keyOf(candidate), candidate)
      }
    }
  }
  const places = groupBy(candidates, ({ page, edge }) => `${page}:${edge}`)
  const edges = groupBy([...repeated.values()], ({ page, edge }) => `${page}:${edge}`)
  const clear = groupBy(
    [...edges.values()].flatMap((found) => clearOfText(found, places)),
    ({ edge, shape }) => `${edge}:${shape}`,
  )
  // The first heading of a chapter has been left out above.
  const running = new Set(
    [...clear.values()].flatMap((found) => (found.length >= minPages - 1 ? found.map(keyOf) : [])),
  )
  return withoutFormPages(document, running)
}

/** Pages of one form each (a sheet for every machine) repeat each other, numbers aside, and what they hold is all that they hold. */
const withoutFormPages = ({ pages }: ParsedDocument, running: Set<string>): Set<string> => {
  const filled = pages.filter(({ blocks }) => blocks.length > 0)
  const emptied = filled.filter(({ number, blocks }) =>
    blocks.every((block) => running.has(keyOf({ page: number, block }))),
  )
  if (emptied.length < filled.length * manyEmptied) return running
  const forms = new Set(emptied.map(({ number }) => `${number}`))
  return new Set([...running].filter((key) => !forms.has(key.split(':')[0] ?? '')))
}

/** Of the repeated blocks at one edge of a page those that stand clear of the text, and have nothing else between them and the edge. */
const clearOfText = (found: readonly Candidate[], places: ReadonlyMap<string | number, Candidate[]>): Candidate[] => {
  const fromText = found.toSorted((one, other) => other.depth - one.depth)
  const clear: Candidate[] = []
  for (const candidate of fromText) {
    const { neighbour } = candidate
    if (!neighbour || clear.some(({ block }) => block === neighbour)) clear.push(candidate)
  }
  const [first] = found
  const others = places.get(`${first?.page}:${first?.edge}`) ?? []
  const outermost = Math.min(
    ...others.flatMap((other) => (clear.some(({ block }) => block === other.block) ? [] : [other.depth])),
  )
  return clear.filter((candidate) => candidate.depth < outermost)
}

const groupBy = <Item>(
  items: readonly Item[],
  keyFor: (item: Item) => string | number,
): Map<string | number, Item[]> => {
  const groups = new Map<string | number, Item[]>()
  for (const item of items) {
    const key = keyFor(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** Blocks of a page from its edges inwards, as far as they may be running ones. */
const candidatesOf = (page: ParsedPage): Candidate[] => {
  const placed = placeBlocks(page)
  if (!placed) {
    const head = page.blocks.slice(0, depth)
    const foot = page.blocks.slice(-depth).filter((block) => !head.includes(block))
    return [
      ...head.map((block, index) => toCandidate(page, block, 'head', index, undefined, undefined)),
      ...foot.reverse().map((block, index) => toCandidate(page, block, 'foot', index, undefined, undefined)),
    ].filter(mayRun)
  }
  const fromTop = placed.toSorted((one, other) => one.top - other.top)
  const fromBottom = placed.toSorted((one, other) => other.bottom - one.bottom)
  return [
    ...takeEdge(page, fromTop, 'head', ({ bottom }) => bottom <= edgeZone),
    ...takeEdge(page, fromBottom, 'foot', ({ top }) => top >= 1 - edgeZone),
  ]
}

const takeEdge = (
  page: ParsedPage,
  blocks: readonly Placed[],
  edge: Candidate['edge'],
  isInZone: (block: Placed) => boolean,
): Candidate[] => {
  const beyond = blocks.findIndex((block) => !isInZone(block))
  return (beyond < 0 ? blocks : blocks.slice(0, beyond)).flatMap((placed, index) => {
    // Blocks side by side are neighbours of what stands below or above all of them.
    const next = blocks.slice(index + 1).find((other) => gapBetween(placed, other) > -placed.lineHeight * sideBySide)
    const isClose = next && gapBetween(placed, next) < minGap * placed.lineHeight
    const middle = (placed.top + placed.bottom) / 2
    const candidate = toCandidate(page, placed.block, edge, index, middle, isClose ? next.block : undefined)
    return mayRun(candidate) ? [candidate] : []
  })
}

const gapBetween = (one: Placed, other: Placed): number => Math.max(one.top - other.bottom, other.top - one.bottom)

const mayRun = ({ block, shape }: Candidate): boolean =>
  block.end - block.start <= maxLength && shape !== '' && !warning.test(shape)

/** Undefined where a block has no boxes. */
const placeBlocks = ({ blocks, lines }: ParsedPage): Placed[] | undefined => {
  let next = 0
  const placed: Placed[] = []
  for (const block of blocks) {
    const own: LineBox[] = []
    for (let line = lines[next]; line && line.start < block.end; line = lines[next]) {
      if (line.start >= block.start) own.push(line)
      next += 1
    }
    if (own.length === 0) return undefined
    const lineHeight = Math.max(...own.map(({ height }) => height))
    const top = Math.min(...own.map(({ y }) => y))
    placed.push({ block, top, bottom: Math.max(...own.map(({ y, height }) => y + height)), lineHeight })
  }
  return placed
}

const romans: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10, l: 50, c: 100 }

/** Digits, and roman numbers that stand alone. */
const numeral = /\d+|(?<![\p{L}\p{N}])[ivxlc]+(?![\p{L}\p{N}])/gu

const romanValue = (text: string): number => {
  const values = [...text].map((letter) => romans[letter] ?? 0)
  return values.reduce((sum, value, index) => (value < (values[index + 1] ?? 0) ? sum - value : sum + value), 0)
}

const toCandidate = (
  page: ParsedPage,
  block: Block,
  edge: Candidate['edge'],
  at: number,
  middle: number | undefined,
  neighbour: Block | undefined,
): Candidate => {
  const text = page.text.slice(block.start, block.end).normalize('NFKC').replaceAll(/\s+/gu, ' ').trim()
  const numbers: number[] = []
  const shape = (/^[IVXLC]+$/u.test(text) ? text.toLowerCase() : text).replaceAll(numeral, (found) => {
    numbers.push(/\d/u.test(found) ? Number(found) : romanValue(found))
    return '#'
  })
  return { page: page.number, block, edge, depth: at, at: middle, neighbour, shape, numbers }
}

/** Parts of a group, of one shape and at one edge, that stand at one place and whose numbers stay or count the pages. */
const repeatedIn = (group: readonly Candidate[]): Candidate[][] => {
  if (group.length < minPages) return []
  const isNumberOnly = !/\p{L}/u.test(group[0]?.shape ?? '')
  let parts = placesOf(group)
  // Nothing but numbers at the margin number the pages, however they count.
  if (!isNumberOnly) {
    for (let slot = 0; slot < (group[0]?.numbers.length ?? 0); slot += 1) {
      parts = parts.flatMap((part) => splitBySlot(part, slot))
    }
  }
  return parts.filter((part) => {
    const numbers = part.map(({ page }) => page)
    const span = Math.max(...numbers) - Math.min(...numbers) + 1
    return new Set(numbers).size >= minPages && numbers.length >= span * minDensity
  })
}

const placesOf = (group: readonly Candidate[]): Candidate[][] => {
  const parts: Candidate[][] = []
  for (const candidate of group.toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0))) {
    const part = parts.at(-1)
    const first = part?.[0]
    if (part && first && (candidate.at ?? 0) - (first.at ?? 0) <= samePlace) part.push(candidate)
    else parts.push([candidate])
  }
  return parts.map((part) => part.toSorted((one, other) => one.page - other.page))
}

/** A number counts the pages where its distance to the page's own number stays; elsewhere it has to stay itself. */
const splitBySlot = (part: readonly Candidate[], slot: number): Candidate[][] => {
  const numberIn = ({ numbers }: Candidate): number => numbers[slot] ?? 0
  const byOffset = groupBy(part, (candidate) => numberIn(candidate) - candidate.page)
  const byValue = groupBy(part, numberIn)
  const counting = [...byOffset.values()].filter((found) => found.length >= minPages)
  const counted = counting.reduce((sum, found) => sum + found.length, 0)
  const constant = Math.max(...[...byValue.values()].map((found) => found.length))
  return counted > constant ? counting : [...byValue.values()]
}
