/**
 * The building blocks of the sample SOPs. Every text stands in both languages side by side, so that the two editions can not
 * drift apart; `checkNumbers` makes sure that they name the same figures.
 */
export type SopLanguage = 'en' | 'zh-Hant'

/** English and Traditional Chinese; a plain string (a code, a figure, a symbol) is the same in both. */
export type Text = string | readonly [english: string, chinese: string]

export type SopBlock =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly text: Text }
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'steps'; readonly items: readonly Text[] }
  | { readonly kind: 'bullets'; readonly items: readonly Text[] }
  | { readonly kind: 'warning'; readonly severity: 'danger' | 'warning' | 'note'; readonly text: Text }
  | {
      readonly kind: 'table'
      readonly caption: Text
      readonly columns: readonly Text[]
      /** In percent. */
      readonly widths: readonly number[]
      readonly rows: readonly (readonly Text[])[]
    }

export interface Sop {
  readonly number: string
  readonly revision: string
  readonly effective: string
  readonly title: Text
  readonly subtitle: Text
  readonly editions: readonly {
    readonly language: SopLanguage
    readonly format: 'pdf' | 'docx'
    readonly file: string
  }[]
  readonly blocks: readonly SopBlock[]
}

export const h1 = (text: Text): SopBlock => ({ kind: 'heading', level: 1, text })
export const h2 = (text: Text): SopBlock => ({ kind: 'heading', level: 2, text })
export const p = (text: Text): SopBlock => ({ kind: 'paragraph', text })
export const steps = (...items: readonly Text[]): SopBlock => ({ kind: 'steps', items })
export const bullets = (...items: readonly Text[]): SopBlock => ({ kind: 'bullets', items })
export const danger = (text: Text): SopBlock => ({ kind: 'warning', severity: 'danger', text })
export const warning = (text: Text): SopBlock => ({ kind: 'warning', severity: 'warning', text })
export const note = (text: Text): SopBlock => ({ kind: 'warning', severity: 'note', text })
export const table = (
  caption: Text,
  columns: readonly Text[],
  widths: readonly number[],
  rows: readonly (readonly Text[])[],
): SopBlock => ({
  kind: 'table',
  caption,
  columns,
  widths,
  rows,
})

export const inLanguage = (text: Text, language: SopLanguage): string =>
  typeof text === 'string' ? text : text[language === 'en' ? 0 : 1]

export const severityLabel = {
  danger: ['DANGER', '危險'],
  warning: ['WARNING', '警告'],
  note: ['NOTE', '注意'],
} as const satisfies Record<string, Text>

const textsOf = (block: SopBlock): readonly Text[] => {
  switch (block.kind) {
    case 'steps':
    case 'bullets':
      return block.items
    case 'table':
      return [block.caption, ...block.columns, ...block.rows.flat()]
    default:
      return [block.text]
  }
}

const numbersOf = (text: string): string => (text.match(/\d[\d,.]*\d|\d/g) ?? []).sort().join(' ')

/** @throws Error where the two languages of a text name different figures, or a table row has too few cells */
export const checkNumbers = (sop: Sop): void => {
  for (const block of sop.blocks) {
    if (block.kind === 'table') {
      for (const row of [block.widths, ...block.rows]) {
        if (row.length !== block.columns.length)
          throw new Error(`${sop.number}: a row of ${row.length} cells: ${row[0]}`)
      }
    }
    for (const text of textsOf(block)) {
      if (typeof text === 'string' || numbersOf(text[0]) === numbersOf(text[1])) continue
      throw new Error(`${sop.number}: the figures differ in "${text[0]}" and "${text[1]}"`)
    }
  }
}
