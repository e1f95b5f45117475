/**
 * Whether a source speaks of what the statement speaks of: "The pump runs at 3 bar" finds its figure in "The filter runs at 3 bar. The pump runs at
 * 5 bar.", but not of its pump. In: a statement, its source and the sentences beside it. Out: the words that are another thing's.
 */
import { clauseOverlap } from './clause-overlap.ts'
import { clausesOf, isBareCondition } from './clauses.ts'
import {
  contentWords,
  holdsExactly,
  holdsWord,
  shareHeld,
  type Word,
  type WordGround,
  wordGround,
} from './content-words.ts'
import { agree, type Figures, figuresOf, holdsCode, isOnlyOfUnit, type Measure } from './figures.ts'
import { quantityWords } from './units.ts'

/** Drafts name things by these where the source does not. */
const generic = new Set(
  (
    'name names called named known mean means denote denotes indicate indicates alarm alarms code codes message messages kind kinds type types word words term terms meaning select choose click tap navigate try option options section located situated unit units device devices equipment product operator operators user users part parts component components system thing result number machine purpose action step steps procedure interval intervals process ' +
    '时期 期间 任内 国家 地区 种类 类型 名称 原因 理由 方式 方法 目的 位于 坐落 称为 名为 叫做 警报 报警 代码 讯息 意味 意思 アラーム コード 作用 人物 事件 种類 部品 手順 时间'
  ).split(' '),
)

/** Says how, not what: typically. */
export const isManner = ({ text }: Word): boolean => /^[a-z]{3,}ly$/.test(text)

const isGeneric = (word: Word): boolean => generic.has(word.text) || isManner(word)

const determiners = new Set('the a an this that these those its their his her such and of by in for to'.split(' '))

const isImplied = (word: Word, figures: Figures): boolean =>
  quantityWords.get(word.text)?.some((unit) => figures.measures.some((each) => each.unit === unit)) === true

const latinWords = (text: string): string[] => text.toLowerCase().match(/[a-zà-ɏ]+/g) ?? []

/**
 * Whether a missing word only makes a name whole that the source says in part: "Friedrich Ratzel" where it says "Ratzel" and another sentence has both. Not
 * where the source has a word of its own in that place: "return filter" is not its "air filter".
 */
const isRestOfName = (
  word: Word,
  words: readonly Word[],
  statement: string,
  source: string,
  beside: readonly WordGround[],
): boolean => {
  if (word.stem === undefined) return false
  const said = latinWords(statement)
  const spoken = new Set(said)
  const at = said.indexOf(word.text)
  const head = said[at + 1]
  if (head === undefined || !words.some(({ text }) => text === head)) return false
  const there = latinWords(source)
  const places = there.flatMap((each, i) => (each === head ? [there[i - 1]] : []))
  const isBare = places.every((before) => before === undefined || spoken.has(before) || determiners.has(before))
  const isNamed = beside.some(({ folded }) => folded.includes(`${word.text} ${head}`))
  return places.length > 0 && isBare && isNamed
}

const joint = /(?:,|;|，|；|、|\band|和|及|与|並|并|および|また)\s*(?:then |also |to |the |an? |再|也|还)*$/iu

/** "…, and reset the alarm", 厚度和硬度: something more, which the source does not tell. */
const isAdded = ({ start, text }: Word, statement: string): boolean => {
  const before = statement.slice(0, start)
  return joint.test(before) && contentWords(before).length > 0 && text.length > 1
}

