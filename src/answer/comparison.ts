/**
 * What a number bounds: "at least 5 bar" is no support for "at most 5 bar", nor for "5 bar". In: a statement and its source. Out: the measures
 * of the statement that the source bounds otherwise.
 */
import { toSimplified } from '../core/chinese-script.ts'
import { agree, type Figures, figuresOf, isOnlyOfUnit, type Measure, nameOfMeasure } from './figures.ts'

type Bound = 'at least' | 'at most' | 'above' | 'below' | 'low' | 'high' | 'exactly'

const of = (english: string, asian: string, flags = 'gi') =>
  new RegExp([english, toSimplified(asian)].filter((each) => each !== '').join('|'), flags)
const than = '(?:more|greater|higher|larger|longer|later|hotter|warmer|heavier|thicker|deeper) than'
const lessThan = '(?:less|lower|smaller|fewer|shorter|earlier|colder|cooler|lighter|thinner) than'

/** Before the number; of those that overlap the earlier in this list wins, then the one nearest to the number. */
const before: readonly (readonly [Bound, RegExp])[] = [
  [
    'at most',
    of(
      `\\b(?:not|never|no|cannot|n't|without)\\b(?: \\w+){0,2}? ?(?:exceed(?:s|ed|ing)?|${than}|over|above|beyond|rise above)`,
      '(?:不得|不可|不能|不應|不要|請勿|切勿|勿|不|未)(?:可|能|得)?(?:超過|大於|高於|多於|逾)',
    ),
  ],
  [
    'at least',
    of(
      `\\b(?:not|never|no|cannot|n't)\\b(?: \\w+){0,2}? ?(?:${lessThan}|below|under|fall below|drop below)`,
      '(?:不得|不可|不能|不應|請勿|切勿|勿|不)(?:可|能|得)?(?:低於|小於|少於|短於)|不下',
    ),
  ],
  [
    'at most',
    of(
      '\\bat (?:the )?most\\b|\\bup to\\b|\\bmax(?:imum|\\b\\.?)|\\bwithin\\b|\\bless than or equal to|≤|<=|\\blimited to\\b|\\bupper limit',
      '最大|最高|最多|至多|上限|小於等於|小於或等於|以內|多くとも|せいぜい',
    ),
  ],
  [
    'at least',
    of(
      '\\bat least\\b|(?<![/\\d] ?)\\bmin(?:imum\\b|\\b\\.?)|\\bgreater than or equal to|\\bmore than or equal to|≥|>=|\\blower limit',
      '最小|最低|最少|至少|下限|大於等於|大於或等於|少なくとも',
    ),
  ],
  ['above', of(`\\b${than}|\\bover\\b|\\babove\\b|\\bexceed(?:s|ed|ing)?\\b|\\bbeyond\\b|>`, '超過|大於|高於|多於|逾')],
  ['below', of(`\\b${lessThan}|\\bbelow\\b|\\bunder\\b|<`, '小於|低於|少於|短於|不足|不到|未達')],
]
const after: readonly (readonly [Bound, RegExp])[] = [
  [
    'at most',
    of(
      '^\\s?(?:or (?:less|below|lower|fewer|under|shorter|smaller)|at (?:the )?most|max(?:imum)?\\b|\\(max)',
      '^\\s?(?:或)?(?:以下|以內|以内|まで|を?超えない|を?超えては|を?超えて(?:使用|運転|設定)?しないで|を上回らない|を上限)',
      'i',
    ),
  ],
  [
    'at least',
    of(
      '^\\s?(?:or (?:more|above|higher|greater|over|longer|larger)|at least|min(?:imum)\\b|\\(min)',
      '^\\s?(?:或)?(?:以上|を?下回らない|を?下回っては|を下限)',
      'i',
    ),
  ],
  ['below', of('', '^\\s?(?:未滿|未満|未满|を?下回|より小さ|より低)', 'i')],
  ['above', of('', '^\\s?(?:を?超え|超(?!え)|を?上回|より大き|より高|を?越え)', 'i')],
]

const clauseBreak = /[;；。，、|\n]|,\s|\s(?:and|but|or)\s/g

const boundOf = (figures: Figures, measure: Measure): Bound => {
  if (measure.range !== undefined) return measure.range
  const { canonical, measures } = figures
  // Where the unit is a counted noun, what follows the noun bounds it: 3 persons or more.
  const behind = canonical.slice(measure.end).replace(measure.unit.startsWith('#') ? /^\s[a-z]+/i : /^$/, '')
  const following = after.find(([, pattern]) => pattern.test(behind))
  if (following) return following[0]
  const previous = Math.max(0, ...measures.filter(({ end }) => end <= measure.start).map(({ end }) => end))
  const lead = canonical.slice(previous, measure.start)
  const broken = [...lead.matchAll(clauseBreak)].at(-1)
  const clause = broken ? lead.slice(broken.index + broken[0].length) : lead
  let nearest: { bound: Bound; start: number; end: number } | undefined
  for (const [bound, pattern] of before) {
    for (const match of clause.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length]
      const overlaps = nearest !== undefined && start < nearest.end && end > nearest.start
      if (!overlaps && (nearest === undefined || end > nearest.end)) nearest = { bound, start, end }
    }
  }
  return nearest?.bound ?? 'exactly'
}

/** "at least 5" is true of what lies between 5 and 10. */
const same = (wanted: Bound, held: Bound): boolean =>
  wanted === held ||
  (wanted === 'at least' && held === 'low') ||
  (wanted === 'at most' && held === 'high') ||
  (wanted === 'low' && held === 'at least') ||
  (wanted === 'high' && held === 'at most')

/** The bound is said elsewhere in the sentence: "5 bar is the maximum". */
const saysElsewhere = (wanted: Bound, held: Bound, figures: Figures, measure: Measure): boolean => {
  if (held !== 'exactly' || (wanted !== 'at most' && wanted !== 'at least')) return false
  const rest = figures.canonical.slice(measure.end)
  return (
    isOnlyOfUnit(measure, figures.measures) &&
    (wanted === 'at most' ? /\bmax(?:imum)?\b|最大|最高|上限/i : /\bmin(?:imum)\b|最小|最低|下限/i).test(rest)
  )
}

/** Named as in `figuresMissing`, with the bound that the statement gives. */
export const boundsMissing = (statement: string, source: string): string[] => {
  const wanted = figuresOf(statement)
  const held = figuresOf(source)
  return wanted.measures.flatMap((measure) => {
    const sources = held.measures.filter((each) => agree(measure, each, held.canonical))
    if (sources.length === 0) return []
    const bound = boundOf(wanted, measure)
    const agrees = sources.some((each) => {
      const other = boundOf(held, each)
      return (
        same(bound, other) || saysElsewhere(bound, other, held, each) || saysElsewhere(other, bound, wanted, measure)
      )
    })
    return agrees ? [] : [`${bound} ${nameOfMeasure(measure)}`]
  })
}

const extreme = /(?<!\bat (?:the )?)\b(?:most|least)\b|最も|もっとも|一番/giu
const saysExtreme =
  /\b(?:most|least|mostly|mainly|main|majority|largely|chief|chiefly|primary|primarily|best|worst|\p{L}{3,}est)\b|最|もっとも|一番/iu

/** "Resonated least with" is not what "resonated with" says. In: canonical texts. @returns the words of the statement */
export const extremesMissing = (statement: string, source: string): string[] =>
  saysExtreme.test(source.replace(/\bat (?:the )?(?:most|least)\b/giu, '')) ? [] : [...(statement.match(extreme) ?? [])]
