/**
 * Pairs of words that turn a statement into its opposite: open and close, 順時針 and 逆時針. The table is one for all languages, so that an English
 * statement is compared with a Chinese source as well. Out: patterns for canonical texts. Used by `opposites.ts`.
 */
import { toSimplified } from '../core/chinese-script.ts'

/** English words (any inflection), then words of Chinese and Japanese; of both sides. */
const table: readonly (readonly [english: string, asian: string, englishOpposite: string, asianOpposite: string])[] = [
  [
    'open',
    '打開|開啟|開放|開く|開け|開い|開き(?!直|口)|開閥|拉開',
    'close|shut',
    '關閉|關上|關閥|合上|閉じ|閉め|閉ま|閉鎖',
  ],
  [
    '(?:switch|turn|power)(?:es|s|ed|ing)? (?:\\w+ ){0,3}?on|energi[sz]e|activate',
    '接通|開機|通電|オン|投入|電源を入れ',
    '(?:switch|turn|power)(?:es|s|ed|ing)? (?:\\w+ ){0,3}?off|de-energi[sz]e|deactivate',
    '切斷|關機|斷電|オフ|遮断|電源を切|電源を落と',
  ],
  ['start|continue|resume', '啟動|起動|始動|開始|繼續|継続|続行|続け', 'stop|halt', '停止|停機|終止|停車|中止'],
  ['return|enter|arrive', '返回|進入|回到|入場|入室', 'leave|exit|depart', '離開|退出|離れ|退場|退室'],
  ['start of', '開始時|始業', 'end of', '終了時|終業|結束時'],
  ['inwards?', '', 'outwards?', ''],
  ['', '第1(?!\\d)|最初の', '', '最後(?:1|一|的|の)'],
  [
    'increase|raise|rise',
    '增加|增大|提高|上升|升高|調高|増や|増加|上げ|上昇|増大',
    'decrease|reduce|lower(?=s|ed|ing|\\sthe)|fall|drop',
    '減少|減小|降低|下降|調低|減ら|下げ|低下',
  ],
  [
    'left|left-hand|leftward',
    '往左|左側|左邊|向左|左方|左端|左の|左へ|左に|左(?=前|後|上|下)',
    'right|right-hand|rightward',
    '往右|右側|右邊|向右|右方|右端|右の|右へ|右に|右(?=前|後|上|下)',
  ],
  [
    '(?<!counter|counter-|anti|anti-)clockwise',
    '順時針|(?<!反|逆)時計回り|(?<!反|逆)時計方向|右回り|右回転',
    'counter-?clockwise|anti-?clockwise',
    '逆時針|反時針|反時計回り|反時計方向|左回り|左回転',
  ],
  [
    'upper|top|upward',
    '上部|上側|上限|上方|上端|頂部|上面|上層|上段|上(?=輥|蓋|模|輪|臂|軸|板|罩|刀)',
    'lower(?!s|ed|ing)|bottom|downward',
    '下部|下側|下限|下方|下端|底部|下面|下層|下段|下(?=輥|蓋|模|輪|臂|軸|板|罩|刀)',
  ],
  ['maximum|max\\.?', '最大|最高|最多', 'minimum|(?<!\\d\\s?)min\\.?', '最小|最低|最少'],
  ['heat|warm', '加熱|加温|升溫|昇温', 'cool', '冷卻|冷却|降溫|降温'],
  ['hot', '高溫|熱水|熱態|高温|熱い|熱間', 'cold', '低溫|冷水|冷態|低温|冷たい|冷間'],
  [
    'high|higher|highest',
    '高壓|高速|高圧|較高|高い|高位|高電壓',
    'low|lower(?!s|ed|ing)|lowest',
    '低壓|低速|低圧|較低|低い|低位|低電壓',
  ],
  [
    'front|forward',
    '前側|前面|前部|前端|前方|前進|前(?=輪|門|蓋|軸|罩|板)',
    'rear|back|backward|reverse',
    '後側|後面|後部|後端|後方|後退|背面|後(?=輪|門|蓋|軸|罩|板)',
  ],
  [
    'inlet|intake|suction',
    '入口|進口|吸入|進氣|進風|進油|進水|吸込',
    'outlet|discharge|exhaust',
    '出口|排出|排氣|出風|出水|出油|回油|吐出',
  ],
  ['input', '輸入|入力', 'output', '輸出|出力'],
  ['inside|inner|internal', '內側|內部|内側|内部|內圈|内径|內徑', 'outside|outer|external', '外側|外部|外圈|外径|外徑'],
  ['(?<!dis)connect', '連接|接上|接続|插入', 'disconnect|unplug', '斷開|拔下|拔出|切り離|外し'],
  [
    'tighten',
    '旋緊|擰緊|鎖緊|締め付け|締める|締めて|緊固|上緊|拴緊',
    'loosen|slacken',
    '旋鬆|擰鬆|鬆開|放鬆|緩め|ゆるめ|弛め',
  ],
  [
    'install|mount|attach',
    '安裝|裝上|取り付け|取付|装着',
    'remove|detach|dismount|uninstall',
    '拆卸|拆下|取下|拆除|取り外|取外',
  ],
  ['enable', '啟用|有効', 'disable', '停用|禁用|無効'],
  ['(?<!un)lock', '鎖定|上鎖|施錠|ロック(?!解除|を解除)', 'unlock', '解鎖|解錠|ロック解除|ロックを解除'],
  ['fill', '注入|加注|加滿|充填|注油|給油', 'drain|empty', '排放|排空|放油|排油|抜き取|排水'],
  ['positive', '正極|陽極|正電|プラス', 'negative', '負極|陰極|負電|マイナス'],
  ['horizontal|horizontally', '水平', 'vertical|vertically', '垂直|鉛直'],
  ['dry', '乾燥|乾いた', 'wet|damp|moist', '潮濕|濕潤|湿った|濡れ'],
  ['automatic|automatically', '自動', 'manually|manual mode|manual operation|by hand', '手動'],
  ['parallel', '並聯|並列', 'series', '串聯|直列'],
  ['(?<![A-Z])AC(?![A-Z])|alternating', '交流', '(?<![A-Z])DC(?![A-Z])|direct current', '直流'],
  ['push|press', '推入|推壓|押す|押し|按下', 'pull|release', '拉出|拉動|引く|引き|引っ張|放開|離す'],
  ['primary', '一次側|主要', 'secondary', '二次側|次要'],
  ['(?<!ab)normal|(?<!ab)normally', '正常', 'abnormal|abnormally', '異常'],
  ['large|larger|big|bigger', '較大|大きい|大きく', 'small|smaller', '較小|小さい|小さく'],
  ['faster|quickly', '較快|速く|加速', 'slower|slowly', '較慢|遅く|減速|緩慢|ゆっくり'],
  ['new', '新品|新的|新しい', 'old|used', '舊的|古い|使用済'],
  ['unless', '除非', 'if|when|once', ''],
  ['(?:un)plugged|unloaded|no load', '空載|無負荷', 'loaded|full load', '滿載|全負荷'],
  ['odd', '奇數', 'even', '偶數'],
  ['wider|widen', '', 'narrower|narrow', ''],
  ['advance', '', 'retract', '縮回'],
  ['engage', '嚙合|接合', 'disengage|release', '脫離|分離'],
  ['safe', '安全な', 'unsafe|dangerous', '危険な'],
  ['allowed|permitted', '允許', 'prohibited|forbidden', '禁止'],
  ['extend|extension', '伸出', 'retract|retraction', '縮回'],
  ['ascending|up', '上行', 'descending|down', '下行'],
  ['flash|blink', '閃爍|閃亮|点滅', 'steady|steadily', '恆亮|長亮|常亮|点灯'],
  ['single[- ]phase', '單相|単相', '3[- ]phase', '三相|3相'],
  ['too high', '過高|偏高|太高|高すぎ', 'too low', '過低|偏低|太低|低すぎ'],
  ['normally open', '常開|常时开', 'normally closed', '常閉|常關'],
  ['1\u2060(?=\\s(?:and|then)|[.,;]|$)', '最先', 'last(?=\\s(?:and|then)|[.,;]|$)', '最後(?=に|才|$)'],
  ['upstream', '上流|上游', 'downstream', '下流|下游'],
  [
    'whichever (?:\\w+ ){0,3}?(?:1|earlier|sooner)',
    '先到|較早|早い方|早い時期|早いほう',
    'whichever (?:\\w+ ){0,3}?(?:last|later)',
    '後到|較晚|較遲|遅い方|遅い時期|遅いほう',
  ],
  ['both', '雙方|兩者|両方|両者', 'either|one of the 2', '其中一方|任一方|いずれか一方|どちらか'],
  ['double', '加倍|2倍', 'halve', '減半|半減'],
  [
    '(?:remain|stay|is|are|be)s? (?:live|energi[sz]ed)',
    '帶電',
    '(?:remain|stay|is|are|be)s? (?:dead|de-energi[sz]ed)',
    '不帶電',
  ],
  [
    '(?:higher|greater|larger) than (?!\\d)',
    '比[^\\d]{1,20}?(?:高|大)|より(?:高|大き)',
    '(?:lower|less|smaller) than (?!\\d)',
    '比[^\\d]{1,20}?(?:低|小)|より(?:低|小さ)',
  ],
  ['all|every|each', '所有|全部|すべて|全て', 'some|several|none', '部分|一些|一部の|某些'],
]
/** Of these a thing is one only. */
const exclusive: readonly (readonly (readonly [english: string, asian: string])[])[] = [
  [
    ['hourly|every hour', '每小時|毎時'],
    ['(?:per|every|each) shift', '每班|毎シフト|シフトごと'],
    ['every 1 day', '每1天'],
    ['every 1 week', '每1周'],
    ['every 1 month', '每1个月'],
    ['every 3 months', '每3个月|四半期'],
    ['every 1 year|annual', '每1年'],
  ],
  [
    ['red', '紅色|紅燈|赤色|赤い|赤ランプ|赤(?=に|の|で|が)'],
    ['green', '綠色|綠燈|緑色|緑ランプ|緑(?=に|の|で|が)'],
    ['yellow', '黃色|黃燈|黄色|黄(?=に|の|で|が)'],
    ['blue', '藍色|藍燈|青色|青い|青ランプ|青(?=に|の|で|が)'],
    ['white', '白色|白い'],
    ['black', '黑色|黒色|黒い'],
    ['orange', '橙色|オレンジ'],
    ['brown', '棕色|褐色|茶色'],
    ['gr[ae]y', '灰色'],
  ],
  [
    ['operator', '操作員|操作工|操作者|作業者|オペレータ'],
    ['technician|maintenance (?:staff|crew|team|personnel)', '維修(?:人)?員|維修工|保養人員|技術員|保全(?:員|担当|課)'],
    ['electrician', '電工|電気担当|電気工事士'],
    ['supervisor|foreman|team leader|shift leader', '主管|班長|組長|責任者|監督者'],
    ['inspector|quality (?:staff|department)', '檢驗員|品管|品保|検査員|品質保証'],
    ['driver', '駕駛員|司機|運転者|運転手'],
  ],
  [
    ['', '春季|春天|春の'],
    ['summer', '夏季|夏期|夏天|夏の'],
    ['autumn', '秋季|秋天|秋の'],
    ['winter', '冬季|冬期|冬天|冬の'],
  ],
  [
    ['(?:day|early|morning) shift', '早班|日班|白班|日勤'],
    ['(?:night|late) shift', '晚班|夜班|夜勤'],
  ],
  [
    ['(?<!stainless )steel', '(?<!不鏽|不銹)鋼(?=材|件|製|板|管)'],
    ['stainless', '不鏽鋼|不銹鋼|ステンレス'],
    ['aluminium|aluminum', '鋁|アルミ'],
    ['zinc', '鋅|亜鉛'],
    ['copper', '銅(?=材|件|製|板|管|線|排)'],
    ['plastic', '塑膠|塑料|プラスチック'],
  ],
  [
    ['monday', '星期一|週一|月曜'],
    ['tuesday', '星期二|週二|火曜'],
    ['wednesday', '星期三|週三|水曜'],
    ['thursday', '星期四|週四|木曜'],
    ['friday', '星期五|週五|金曜'],
    ['saturday', '星期六|週六|土曜'],
    ['sunday', '星期日|週日|日曜'],
  ],
]