/** The words that decide what is spoken of and that the source lacks. */
export const foreignWords = (
  statement: string,
  source: string,
  context: string,
  { before, beside }: { readonly before: string; readonly beside: readonly WordGround[] },
): string[] => {
  const words = contentWords(statement)
  const figures = figuresOf(statement)
  const hasFigures = figures.measures.length > 0 || figures.codes.length > 0
  const ground = wordGround(`${source}\n${context}`)
  const spoken = wordGround(statement)
  // A sentence that names nothing of its own goes on about what the one before it is about.
  const goesOn = contentWords(source).every((word) => holdsWord(word, spoken))
  const above = wordGround(goesOn ? before : '')
  return words.flatMap((word, i) => {
    if (holdsWord(word, ground) || isImplied(word, figures) || isGeneric(word)) return []
    if (holdsExactly(word, above) || isRestOfName(word, words, statement, source, beside)) return []
    // A single character is a part of many words.
    const isElsewhere =
      (word.stem !== undefined || word.text.length > 1) && beside.some((each) => holdsExactly(word, each))
    const isFirst = i === 0 && word.stem === undefined && hasFigures && shareHeld(word, ground) < 0.75
    if (isElsewhere || isAdded(word, statement)) return [word.text]
    return word.isTopic || isFirst ? [word.text] : []
  })
}

/** 同时实行, 低于 7 kN 时: goes on with the same subject. */
const goingOn = /^\s*(?:同时|随后|然后|并|低于|高于|小于|大于|少于|多于|超过|不足|未满|达到)/u

const figure = /[\d.]+\s?[a-zμΩ°%/·]*/gi

const verbs = /^[属获为是有在用由达至占设含呈得作称加按需须可应]$/u

/** Whether a clause names no subject of its own: it begins with what is spoken of, or with a verb of one character (属, 获). */
const goesOnAbout = (clause: string, spoken: WordGround): boolean => {
  const [first] = contentWords(clause.replace(goingOn, '').replace(figure, ' '))
  return first !== undefined && first.stem === undefined && (verbs.test(first.text) || holdsWord(first, spoken))
}

/**
 * The statement's words that a rival's clause holds, where the figure's own clause speaks of something the statement does not name.
 * @param options.isOpening whether the rival opens the sentence: in Chinese and Japanese what it names is what later clauses without a subject are about
 * @param options.whole the statement that the clause is a part of
 */
const boundElsewhere = (
  clause: string,
  own: readonly string[],
  rival: string,
  { isOpening, whole }: { readonly isOpening: boolean; readonly whole: string },
): string | undefined => {
  const words = contentWords(clause)
  const spoken = wordGround(clause)
  const all = wordGround(whole)
  const told = figuresOf(clause).measures
  const valuesOf = (texts: readonly string[]) =>
    texts.flatMap((text) => figuresOf(text).measures.map(({ value }) => value))
  const [ours, theirs] = [wordGround(own.join('\n')), wordGround(rival)]
  const taken =
    words.find((word) => holdsWord(word, theirs) && !holdsWord(word, ours))?.text ??
    figuresOf(clause).codes.find(({ value }) => holdsCode(value, rival) && !own.some((each) => holdsCode(value, each)))
      ?.value ??
    told.find(({ value }) => valuesOf([rival]).includes(value) && !valuesOf(own).includes(value))?.value
  if (taken === undefined) return undefined
  const ownWords = own.flatMap((each) => contentWords(each))
  const ownCodes = own.flatMap((each) => figuresOf(each).codes)
  // The first inspection, or furnace 2, where the statement speaks of another.
  const ordinals = own.flatMap((each) => figuresOf(each).measures.filter(({ soft, unit }) => soft || unit === ''))
  const isUnnamed =
    // The rival's clause has all that is spoken of: "the outer mesh", where this one is of the mesh.
    (words.length > 1 &&
      contentWords(whole).every((word) => holdsWord(word, theirs) || !holdsWord(word, ours)) &&
      words.every((word) => holdsWord(word, theirs))) ||
    ordinals.some(({ value }) => !told.some((each) => each.value === value)) ||
    (!(isOpening && own.every((each) => goesOnAbout(each, all))) &&
      ownWords.some((word) => !holdsWord(word, theirs) && !holdsWord(word, spoken))) ||
    ownCodes.some(({ value }) => !holdsCode(value, rival) && !holdsCode(value, clause)) ||
    // "30 % in normal operation, fully open while purging": fully open is not said of normal operation.
    (told.length === 0 &&
      own.every((each) => figuresOf(each).measures.some(({ soft }) => !soft)) &&
      contentWords(rival).some((word) => !holdsWord(word, all) && !holdsWord(word, ours)))
  return isUnnamed ? taken : undefined
}

