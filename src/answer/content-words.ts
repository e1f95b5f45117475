/**
 * The words of a text that carry its meaning, for telling what a statement speaks of: nouns, verbs and adjectives, without grammar, figures and
 * the phrases that drafts put around facts ("according to the manual"). In: any text. Out: words in lower case and Simplified characters.
 * Languages without blanks are cut by `Intl.Segmenter`; whether another text holds a word is asked of its characters, as its cuts may differ.
 */
import { stemmer } from 'stemmer'
import { foldText } from '../core/search-terms.ts'

const light = new Set(
  (
    'a an and any are as at be been being but by can could did do does done for from had has have having he her his how i if in into is it its just may me might ' +
    'must my no not of off on onto or our ought out over own per please shall she should since so some such than that the their them then there therefore these they this those ' +
    'through thus to too up upon us use used uses using very via was we were what when where whereas which while who whom whose why will with within without would yes you your ' +
    'according accordance manual document documents documentation guide text passage section chapter page table row column source sources says say said states state stated stating specified specifies specify ' +
    'specification recommended recommends recommend given gives note noted notes listed lists shown shows indicated indicates mentioned described following follows described ' +
    'value values about approximately around least most more less maximum minimum max min exceed exceeds exceeding above below under between up every each once twice all both only also ' +
    'took taken taking made making gave giving came come comes went goes done became become becomes ' +
    'need needs needed require requires required requirement have allowed permitted never cannot always item case order make makes sure ensure set sets equal equals amount amounts rated rating nominal carry carried out place takes take ' +
    'after before during until first second third half dozen quarter one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty hundred thousand million operating ' +
    'don doesn didn isn aren won shouldn mustn can t s'
  ).split(' '),
)

const lightHan = new Set(
  foldText(
    '的 之 在 為 是 應 每 須 以 於 及 和 與 並 請 將 把 被 等 有 無 可 需 會 要 其 此 該 這 那 了 著 過 由 從 至 到 向 對 按 依 當 時 後 前 先 再 就 才 則 若 如 或 但 而 且 也 都 只 僅 不 勿 未 沒 非 中 上 下 內 外 間 個 次 度 年 月 日 天 分 秒 後 約 ' +
      '必須 應該 應當 可以 能夠 需要 不得 不可 不要 不能 不應 請勿 切勿 禁止 嚴禁 允許 建議 推薦 無需 不必 根據 按照 依據 依照 手冊 說明書 說明 文件 資料 規定 記載 表 表格 表中 所示 如下 其中 規格 數值 值 進行 使用 採用 執行 如果 以上 以下 以內 超過 未滿 最大 最小 最高 最低 至少 最多 至多 大約 左右 之間 ' +
      '是在 是由 是以 是為 是於 是從 就是 也是 都是 才是 便是 而是 即是 以及 並且 而且 但是 因此 所以 為了 一次 一個 兩個 本機 本 之前 之後 以前 以後 然後 時候 情況 方面 一般 小時 分鐘 個月 攝氏 每隔 每次 ' +
      'によると よれば 書 書籍 說明書 説明 説明書 取扱 取扱説明書 マニュアル 資料 文書 規定 場合 こと もの ため とき 必要 使用 実施 行う 行 以上 以下 未満 以内 最大 最小 最高 最低 可能 推奨 必 時間 間 毎 第 約 値 回 本 個 日間 年間 ヶ月 か月 設定 定 超 記載 示 仕様 できる 従 指定',
  ).split(' '),
)

/** Verbs that drafts put for each other. */
const synonyms = [
  'replace change exchange substitute renew swap',
  'check inspect verify examine inspection',
  'begin began begun start',
  'stop halt shut shutdown',
  'run operate work operation',
  'fasten tighten torque',
  'fit mount install installation',
  'remove detach dismount',
  'grease lubricate lubrication',
  'clean wash',
  'wear put',
  'measure gauge',
  'supply feed',
  'show display indicate',
  'prohibit forbid forbidden prohibited',
  'mean denote indicate',
].map((group) => group.split(' ').map((each) => stemmer(each)))
const synonymsHan = [
  '更换 替换 换 交换 取り替 取替 调换',
  '检查 检验 点检 确认 点検 検査 检点',
  '安装 装 装设 取り付け 取付',
  '拆卸 拆下 取下 取り外 拆除',
  '运行 运转 作动 动作 工作 运転 稼働 稼动',
  '扭矩 扭力 转矩 トルク',
  '旋紧 拧紧 锁紧 缔め 缔付 締め 紧固 上紧',
  '戴 佩戴 穿戴 配戴 着用 穿',
  '清洁 清洗 清扫 洗净 清掃',
  '注油 润滑 给油 加油',
  '表示 代表 指 示 意味 意为',
].map((group) => group.split(' ').map(foldText))

