/**
 * Whether a text forbids, denies, demands or permits: a statement that tells to do what the manual forbids holds all of its words. In: a
 * statement and its source, in any of Kura's languages. Out: whether they agree, clause by clause. Only markers that seldom mean anything else
 * are looked for, so that 不銹鋼 and しなければならない are no negations; bounds (不超過, must not exceed) are comparison.ts's.
 */
import { toSimplified } from '../core/chinese-script.ts'
import { nearestClauses } from './clause-overlap.ts'
import { clausesOf } from './clauses.ts'
import { contentWords, holdsWord, wordGround } from './content-words.ts'
import { figuresOf } from './figures.ts'
import { rewriteNumbers } from './number-words.ts'

/** forbidden: do not; denied: is not, cannot; unneeded: need not. */
type Denial = 'forbidden' | 'denied' | 'unneeded'
type Force = 'must' | 'recommended' | 'may'

const of = (english: string, asian: string) =>
  new RegExp([english, toSimplified(asian)].filter((each) => each !== '').join('|'), 'i')

/** Taken out before anything is looked for: no denials, though they look so. */
const innocent = new RegExp(
  [
    '\\bnot only\\b|\\bif not\\b|\\bwhether or not\\b|\\bno\\.?(?=\\s?\\d)|\\bNo\\.',
    "\\b(?:must|shall|should|may|can|do|does)?\\s?(?:not|never|n't)\\b (?:be )?(?:allowed to )?(?:exceed|rise above|fall below|drop below)(?:s|ed|ing)?",
    '\\b(?:not|no) (?:\\w+ ){0,2}(?:more|less|greater|higher|lower|fewer|longer|shorter|later|earlier|larger|smaller) than|\\bnot (?:over|under|above|below)\\b|\\bwithout exceeding\\b',
    '(?:不得|不可|不能|不應|不要|請勿|切勿|勿|不)(?:可|能|得)?(?:超過|大於|高於|多於|低於|小於|少於|短於|逾)|不得不|不到|不足|不下|未滿|未満|未達',
    'を?(?:超え|上回ら|下回ら)(?:ない|て(?:は(?:いけません|いけない|ならない|なりません)|(?:使用|運転|設定)?しないで))(?:こと|でください|ください|ように)?',
    '不(?:銹|锈|鏽|同|斷|断|良|僅|仅|但|論|论|管|明|一|平|穩|稳|均|當|当|慎|規|规|純|久|時|时|便|利|燃|透|變|变|正|具合|可欠|可避免|安定|粘|沾|等|良品|合格品|符)|未來|未来|無(?:線|線|论|論|塵|尘|鉛|铅|刷|縫|缝|極|级|機|菌|紡|油|人)|无(?:线|论|尘|铅|刷|缝|极|级|机|菌|纺|油|人)|非常|除非常|少ない|危ない|少なく|できるだけ|必ず|可能性|可能な限り',
    '(?:なければ|なくては|ねば|ないと)(?:なら|なり|いけ)(?:ない|ません)(?=.{0,3}$|[。、,])',
  ]
    .map(toSimplified)
    .join('|'),
  'gi',
)
const mustBeforeRemoval = of('', '(?:なければ|なくては|ねば|ないと)(?:なら|なり|いけ)(?:ない|ません)|必ず|不得不')