/**
 * Whether a clause tells something of its own with the word: of it, or of what else the statement names. "Finding oil and developing fields takes years" is one
 * thing. Of Chinese and Japanese, where a clause has few words, always.
 */
const isOfItsOwn = (clause: string, taken: string, spoken: string): boolean => {
  if (!/^[a-z]/.test(taken)) return true
  const ground = wordGround(clause)
  return (
    contentWords(clause)[0]?.text === taken || contentWords(spoken).filter((word) => holdsWord(word, ground)).length > 1
  )
}

export const isRival = (wanted: Measure, other: Measure): boolean =>
  other.unit === wanted.unit && other.value !== wanted.value

/** A clause that goes on about the one before: "which runs at 3 bar", ", the largest of the four", 它是, 共有, 这导致, 联合阻挡他的法案. */
const dependent =
  /^\s*(?:which|who|whose|that|it|its|this|these|those|they|their|he|she|his|her|where|(?:(?:one of )?the (?:[a-z]+-)?[a-z]{2,}est|an?\s.{0,40}?\b(?:who|which|that)))\b|^\s*(?:.{0,8}(?:它|其(?!余|他|它))|.*[他她]|共(?:有|计)|[这此该](?!外)|[也亦且又]|还(?!原)|并(?![联列])|(?:史|世|人)称|称(?:为|作|之)|名为|これ|それ|同)/iu

/** Says when, of what comes after it: "In early 1931,", 1931 (昭和6年)の时点で. */
const timeOnly =
  /^\s*(?:(?:in|on|by|since|until|from|during|as of)\s+)?(?:(?:early|mid|late|the (?:end|beginning|middle|summer|winter|spring|autumn) of)[\s-]*)?(?:[12]\d{3}(?:-\d{2}){0,2}|--\d{2}-\d{2})\s*(?:\((?:昭和|平成|令和|大正|明治|民国)?\s*\d{1,4}年?\))?\s*(?:の?(?:时点|末|初|初头|顷|当时|以来|以降)?(?:では|には|で|に|は)?|(?:年?)(?:时|末|初|间|以来|起)?)\s*$|^.{1,10}(?:世纪|年代|期间|时期|年间)(?:初|末|中|后|前)?\s*$|^\s*(?:当时|同年|其后|此后|后来|随后|截至.{1,12}时)\s*$/iu

const hasDate = /[12]\d{3}|--\d{2}/

/** Clauses with those that go on about them; a date that opens the sentence is that of every clause that names none. */
const joinDependent = (clauses: readonly { readonly text: string }[]): string[] => {
  const joined: string[] = []
  const [opening] = clauses
  const date = opening && timeOnly.test(opening.text) ? opening.text : ''
  for (const { text } of clauses) {
    const last = joined.at(-1)
    if (last !== undefined && (dependent.test(text) || timeOnly.test(last)))
      joined[joined.length - 1] = `${last} ${text}`
    else joined.push(last === undefined || hasDate.test(text) ? text : `${date} ${text}`)
  }
  return joined
}

/**
 * Where a sentence tells several things, each figure must be said of its own: "The pump runs at 5 bar and the filter at 3 bar."
 * @returns the words that stand with another figure
 */
