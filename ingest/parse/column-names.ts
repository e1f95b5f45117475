/**
 * What the text of one cell says of its place in a table: a value, or the name of a column. In: the text of a cell. Out: yes or no.
 * Invariant: what holds for a name never holds for a plain number. Pure; used by `table-header.ts`.
 */

export const hasDigit = (text: string): boolean => /\p{N}/u.test(text)
/** What (81) and ▲5 are written for in accounts: less than nothing. */
const withoutBrackets = (text: string): string => text.replace(/^[(（]\s*(.+?)\s*[)）]$/u, '$1')
/** Whether the text is a number, a date or a range of numbers, perhaps with a sign of per cent or currency. */
export const isNumber = (text: string): boolean =>
  /^[-+−±~≈<>≤≥▲△]?\s*\p{Sc}?\s*\p{Nd}[\p{Nd}\s.,'’:/-]*\s*(?:%|‰|\p{Sc})?$/u.test(withoutBrackets(text))
/** What stands in a cell in place of a value, or ticks it off; it names nothing. */
export const isMark = (text: string): boolean =>
  /^(?:[-–—−―*○◯〇●◎×✕✗✓✔√△▲☆★]|ok|ng|n\/?a|yes|no|pass(?:ed)?|fail(?:ed)?|良|否|可|不可|有|無|无|合格|不合格|是)$/iu.test(
    text,
  )
export const isYear = (text: string): boolean => /^(?:19|20)\d\d$/.test(text)
export const isDate = (text: string): boolean =>
  /^(?:19|20)\d\d[-/.年]\s*\d{1,2}(?:[-/.月]\s*\d{1,2}日?)?(?:\s.*)?$|^\d{1,2}[-/.]\d{1,2}[-/.](?:\d\d){1,2}$/.test(
    text,
  )

export const isUnit = (text: string): boolean =>
  (/^[[(（［〔【].{1,16}[\])）］〕】]$/u.test(text) && !isNumber(text)) ||
  /^(?:%|‰|[°℃℉]?[CFK]?|(?:[kMGmµμnc]?(?:m|g|s|A|V|W|N|Pa|J|Hz|Ω|L|l|bar|eV|ohm|F|T|mol|cd|lm|lx|rad)[²³23]?)(?:[·./*]?(?:[kMmµμ]?(?:m|g|s|h|min|N|K|L|l))[²³23]?)?|rpm|min|h|d|t|psi|dB|kWh|mmHg|r\/min|°|-|–|—|mm|pcs|個|个|台|秒|分)$/u.test(
    text,
  )

/**
 * Names of columns that have a number: "1月", "Q2", "3rd", "2013 Plan", "Sensor2"; not values such as "2000 kg" and "A5346".
 */
export const isNumberedName = (text: string): boolean => {
  const year = /^(?:19|20)\d\d\s*(\p{L}.*)$/u.exec(text)
  if (year) return !isUnit(year[1] ?? '')
  return /^(?:第?\s*\d{1,2}\s*(?:月份?|日|季度?|四半期|期|週|周|号|號|班|次|回|号机|號機|号機)|\d{1,2}(?:st|nd|rd|th)(?:\s.*)?|[QH]\s?[1-4]|\p{L}[\p{Ll}_]{2,}\d{1,2})$/u.test(
    text,
  )
}

/** MH-80, KP100: what a column of values may be of. */
export const isModelName = (text: string): boolean => /^\p{Lu}{1,5}[-–\s]?\d{1,4}\p{Lu}?$/u.test(text)

/** "920 kg", "A5346 (12028)", but not "Phase 1". */
export const beginsWithValue = (text: string): boolean =>
  hasDigit(/^\S+/u.exec(text)?.[0] ?? '') && !isNumberedName(text)

const englishWords =
  /^(?:no\.?|nr\.?|#|items?|names?|parameters?|parts?|codes?|values?|settings?|units?|descriptions?|symptoms?|(?:possible |probable )?causes?|remed(?:y|ies)|dates?|types?|models?|terms?|definitions?|meanings?|(?:corrective )?actions?|steps?|questions?|answers?|problems?|solutions?|signals?|terminals?|pins?|functions?|quantit(?:y|ies)|qty\.?|keys?|propert(?:y|ies)|remarks?|notes?|status|results?|abbreviations?|acronyms?|symbols?|features?|specifications?|tasks?|intervals?|frequenc(?:y|ies)|errors?|error codes?|alarms?|faults?|messages?|checks?|tests?|methods?|tools?|materials?|components?|options?|fields?|versions?|revisions?|changes?|authors?|pages?|chapters?|sections?|titles?|contents?|explanations?|comments?|examples?|ranges?|limits?|defaults?|numbers?|part (?:no\.?|numbers?)|article|order (?:no\.?|numbers?)|responsib(?:le|ility)|person|department|role|time|duration|location|position)$/iu
const cjkWords =
  /^(?:項目|项目|名称|名稱|參數|参数|數值|数值|值|値|單位|单位|単位|説明|說明|说明|描述|代碼|代码|コード|型号|型號|型番|部品|部件|零件|原因|對策|对策|対策|處理|处理|処置|日期|日付|数量|數量|編號|编号|番号|内容|內容|備考|备注|備註|用語|用语|術語|定義|定义|意味|機能|功能|步驟|步骤|手順|結果|结果|規格|规格|設定|略語|略称|縮寫|缩写|簡稱|简称|全稱|全称|符號|符号|記号|症狀|症状|現象|现象|故障|警報|报警|警报|アラーム|方法|工具|材料|週期|周期|頻率|频率|點檢項目|点检项目|点検項目|負責人|负责人|担当者|責任者|部門|部门|部署|時間|时间|版本|版次|頁次|页码|ページ|位置|類型|类型|種類|种类|狀態|状态|範圍|范围|範囲|措施|処理方法|處理方法|处理方法)[名值値]?$/iu

/** Words that stand over columns of manuals. */
export const isHeaderWord = (text: string): boolean => englishWords.test(text) || cjkWords.test(text)
