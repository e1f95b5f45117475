/** Which questions are the same, by words alone and with vectors. */
import { describe, expect, it } from 'vitest'
import { detectLanguage } from '../../src/core/detect-language.ts'
import { groupLikeness, isSameQuestion, questionKey } from '../../src/core/same-question.ts'

/** Unit vectors of two numbers at the given cosine. */
const at = (cosine: number): Float32Array => Float32Array.from([cosine, Math.sqrt(1 - cosine * cosine)])

const asked = (text: string, vector?: Float32Array) => ({ text, language: detectLanguage(text), vector })
const same = (a: string, b: string, cosine?: number): boolean =>
  isSameQuestion(
    asked(a, cosine === undefined ? undefined : at(1)),
    asked(b, cosine === undefined ? undefined : at(cosine)),
  )

describe('isSameQuestion', () => {
  it.each([
    ['What is the torque for the die clamp bolts?', "what's the DIE CLAMP bolt torque"],
    ['How often is the hydraulic oil changed?', 'What is the interval for changing hydraulic oil?'],
    ['Where is the spare key of the tool room?', 'Where do I find the spare key for the tool room?'],
    ['What does alarm E-302 mean?', 'What is the meaning of alarm E302?'],
    ['液压油多久更换一次？', '液壓油的更換間隔是多少？'],
    ['作動油の交換周期は？', '作動油はどのくらいの頻度で交換しますか？'],
    ['工具間的備用鑰匙在哪裡？', '工具间备用钥匙放在哪？'],
    ['ＷＨＡＴ is the pressure？', 'What is the pressure'],
  ])('takes the same words in another order or form for the same: %s | %s', (a, b) => {
    expect(same(a, b)).toBe(true)
    expect(same(b, a)).toBe(true)
  })

  it.each([
    ['What is the torque for the die clamp bolts?', 'What is the torque for the flywheel bolts?'],
    ['What does alarm E-302 mean?', 'What does alarm E-304 mean?'],
    ['How is the 60-ton press locked out?', 'How is the 80-ton press locked out?'],
    ['Where is the spare key of the tool room?', 'Who has the spare key of the tool room?'],
    ['How is the press started?', 'How is the press stopped?'],
    ['What must be done before maintenance?', 'What must be done after maintenance?'],
    ['Can the guard be removed?', 'Can the guard not be removed?'],
    ['What is done before cleaning after welding?', 'What is done before welding after cleaning?'],
    ['液压油多久更换一次？', '齿轮油多久更换一次？'],
    ['作動油の交換周期は？', 'ギヤ油の交換周期は？'],
    ['工具間的備用鑰匙在哪裡？', '油漆間的備用鑰匙在哪裡？'],
  ])('never takes what differs in one decisive word for the same, however near its vector is: %s | %s', (a, b) => {
    expect(same(a, b)).toBe(false)
    expect(same(a, b, 0.99)).toBe(false)
  })

  it('goes by vectors across languages, and by figures and names there too', () => {
    const english = 'What does alarm E-302 of the CNC mean?'
    expect(same(english, 'CNC 的报警 E-302 是什么意思？', 0.8)).toBe(true)
    expect(same(english, 'CNC 的报警 E-302 是什么意思？', 0.5)).toBe(false)
    expect(same(english, 'CNC 的报警 E-302 是什么意思？')).toBe(false)
    expect(same(english, 'CNC 的报警 E-304 是什么意思？', 0.99)).toBe(false)
    expect(same(english, 'PMC 的报警 E-302 是什么意思？', 0.99)).toBe(false)
  })
})

describe('groupLikeness', () => {
  it('groups other words for the same thing where their vectors are near, as a person looks at the group', () => {
    const [a, b] = ['How tight are the clamp bolts?', 'What is the torque of the clamp bolts?']
    expect(groupLikeness(asked(a, at(1)), asked(b, at(0.9)))).toBeCloseTo(0.9)
    expect(groupLikeness(asked(a, at(1)), asked(b, at(0.8)))).toBeUndefined()
    expect(groupLikeness(asked(a), asked(b))).toBeUndefined()
  })
})

describe('questionKey', () => {
  it('leaves out width, case, script variants, blanks and marks', () => {
    expect(questionKey(' Ｗhat  is the 扭力檢查? ')).toBe(questionKey('what is the 扭力检查'))
    expect(questionKey('X-200')).not.toBe(questionKey('X-201'))
  })
})
