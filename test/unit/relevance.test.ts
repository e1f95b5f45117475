import { describe, expect, it } from 'vitest'
import { citationOf } from '../../src/answer/cite.ts'
import { isRelevant } from '../../src/answer/relevance.ts'
import type { Passage } from '../../src/core/answer.ts'
import { passageOf } from './fakes.ts'

const stating = (passage: Passage, text: string, at = 0) => {
  const segment = passage.segments[at]
  if (!segment) throw new Error('No such segment.')
  return { text, citations: [citationOf(passage, segment)] }
}

describe('isRelevant', () => {
  const academy = passageOf('academy.md', ['王立建築アカデミーは1671年に創設された。'], { language: 'ja' })
  const press = passageOf('press.md', ['1. Drain the tank.', '2. Close the valve.'], {
    heading: 'Changing the hydraulic oil',
  })

  it('drops what stands in the sources but is no answer: a year of something else', () => {
    expect(isRelevant('造家学会の第一回総会は何市で開かれたか', 'fact', stating(academy, '1671年'), [academy])).toBe(
      false,
    )
    expect(isRelevant('王立建築アカデミーが創設されたのは何年か', 'fact', stating(academy, '1671年'), [academy])).toBe(
      true,
    )
  })

  it('takes a step for what its heading and its neighbours are about', () => {
    const question = 'How do I change the hydraulic oil?'
    expect(isRelevant(question, 'procedure', stating(press, 'Drain the tank.'), [press])).toBe(true)
    expect(isRelevant('What colour has the emergency lamp?', 'fact', stating(press, 'Drain the tank.'), [press])).toBe(
      false,
    )
  })

  it.each([
    ['en', 'In May 2010, where was the press moved?', 'In May 2000 the press was moved to hall 3.', false],
    ['en', 'In May 2000, where was the press moved?', 'In May 2000 the press was moved to hall 3.', true],
    ['en', 'Where was the press moved in 2010?', 'The press was moved to hall 3.', true],
    ['zh-Hant', '2010年壓床搬到哪裡？', '2000年壓床搬到三號廠房。', false],
    ['ja', '2010年にプレスはどこに移されたか。', '2000年にプレスは第3工場に移された。', false],
    ['en', 'What must not be used to clean the lens?', 'Use alcohol to clean the lens.', false],
    ['en', 'What must not be used to clean the lens?', 'Never use acetone to clean the lens.', true],
    [
      'en',
      'Where is the interlock not fitted?',
      'The interlock is fitted to the press, so that nobody can open it.',
      false,
    ],
    ['en', 'Operators do not contribute to what?', 'Operators contribute to the log.', false],
    ['en', 'What is the cause when the lens does not move?', 'The cause is a lens that sticks.', true],
    ['zh-Hant', '清潔鏡頭不可使用什麼？', '清潔鏡頭請使用酒精。', false],
    ['zh-Hant', '鏡頭不能移動時應該檢查什麼？', '鏡頭移動時，應該檢查電源。', true],
    ['ja', 'レンズの清掃に使ってはいけないのは何ですか。', 'レンズの清掃にはアルコールを使う。', false],
    ['en', 'What is the torque of the left cover?', 'The right cover is tightened to 12 Nm.', false],
    ['zh-Hant', '3號機的壓力是多少？', '2號機的壓力為5 bar。', false],
    ['ja', 'レンズが動かないときは何をしますか。', 'レンズを動かすには、再起動する。', true],
  ] as const)(
    'asks that the source grants what the question takes for granted (%s: %s / %s)',
    (language, question, sentence, isGranted) => {
      const source = passageOf('press.pdf', [sentence], { language })
      expect(isRelevant(question, 'fact', stating(source, sentence), [source])).toBe(isGranted)
    },
  )

  it.each([
    ['3号炉的正常工作压力是多少?', false],
    ['2号炉的正常工作压力是多少?', true],
  ])('takes the names of its columns for what a row tells of: %s', (question, isAnswer) => {
    const boilers = passageOf(
      '锅炉.html',
      [
        { text: '参数 | 1 号炉 | 2 号炉', kind: 'header' },
        { text: '正常工作压力 | 0.90 MPa | 1.10 MPa', kind: 'row' },
      ],
      { language: 'zh-Hans' },
    )
    const statement = stating(boilers, '正常工作压力 | 0.90 MPa | 1.10 MPa', 1)
    expect(isRelevant(question, 'fact', statement, [boilers])).toBe(isAnswer)
  })

  it('does not judge across languages', () => {
    expect(isRelevant('液壓油怎麼更換？', 'fact', stating(press, '排空油箱。'), [press])).toBe(true)
  })
})