const unneeded = of(
  "\\bneed(?:s)? not\\b|\\bneedn't\\b|\\b(?:do|does|is|are|need)(?:n't| not) (?:be )?(?:need|needed|have to|require|required|necessary)\\b|\\bnot (?:necessary|required|needed)\\b|\\bno need\\b|\\bunnecessary\\b|\\bno (?:\\w+ ){1,2}(?:is|are) (?:needed|required|necessary)\\b",
  '無需|無須|不必|不需|不用|毋須|毋需|必要(?:は|が)?(?:な[いくし]|ありません|ございません)|(?:は|が)不要|不要です|不要で|なくても?(?:よい|良い|いい|構|かま)',
)
const forbidden = of(
  "\\b(?:must|shall|may|should|can|could|do|will) ?(?:not|never)\\b|\\b(?:mustn|shouldn|don|won)'t\\b|\\bcannot\\b|\\bcan't\\b|\\bnever\\b|\\bprohibit|\\bforbid|\\bforbidden\\b|\\bnot (?:allowed|permitted|permissible)\\b|\\bavoid|\\bdisallow|\\b(?:is|are) not to be\\b",
  '不得|不可(?!避|逆|或缺)|不要|不應|不許|不准|不能|請勿|切勿|勿|禁止|嚴禁|厳禁|避免|毋(?!需|須)|ないで|(?:て|で)は(?:いけ|なら|なり)(?:ない|ません)|てはいけ|しないこと|ないこと|ないよう|べからず|避け',
)
const denied = of(
  "\\bnot\\b|\\wn't\\b|\\bno longer\\b|\\bwithout\\b|\\bneither\\b|\\bnor\\b|\\bnone\\b|\\bno\\b|\\bunless\\b|\\bunable\\b",
  '沒有|無法|並非|不是|除非|不|未|無(?!需|須)|没|ません|ない(?!で|こと|よう)|なし(?!て)|ずに|ことなく|せず|なく(?!て)|なかった',
)
const recommended = of('\\brecommend|\\badvis(?:ed|able)\\b', '建議|推薦|推奨|望ましい|宜(?!家)')
const must = of(
  '\\bmust\\b|\\bshall\\b|\\b(?:has|have) to\\b|\\brequired to\\b|\\bmandatory\\b|\\bcompulsory\\b|\\bobligatory\\b',
  '必須|應(?!用|急|力|變|答|對|付)|須(?!知)|務必|一定要|する必要がある|必要があります|こと[。]?$|義務',
)
const strictlyMay = of(
  '\\bmay\\b|\\boptional|\\bis allowed\\b|\\bare allowed\\b|\\bis permitted\\b|\\bare permitted\\b',
  '可以(?!被)|允許|てもよい|ても良い|てもいい|て構わ|てもかま|許可され|可選',
)
const weaklyMay = of(
  '\\bcan\\b|\\bcould\\b',
  '可(?!能|靠|視|燃|編|調|變|逆|選|動|移|追|見|塑|欠|避|或缺)|能夠|才能|方能|只能|できる|できます|可能',
)

/** "Allowed to drive at up to 5 km/h" permits no more than a limit does. */
const upToLimit = of(
  '\\b(?:maximum|up to|at most|no more than)\\b.*\\d',
  '(?:最多|最大|上限).*\\d|\\d.*(?:以下|以內|まで)',
)

const everyDenial = new RegExp(`${unneeded.source}|${forbidden.source}|${denied.source}`, 'gi')

interface Mood {
  /** "Never start without coolant" denies twice; with one of them gone it says the opposite. */
  readonly denials: number
  readonly denial: Denial | undefined
  readonly force: Force | 'can' | undefined
}

const permission = (plain: string): Mood['force'] => (upToLimit.test(plain) ? 'can' : 'may')

const moodOf = (text: string): Mood => {
  const isObliged = mustBeforeRemoval.test(text)
  const plain = text.replaceAll('’', "'").replace(innocent, ' ')
  const denial = unneeded.test(plain)
    ? 'unneeded'
    : forbidden.test(plain)
      ? 'forbidden'
      : denied.test(plain)
        ? 'denied'
        : undefined
  const force = recommended.test(plain)
    ? 'recommended'
    : isObliged || must.test(plain)
      ? 'must'
      : strictlyMay.test(plain)
        ? permission(plain)
        : weaklyMay.test(plain)
          ? 'can'
          : undefined
  return { denial, force, denials: plain.match(everyDenial)?.length ?? 0 }
}

/** Whether a text forbids, denies or says that there is no need. */
export const denies = (text: string): boolean => moodOf(rewriteNumbers(text)).denial !== undefined

/** Whether a source denies what a text denies: in the clause that speaks most of it. */
export const isDeniedIn = (text: string, source: string): boolean => {
  const clauses = clausesOf(rewriteNumbers(source)).map((each) => ({ ...each, mood: moodOf(each.text) }))
  return nearestClauses(rewriteNumbers(text), clauses).some(({ mood }) => mood.denial !== undefined)
}

/** "do not", "must not" and "cannot" are put for each other; "need not" is another thing. */
const sameDenial = (a: Denial | undefined, b: Denial | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a !== 'unneeded' && b !== 'unneeded')