export const crossedFigures = (statement: string, source: string): string[] => {
  const pieces = joinDependent(clausesOf(source)).map((text) => ({ text, figures: figuresOf(text) }))
  if (pieces.length < 2) return []
  const crossed: string[] = []
  const { measures: all } = figuresOf(statement)
  const hasCase = clausesOf(statement).some(({ text }) => isBareCondition(text) && /\p{Script=Han}/u.test(text))
  for (const { text } of clausesOf(statement)) {
    const { measures, codes } = figuresOf(text)
    // 熔接 PP 時，振幅設為 90%: the case is that of the only figure of its kind.
    const textOf = (measure: Measure): string => (hasCase && isOnlyOfUnit(measure, all) ? statement : text)
    const judge = (
      clause: string,
      holds: (piece: (typeof pieces)[number]) => boolean,
      rivals: (piece: (typeof pieces)[number]) => boolean,
    ) => {
      const own = pieces.filter(holds).map((each) => each.text)
      if (own.length === 0) return
      for (const rival of pieces.filter((each) => !holds(each) && rivals(each))) {
        const taken = boundElsewhere(clause, own, rival.text, { isOpening: rival === pieces[0], whole: statement })
        if (taken !== undefined) crossed.push(taken)
      }
    }
    for (const measure of measures)
      judge(
        textOf(measure),
        ({ figures }) => figures.measures.some((each) => agree(measure, each, source)),
        ({ figures }) => figures.measures.some((each) => !measures.some(({ value }) => value === each.value)),
      )
    for (const { value } of codes)
      judge(
        text,
        ({ figures }) => holdsCode(value, figures.canonical),
        ({ figures }) => figures.codes.some((each) => !codes.some((own) => own.value === each.value)),
      )
    // Words alone: "The red lamp means a fault and the green lamp means ready." Of pieces that hold as many of them, one must do without the others.
    const overlaps = pieces.map((piece) => clauseOverlap(text, piece.text))
    const most = Math.max(...overlaps)
    if (most === 0) continue
    const takenBeside = (own: (typeof pieces)[number]) =>
      pieces.flatMap((rival, i) => {
        const taken =
          rival === own
            ? undefined
            : boundElsewhere(text, [own.text], rival.text, { isOpening: i === 0, whole: statement })
        return taken !== undefined && isOfItsOwn(rival.text, taken, text) ? [taken] : []
      })
    const taken = pieces.filter((_, i) => overlaps[i] === most).map(takenBeside)
    if (taken.every(({ length }) => length > 0)) crossed.push(...(taken[0] ?? []))
  }
  return [...new Set(crossed)]
}

const respectively = /\brespectively\b|分别|各为|それぞれ/

/** "5 and 3 bar respectively" is supported as a whole and in its order only. */
export const isOutOfOrder = (statement: string, source: string): boolean => {
  const bareOf = (text: string) =>
    figuresOf(text)
      .measures.filter(({ unit }) => unit === '')
      .map(({ value }) => value)
  const [own, other] = [bareOf(statement), bareOf(source)]
  if (own.length > 2 && own.join() !== other.join() && [...own].sort().join() === [...other].sort().join()) return true
  if (!respectively.test(source)) return false
  const valuesOf = (text: string) => figuresOf(text).measures.map(({ value }) => value)
  if (valuesOf(statement).join() !== valuesOf(source).join()) return true
  const folded = wordGround(source).folded
  const places = contentWords(statement)
    .map(({ text }) => folded.indexOf(text))
    .filter((at) => at >= 0)
  return places.some((at, i) => at < (places[i - 1] ?? 0))
}

/**
 * Whether another sentence says of the very thing another figure: all words of the statement stand there, with less that it does not say, and its
 * figure does not.
 */
export const saidOtherwise = (statement: string, source: string, others: readonly string[]): boolean => {
  const words = contentWords(statement)
  const { measures } = figuresOf(statement)
  if (words.length === 0 || measures.length === 0) return false
  const spoken = wordGround(statement)
  const judge = (text: string) => {
    const ground = wordGround(text)
    return {
      held: words.filter((word) => holdsWord(word, ground)).length,
      extra: contentWords(text).filter((word) => !holdsWord(word, spoken)).length,
    }
  }
  const own = judge(source)
  return others.some((text) => {
    const figures = figuresOf(text)
    const isOther = measures.some(
      (measure) =>
        !figures.measures.some((each) => each.value === measure.value) &&
        figures.measures.some((each) => isRival(measure, each)),
    )
    if (!isOther) return false
    const { held, extra } = judge(text)
    return held > own.held || (held === own.held && held === words.length && extra < own.extra)
  })
}
