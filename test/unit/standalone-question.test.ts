/** A follow-up must be asked for what it names, whatever a small model makes of it. */
import { describe, expect, it } from 'vitest'
import { standaloneQuestion } from '../../src/answer/standalone-question.ts'
import { ScriptedGenerator } from './fakes.ts'

const ask = (before: string, question: string, rewritten: string): Promise<string> =>
  standaloneQuestion([{ question: before, answer: 'x' }], question, {
    generator: new ScriptedGenerator([JSON.stringify({ question: rewritten })]),
  })

describe('standaloneQuestion', () => {
  it('takes what the model makes of a follow-up', async () => {
    const whole = 'What is the torque of the KP-100?'
    expect(await ask('What is the torque of the KP-60?', 'and for the KP-100?', whole)).toBe(whole)
  })

  it.each([
    ['ABS 的模具溫度是多少？', '那 PC 呢？', 'PC 的模具溫度是多少？'],
    ['AL-21が出たらどうしますか?', 'AL-23は?', 'AL-23が出たらどうしますか?'],
    ['What is the mould temperature for ABS?', 'What about PC?', 'What is the mould temperature for PC?'],
  ])(
    'puts the new name into the question before, where the model only repeats that: %s %s',
    async (before, question, wanted) => {
      expect(await ask(before, question, before)).toBe(wanted)
    },
  )

  it.each([
    ['日班設備異常要打哪支分機?', '那夜班呢?', '夜班設備異常要打哪支分機?'],
    ['1号炉的给水温度是多少？', '2号炉呢？', '2号炉的给水温度是多少？'],
    ['What is the mould temperature for ABS?', 'What about PC?', 'What is the mould temperature for PC?'],
    ['T-08 光澤鎳的溫度要控制在幾度？', '那滾鍍那一槽呢？', '那滾鍍那一槽呢？'],
    ['PC 的模具溫度是多少？', '油溫要設定多少？', '油溫要設定多少？'],
    ['模具溫度是多少？', '油溫呢？', '油溫呢？'],
  ])('does so where the model leaves a follow-up as it is: %s %s', async (before, question, wanted) => {
    expect(await ask(before, question, question)).toBe(wanted)
  })

  it('does so where no model writes', async () => {
    const turns = [{ question: 'ABS 的模具溫度是多少？', answer: 'x' }]
    const options = { generator: undefined }
    expect(await standaloneQuestion(turns, '那 PC 呢？', options)).toBe('PC 的模具溫度是多少？')
    expect(await standaloneQuestion(turns, '油溫呢？', options)).toBe('ABS 的模具溫度是多少？\n油溫呢？')
    expect(await standaloneQuestion([], '油溫呢？', options)).toBe('油溫呢？')
  })

  it('asks both where more has changed than a name', async () => {
    const before = 'How often is the filter of the KP-60 changed?'
    expect(await ask(before, 'and the oil?', before)).toBe(`${before}\nand the oil?`)
  })
})
