/** What counts as a question. */
import { describe, expect, it } from 'vitest'
import { checkQuestion } from '../../src/http/question.ts'

describe('checkQuestion', () => {
  it.each(['', '   ', '?!', '。、？', '\u0000\u0007', '🙂'])(
    'refuses %j, which has no letter and no digit',
    (question) => {
      expect(() => checkQuestion(question)).toThrow(expect.objectContaining({ code: 'question_empty' }))
    },
  )

  it('takes 4000 characters and refuses one more, naming the limit', () => {
    expect(checkQuestion('字'.repeat(4000))).toHaveLength(4000)
    expect(() => checkQuestion('字'.repeat(4001))).toThrow(
      expect.objectContaining({ code: 'question_too_long', message: expect.stringContaining('4000') }),
    )
  })

  it('counts characters, not UTF-16 units', () => {
    expect(checkQuestion(`a${'🦾'.repeat(3999)}`)).toHaveLength(1 + 2 * 3999)
  })

  it('refuses a huge question as too long, even of blanks', () => {
    expect(() => checkQuestion(' '.repeat(100_000))).toThrow(expect.objectContaining({ code: 'question_too_long' }))
  })

  it('replaces what no store takes and keeps line breaks', () => {
    expect(checkQuestion(' a\u0000b\ud800\nc ')).toBe('a b\ufffd\nc')
  })
})
