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

  it('does not judge across languages', () => {
    expect(isRelevant('液壓油怎麼更換？', 'fact', stating(press, '排空油箱。'), [press])).toBe(true)
  })
})
