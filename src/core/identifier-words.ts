/**
 * Words that tell codes from ordinary text: units that make `24V` a quantity, words after which a number is only a place in a document or a
 * count, and words after which even a plain number is a code. In: nothing. Used by identifiers.ts alone.
 */

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '))

/** After a number. Single letters are units more often than the end of a code: `10A`, `5m`. */
export const units = words(
  'a ah bar bit bits btu byte bytes c cal cc cm cst d day days db dba deg dpi f fold fps ft g gal gb gbit gbps ghz gpm gw h hour hours hp hr hrs hz ' +
    'in inch inches j k kb kbit kbps kcal kg kgf khz kj km kn knm kohm kpa kv kva kw kwh l lb lbf lbs lm lux lx m ma mah mb mbar mbit mbps mega mg mhz mil ' +
    'million min mins minute minutes ml mm mo month months mpa mph ms mv mw n nd nf nm ns oz pa pcs percent pf pm am point pole ppb ppm psi pt px rd rms rpm ' +
    's sec secs second seconds sq st t tb th thousand ton tonne tonnes tons uf um us v va vac vdc w wk week weeks wh x year years yr yrs old phase pin way wire axis bn',
)

/** Before a number that is no part of a code: places in a document, counts, times, and the small words of grammar. */
export const plainWords = words(
  'a about above after all an and appendix apr april are article as at aug august be before below between both by cap chap chapter day dec december each edition eq ' +
    'feb february fig figs figure figures first for friday from had has have he her his how i if in into is it item its jan january jul july jun june line list ' +
    'mar march may me monday month more most my next no nov november number of oct october on only or our out over p page pages para paragraph part pp ' +
    'ref rev row rule saturday second sec section sep sept september she since size slide so step steps sunday tab table tel than that the their then there these they ' +
    'this thursday to top tuesday type under until up us vol volume was we wednesday week were what when where which who why will with year you your zone am pm ' +
    'bc ad ce bce eur usd jpy rmb ntd twd gbp hkd cny qty approx max min note only per last about around nearly some any hours minutes days years was were did do does',
)

/** A number right after one of these is a code, however small: `Alarm 401`, 錯誤代碼 52. */
export const codeWord =
  /(?:alarm|error|fault|warning|failure|message|diagnostic|trouble|errno|err|alm)(?:\s+(?:code|no|number|id))?|(?:警報|警报|報警|报警|警告|アラーム|エラー|異常|异常|故障|錯誤|错误|トラブル|診斷|诊断|診断)(?:訊息|信息|代碼|代码|コード|編號|编号|番号|號碼|号码|码|碼)?/

/** What files are called by, at the end of a document's name. */
export const fileExtension = /\.[A-Za-z][A-Za-z0-9]{0,4}$/