const sameForce = (wanted: Mood['force'], held: Mood['force']): boolean => {
  if (wanted === held) return true
  if (wanted === 'must') return held === undefined
  if (wanted === 'may') return held === 'can'
  if (wanted === 'can') return held !== 'must' && held !== 'recommended'
  if (wanted === 'recommended') return held === undefined
  return held !== 'recommended'
}

/** A clause whose words stand in the statement to this share is spoken of. */
const minTouched = 0.6

/** A Japanese sentence ends in what is done: it must not be what only a denying clause of the source says. */
const isPredicateDenied = (statement: string, others: readonly MoodClause[]): boolean => {
  const last = /\p{Script=Hiragana}/u.test(statement) ? contentWords(statement).at(-1) : undefined
  const holding = last ? others.filter(({ text }) => holdsWord(last, wordGround(text))) : []
  return holding.length > 0 && holding.every(({ mood }) => mood.denial !== undefined)
}

/** "Not required in zone 1" says nothing of zone 2. */
const isOfOtherFigures = (clause: string, statement: string): boolean => {
  const [own, told] = [figuresOf(clause), figuresOf(statement)]
  const values = [...own.measures, ...own.codes].map(({ value }) => value)
  const others = [...told.measures, ...told.codes].map(({ value }) => value)
  return values.length > 0 && others.length > 0 && !values.some((value) => others.includes(value))
}

/** @param byClause false where the two are in different languages, so that clauses can not be matched by their words */
export const moodsAgree = (statement: string, source: string, byClause = true): boolean => {
  const [wantedText, heldText] = [rewriteNumbers(statement), rewriteNumbers(source)]
  const [wanted, held] = [moodOf(wantedText), moodOf(heldText)]
  if (!byClause) {
    if (!sameDenial(wanted.denial, held.denial) || wanted.denials % 2 !== held.denials % 2) return false
    return wanted.denial !== undefined || sameForce(wanted.force, held.force)
  }
  const own = clausesOf(wantedText).map((each) => ({
    ...each,
    mood: moodOf(each.text),
    words: contentWords(each.text),
  }))
  const others = clausesOf(heldText).map((each) => ({
    ...each,
    mood: moodOf(each.text),
    words: contentWords(each.text),
    ground: wordGround(each.text),
  }))
  if (wanted.denial === undefined && held.denial === undefined) return forcesAgree(wanted, held, own, others)
  for (const clause of own) {
    if (clause.mood.denial === undefined) continue
    const nearest = nearestClauses(clause.text, others)
    if (!nearest.some(({ mood }) => sameDenial(clause.mood.denial, mood.denial))) return false
  }
  if (wanted.denial === undefined && isPredicateDenied(wantedText, others)) return false
  const whole = wordGround(wantedText)
  let touchedDenials = 0
  for (const clause of others) {
    if (clause.mood.denial === undefined) continue
    const touched = clause.words.filter((word) => holdsWord(word, whole)).length
    const isTouched = clause.words.length === 0 ? others.length === 1 : touched >= clause.words.length * minTouched
    if (!isTouched || isOfOtherFigures(clause.text, wantedText)) continue
    touchedDenials += clause.mood.denials
    const agrees = own.some(
      ({ mood, words }) =>
        mood.denial !== undefined &&
        sameDenial(mood.denial, clause.mood.denial) &&
        (words.length === 0 || clause.words.length === 0 || words.some((word) => holdsWord(word, clause.ground))),
    )
    if (!agrees) return false
  }
  if (touchedDenials % 2 !== wanted.denials % 2) return false
  // What is demanded or permitted beside the denial.
  return own.every(({ mood, text }) => {
    if (mood.denial !== undefined || mood.force === undefined) return true
    const nearest = nearestClauses(text, others)
    return nearest.some((each) => each.mood.denial !== undefined || sameForce(mood.force, each.mood.force))
  })
}

interface MoodClause {
  readonly mood: Mood
  readonly text: string
}

/** Force is compared between the clauses that speak of the same; a sentence of one force is compared as a whole. */
const forcesAgree = (wanted: Mood, held: Mood, own: readonly MoodClause[], others: readonly MoodClause[]): boolean => {
  if (others.length < 2) return sameForce(wanted.force, held.force)
  return own.every((clause) => {
    if (clause.mood.force === undefined && wanted.force !== undefined) return true
    return nearestClauses(clause.text, others).some(({ mood }) => sameForce(clause.mood.force, mood.force))
  })
}