const inflected = (words: string): string =>
  words
    .split('|')
    .map((word) =>
      /[^a-z-]/.test(word)
        ? word
        : word.endsWith('e')
          ? `${word.slice(0, -1)}(?:e|es|ed|er|ing)`
          : `${word}(?:s|es|ed|ing|ped|ping|ting|t)?`,
    )
    .join('|')
const patternOf = (english: string, asian: string): RegExp => {
  const caseMatters = /A-Z/.test(english)
  const latin = english === '' ? [] : [`(?<![A-Za-z])(?:${caseMatters ? english : inflected(english)})(?![A-Za-z])`]
  const han = asian === '' ? [] : [toSimplified(asian)]
  return new RegExp([...latin, ...han].join('|'), caseMatters ? '' : 'i')
}
const joined = (words: readonly string[]): string => words.filter((each) => each !== '').join('|')
/** Of these the word behind says nothing: "when the door is open", "unless the door is closed". */
const unmodifying = new Set(['unless', 'both', 'all|every|each'])
export const isModifier = (pair: number): boolean => !unmodifying.has(table[pair]?.[0] ?? '')
/**
 * Sides, seasons and modes that a thing has one of each: a value of one is none of the other. Of what excludes one another all are such. Not limits: a least is said in many ways ("at least", 不少於).
 */
const qualifying =
  /^(?:left|upper|hot|high|front|inlet|input|inside|positive|horizontal|automatic|primary|flash|upstream)(?:\||$)/
export const isQualifier = (pair: number): boolean => {
  const row = table[pair]
  return row === undefined || qualifying.test(row[0])
}
/** The two sides of each pair. */
export const pairs = [
  ...table.map(([a, b, c, d]) => [patternOf(a, b), patternOf(c, d)] as const),
  ...exclusive.flatMap((group) =>
    group.map((own) => {
      const others = group.filter((each) => each !== own)
      return [
        patternOf(...own),
        patternOf(joined(others.map(([each]) => each)), joined(others.map(([, each]) => each))),
      ] as const
    }),
  ),
]
