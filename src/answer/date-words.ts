/** Dates and times of day in one writing: `2026年11月22日`, `Nov 22, 2026` and `2026/11/22` become `2026-11-22`, `午後2時30分` becomes `14:30`. */

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const month =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?'
const two = (value: string | number): string => String(value).padStart(2, '0')
const monthOf = (name: string): string => two(monthNames.indexOf(name.slice(0, 3).toLowerCase()) + 1)
const digit: Readonly<Record<string, string>> = {
  〇: '0',
  零: '0',
  一: '1',
  二: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
}
const day = '(\\d{1,2})(?:st|nd|rd|th)?'

const patterns: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/([〇零一二三四五六七八九]{4})(?=年)/g, (_, year = '') => [...year].map((each) => digit[each]).join('')],
  [/(\d{4})年\s?(\d{1,2})月\s?(\d{1,2})[日号]/g, (_, y = '', m = '', d = '') => ` ${y}-${two(m)}-${two(d)} `],
  [/(\d{4})年\s?(\d{1,2})月(?!间)/g, (_, y = '', m = '') => ` ${y}-${two(m)} `],
  [/(?<!\d)(\d{1,2})月\s?(\d{1,2})[日号]/g, (_, m = '', d = '') => ` --${two(m)}-${two(d)} `],
  [/(?<![\d-])((?:19|20)\d{2})年(?!间)/g, (_, y = '') => ` ${y} `],
  [
    /(?<![\w/.-])((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?![\w/-]|\.\d)/g,
    (_, y = '', m = '', d = '') => `${y}-${two(m)}-${two(d)}`,
  ],
  [
    new RegExp(`\\b${month}\\s${day},?\\s(\\d{4})\\b`, 'gi'),
    (_, m = '', d = '', y = '') => `${y}-${monthOf(m)}-${two(d)}`,
  ],
  [
    new RegExp(`\\b${day}(?:\\sof)?\\s${month},?\\s(\\d{4})\\b`, 'gi'),
    (_, d = '', m = '', y = '') => `${y}-${monthOf(m)}-${two(d)}`,
  ],
  [new RegExp(`\\b${month},?\\s((?:19|20)\\d{2})\\b`, 'gi'), (_, m = '', y = '') => `${y}-${monthOf(m)}`],
  [new RegExp(`\\b${month}\\s${day}(?![\\d.])`, 'gi'), (_, m = '', d = '') => `--${monthOf(m)}-${two(d)}`],
  [new RegExp(`(?<![\\w.])${day}\\s${month}(?![a-z])`, 'gi'), (_, d = '', m = '') => `--${monthOf(m)}-${two(d)}`],
  // 11/22/2026 is told by the day; 5/6/2026 is not, and stays as it is written.
  [
    /(?<![\w/-])(\d{1,2})\/(\d{1,2})\/((?:19|20)\d{2})(?!\w)/g,
    (whole = '', a = '', b = '', y = '') =>
      Number(b) > 12 ? `${y}-${two(a)}-${two(b)}` : Number(a) > 12 ? `${y}-${two(b)}-${two(a)}` : whole,
  ],
  [/(?:下午|午后|晚上|夜间|傍晚)\s?(\d{1,2})[点时:](?:(\d{1,2})分?)?/g, (_, h = '', m = '') => clock(h, m, true)],
  [/(?:上午|午前|早上|凌晨)\s?(\d{1,2})[点时:](?:(\d{1,2})分?)?/g, (_, h = '', m = '') => clock(h, m, false)],
  [
    /(?<![\d:])(\d{1,2})(?::(\d{2}))?\s?(a|p)\.?m\.?(?![a-z])/gi,
    (_, h = '', m = '', half = '') => clock(h, m, half.toLowerCase() === 'p'),
  ],
  [/(?<!\d)(\d{1,2})[时点](\d{1,2})分/g, (_, h = '', m = '') => ` ${two(h)}:${two(m)} `],
  [/(?<![\d:.])(\d):(\d{2})(?![\d:])/g, (_, h = '', m = '') => `0${h}:${m}`],
]

const clock = (hour: string, minute: string | undefined, isAfternoon: boolean): string =>
  ` ${two((Number(hour) % 12) + (isAfternoon ? 12 : 0))}:${two(minute || 0)} `

/** @param text in NFKC and Simplified characters */
export const rewriteDates = (text: string): string =>
  patterns.reduce(
    (rewritten, [pattern, write]) =>
      rewritten.replace(pattern, (...parts: unknown[]) =>
        write(...parts.map((each) => (typeof each === 'string' ? each : ''))),
      ),
    text,
  )
