import { describe, expect, it } from 'vitest'
import { questionKind } from '../../src/answer/question-kind.ts'

describe('questionKind', () => {
  it.each([
    'How do I change the hydraulic oil?',
    'What are the steps to reset alarm E-302?',
    'how to replace the return filter',
    '如何更換液壓油？',
    '怎么复位警报？',
    '上鎖掛牌的步驟是什麼？',
    '作動油の交換手順を教えてください',
    'フィルターはどうやって交換しますか',
  ])('takes for a procedure: %s', (question) => expect(questionKind(question)).toBe('procedure'))

  it.each([
    'How often is the oil changed?',
    'How many bolts are there?',
    'What is the torque of the drain plug?',
    '更換一次要多久？',
    '扭力是多少？',
    '締め付けトルクはいくつですか',
    'Is it allowed to work alone?',
  ])('takes for a fact: %s', (question) => expect(questionKind(question)).toBe('fact'))

  it.each([
    'What is the difference between KP-60 and KP-100?',
    'KP-60 和 KP-100 有什麼區別？',
    'KP-60とKP-100の違いは何ですか',
  ])('takes for a comparison: %s', (question) => expect(questionKind(question)).toBe('comparison'))

  it.each(['Which tools are needed?', '需要哪些工具？', 'どんな工具がありますか'])('takes for a list: %s', (question) =>
    expect(questionKind(question)).toBe('list'),
  )
})