export interface Word {
  readonly text: string
  /** Of English words. */
  readonly stem?: string
  readonly start: number
  /** Follows an article, or stands before an auxiliary: what is spoken of, in English. */
  readonly isTopic: boolean
}

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' })
const run =
  /[A-Za-zÀ-ɏ]+(?:['’](?:s|t|re))?|[\p{Script=Katakana}ー]+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}々〆]+/gu
const isKatakana = /^[\p{Script=Katakana}ー]/u
const isLatin = /^[A-Za-zÀ-ɏ]/
const articles = new Set(['the', 'a', 'an', 'its', 'this', 'each', 'every', 'both'])
const auxiliaries = /^\s(?:is|are|was|were|must|shall|should|can|may|has|have|will|needs?)\b/
/** A segment keeps a copy of the whole input. */
const runLimit = 200

/** Cuts of one character that touch are one word that the dictionary does not know. */
const joinSingles = (words: readonly Word[]): Word[] => {
  const joined: Word[] = []
  const singles = new Set<number>()
  for (const word of words) {
    const last = joined.at(-1)
    const isSingle = word.text.length === 1 && /\p{Script=Han}/u.test(word.text)
    if (last && isSingle && singles.has(last.start) && last.start + last.text.length === word.start)
      joined[joined.length - 1] = { ...last, text: last.text + word.text }
    else {
      joined.push(word)
      if (isSingle) singles.add(word.start)
    }
  }
  return joined
}

/** Light by themselves, but parts of words: 日班, 月台. */
const mayJoin = new Set(['日', '月', '年', '天'])

const hanWords = (text: string, offset: number): Word[] => {
  const words: Word[] = []
  for (let at = 0; at < text.length; at += runLimit) {
    for (const { segment, index } of segmenter.segment(text.slice(at, at + runLimit))) {
      // The kana at the end of a Japanese word are its inflection.
      const stem = foldText(segment).replace(/(?<=\p{Script=Han})\p{Script=Hiragana}+$/u, '')
      if (stem === '' || /^\p{Script=Hiragana}+$/u.test(stem)) continue
      if (lightHan.has(stem) && !mayJoin.has(stem)) continue
      if (/^[一二三四五六七八九十百千万两]+\p{Script=Han}?$/u.test(stem)) continue
      words.push({ text: stem, start: offset + at + index, isTopic: false })
    }
  }
  return joinSingles(words).filter(({ text: word }) => !lightHan.has(word))
}

const limit = 4_000
const known = new Map<string, readonly Word[]>()

export const contentWords = (text: string): readonly Word[] => {
  const found = known.get(text)
  if (found) return found
  const plain = text.normalize('NFKC')
  const words: Word[] = []
  let previous = ''
  for (const match of plain.matchAll(run)) {
    const [piece] = match
    const start = match.index
    if (isKatakana.test(piece)) {
      // The dictionary cuts names of parts anywhere.
      if (piece.length > 1 && !lightHan.has(piece)) words.push({ text: foldText(piece), start, isTopic: false })
      continue
    }
    if (!isLatin.test(piece)) {
      words.push(...hanWords(piece, start))
      continue
    }
    const word = piece.toLowerCase().replace(/['’].*$/, '')
    const isPartOfCode = /[\d]$/.test(plain.slice(0, start)) || /^[-_.]?\d/.test(plain.slice(start + piece.length))
    if (!light.has(word) && word.length > 1 && !isPartOfCode) {
      const isTopic = articles.has(previous) || auxiliaries.test(plain.slice(start + piece.length))
      words.push({ text: word, stem: stemmer(word), start, isTopic })
    }
    previous = word
  }
  if (known.size >= limit) known.clear()
  known.set(text, words)
  return words
}

/** Folded, without blanks and marks. */
export const lettersOf = (text: string): string => foldText(text).replace(/[^\p{L}\p{N}]/gu, '')

export interface WordGround {
  readonly folded: string
  readonly stems: ReadonlySet<string>
}

const grounds = new Map<string, WordGround>()

/** A text as it is asked for words. */
export const wordGround = (text: string): WordGround => {
  const found = grounds.get(text)
  if (found) return found
  const folded = foldText(text)
  const stems = new Set((folded.match(/[a-zà-ɏ]+/g) ?? []).map((each) => stemmer(each)))
  const ground = { folded, stems }
  if (grounds.size >= limit) grounds.clear()
  grounds.set(text, ground)
  return ground
}

/** Whether the text has the very word, inflected or not. */
export const holdsExactly = (word: Word, ground: WordGround): boolean =>
  word.stem === undefined ? ground.folded.includes(word.text) : ground.stems.has(word.stem)

/** A fastener has the stem of what it does, and is another thing. */
const doer = /ers?$/

/** Whether the text has the word, or a verb that means the same. */
export const holdsWord = (word: Word, ground: WordGround): boolean => {
  if (holdsExactly(word, ground)) return true
  if (word.stem !== undefined) {
    if (doer.test(word.text)) return false
    const { stem } = word
    return synonyms.some((group) => group.includes(stem) && group.some((each) => ground.stems.has(each)))
  }
  return synonymsHan.some((group) => group.includes(word.text) && group.some((each) => ground.folded.includes(each)))
}

/** 0 to 1: of a word of Chinese or Japanese that is not there, the share of its pairs of characters that are. */
export const shareHeld = (word: Word, ground: WordGround): number => {
  if (holdsWord(word, ground)) return 1
  if (word.stem !== undefined || word.text.length < 3) return 0
  const pairs = [...word.text].slice(1).map((character, i) => `${[...word.text][i]}${character}`)
  return pairs.filter((pair) => ground.folded.includes(pair)).length / pairs.length
}
