import { describe, expect, it } from 'vitest'
import { locateWords, markText } from '../../src/page/viewer/mark-text.ts'

const marked = (text: string, words: readonly { before: string; text: string }[]): string[] =>
  markText(text, locateWords(text, words))
    .filter((stretch) => stretch.marked)
    .map((stretch) => stretch.text)

describe('marking cited words in the text of a page', () => {
  it('finds words that the page breaks into other lines', () => {
    expect(marked('Check the oil\n  level daily.', [{ before: '', text: 'oil level daily' }])).toEqual([
      'oil\n  level daily',
    ])
    expect(marked('油圧\nポンプを点検', [{ before: '', text: '油圧ポンプ' }])).toEqual(['油圧\nポンプ'])
  })

  it('marks the repetition that stands behind the same words as in the passage', () => {
    const text = 'A. Wait. B. Wait. C. Wait.'
    const [range] = locateWords(text, [{ before: 'B. ', text: 'Wait.' }])
    expect(range).toEqual({ start: 12, end: 17 })
  })

  it('marks the lines of a passage in order', () => {
    const text = 'stop\nstart\nstop'
    const words = [
      { before: '', text: 'start' },
      { before: '', text: 'stop' },
    ]
    expect(locateWords(text, words)).toEqual([
      { start: 5, end: 10 },
      { start: 11, end: 15 },
    ])
  })

  it('marks nothing where the words are not on the page', () => {
    expect(markText('Check the oil.', locateWords('Check the oil.', [{ before: '', text: 'brake' }]))).toEqual([
      { text: 'Check the oil.', marked: false },
    ])
  })

  it('gives the whole text in order, with overlapping and neighbouring marks joined', () => {
    const text = 'one two three four'
    const stretches = markText(text, [
      { start: 8, end: 13 },
      { start: 0, end: 3 },
      { start: 4, end: 10 },
      { start: 15, end: 99 },
    ])
    expect(stretches).toEqual([
      { text: 'one two three', marked: true },
      { text: ' four', marked: false },
    ])
  })
})
