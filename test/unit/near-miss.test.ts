import { describe, expect, it } from 'vitest'
import { citationOf } from '../../src/answer/cite.ts'
import { nearMissesOf, speaksOfAnother } from '../../src/answer/near-miss.ts'
import type { Passage } from '../../src/core/answer.ts'
import { passageOf } from './fakes.ts'

const press = passageOf('X-100 manual.pdf', ['The torque of the drain plug is 90 N·m.', 'Alarm E-304 means low oil.'])
const citing = (passage: Passage, at: number) => {
  const segment = passage.segments[at]
  if (!segment) throw new Error('No such segment.')
  return { text: '', citations: [citationOf(passage, segment)] }
}

describe('nearMissesOf', () => {
  it.each([
    ['What is the torque of the drain plug of the X-200?', 'X-200', ['X-100']],
    ['X-200 的洩油塞扭力是多少？', 'X-200', ['X-100']],
    ['警報 E-302 是什麼意思', 'E-302', ['E-304']],
    ['What does alarm QZ-77 mean?', 'QZ-77', []],
  ])('names what is asked and what is there: %s', (question, asked, found) => {
    expect(nearMissesOf(question, [press])).toEqual([{ asked, found }])
  })

  it.each([
    'What is the torque of the drain plug of the X-100?',
    'What is the torque of the x 100 drain plug?',
    'Ｘ－１００的扭力是多少？',
    'How many N·m has the plug, 90 or 100 N·m?',
    'What was changed in 2024?',
    'Does it run on 230 V?',
  ])('finds none in: %s', (question) => expect(nearMissesOf(question, [press])).toEqual([]))
})

describe('speaksOfAnother', () => {
  it('is true of the row of another alarm, and not of the one that is asked for', () => {
    const alarms = passageOf('alarms.pdf', ['E-302 means low pressure.', 'E-304 means low oil.', 'Reset it with S3.'])
    expect(speaksOfAnother('What does E-302 mean?', citing(alarms, 1), [alarms])).toBe(true)
    expect(speaksOfAnother('What does E-302 mean?', citing(alarms, 0), [alarms])).toBe(false)
    expect(speaksOfAnother('What does E-302 mean?', citing(alarms, 2), [alarms])).toBe(false)
    expect(speaksOfAnother('What do alarms mean?', citing(alarms, 1), [alarms])).toBe(false)
    const both = 'What is the difference between E-302 and E-304?'
    expect(speaksOfAnother(both, citing(alarms, 1), [alarms])).toBe(false)
  })

  it('is true of a sentence under the heading of another model', () => {
    const other = passageOf('presses.pdf', ['The torque is 140 N·m.'], { heading: 'KP-100' })
    expect(speaksOfAnother('What is the torque of the KP-60?', citing(other, 0), [other])).toBe(true)
  })
})
