import { describe, expect, it } from 'vitest'
import { readPassage, readQuote } from '../../src/page/api/parse-answer.ts'
import { readBuilds } from '../../src/page/api/system.ts'
import { numberSources } from '../../src/page/ask/number-sources.ts'
import { citationPlace, passagePlace } from '../../src/page/ask/place-label.ts'
import { cutSame } from '../../src/page/documents/page-change.tsx'
import { en } from '../../src/page/i18n/en.ts'
import { zhHant } from '../../src/page/i18n/zh-hant.ts'

describe('a place in a document', () => {
  it('is cells of a sheet, a slide, a page, or a heading', () => {
    const place = (fields: object) => citationPlace(readQuote({ page: 3, ...fields }), [], en)
    expect(place({ documentName: 'a.xlsx', pageLabel: 'Settings', cells: 'A5:D5' })).toBe('Settings!A5:D5')
    expect(place({ documentName: 'a.xlsx', pageLabel: 'Settings' })).toBe('Settings')
    expect(place({ documentName: 'Training.PPTX' })).toBe('slide 3')
    expect(place({ documentName: 'a.pdf' })).toBe('page 3')
    const passage = readPassage({ id: 'p', paginated: false, heading: 'Safety › Lockout' })
    expect(citationPlace(readQuote({ passageId: 'p', documentName: 'a.docx' }), [passage], en)).toBe('Lockout')
  })

  it('of a passage may span pages or slides', () => {
    const place = (fields: object) => passagePlace(readPassage({ pageStart: 2, pageEnd: 3, ...fields }), zhHant)
    expect(place({ documentName: 'a.pdf' })).toBe('第 2–3 頁')
    expect(place({ documentName: 'a.pptx' })).toBe('第 2–3 張投影片')
    expect(place({ documentName: 'a.xlsx', pageLabel: 'Settings', cells: 'A1:D1, A5:D9' })).toBe(
      'Settings!A1:D1, A5:D9',
    )
  })

  it('has a number of its own for each revision, page and stretch of cells', () => {
    const citation = (fields: object) => ({ ...readQuote({ documentId: 'd', page: 1, ...fields }), quote: 'q' })
    const statements = [
      { text: '1', citations: [citation({ revisionId: 'a' }), citation({ revisionId: 'b' })] },
      { text: '2', citations: [citation({ revisionId: 'a' }), citation({ revisionId: 'a', cells: 'A5' })] },
    ]
    expect(numberSources(statements).map((sources) => sources.map(({ number }) => number))).toEqual([
      [1, 2],
      [1, 3],
    ])
  })
})

describe('cutSame', () => {
  it('keeps what surrounds a change, and short stretches whole', () => {
    const long = 'a'.repeat(500)
    expect(cutSame(long, 'first')).toBe(`… ${'a'.repeat(160)}`)
    expect(cutSame(long, 'last')).toBe(`${'a'.repeat(160)} …`)
    expect(cutSame(long, 'middle')).toBe(`${'a'.repeat(160)} … ${'a'.repeat(160)}`)
    expect(cutSame(long, 'only')).toBe(long)
    expect(cutSame('short', 'middle')).toBe('short')
  })
})

describe('readBuilds', () => {
  it('gives indexes that are being built, not the one in use or one that is kept', () => {
    const index = (state: string, done: number) => ({ model: state, state, progress: { done, total: 10 } })
    const indexes = [index('answering', 9), index('building', 3), index('kept', 5)]
    expect(readBuilds({ indexes })).toEqual([{ model: 'building', state: 'building', done: 3, total: 10 }])
    expect(readBuilds({})).toEqual([])
  })
})
