import { describe, expect, it } from 'vitest'
import { citationOf } from '../../src/answer/cite.ts'
import { differingSources } from '../../src/answer/differing-sources.ts'
import type { Passage } from '../../src/core/answer.ts'
import { passageOf } from './fakes.ts'

/** The quotes of what differs from the first passage's segment at `position`. */
const differing = (passages: readonly [Passage, ...Passage[]], position = 0): string[] => {
  const [own] = passages
  const segment = own.segments[position]
  if (!segment) throw new Error('There is no such segment.')
  return differingSources({ citations: [citationOf(own, segment)] }, passages).map(
    ({ documentName, quote }) => `${documentName}: ${quote}`,
  )
}
const row = (text: string) => ({ text, kind: 'row' as const })
const header = (text: string) => ({ text, kind: 'header' as const })

describe('what differs from a cited sentence', () => {
  const sentence = (torque: string) => `Tighten the tie rod nuts to ${torque} N·m.`

  it.each([
    ['another value', sentence('45'), sentence('50')],
    ['another decimal', sentence('1.5'), sentence('1.25')],
    ['another value, in other spaces and widths', 'Tighten the nuts to 45 N·m.', 'Tighten  the nuts\nto ５０ N·m.'],
    ['another value in Chinese', '回油濾芯每 500 小時更換一次。', '回油濾芯每 1,000 小時更換一次。'],
  ])('is the same sentence of another document with %s', (_, own, other) => {
    expect(differing([passageOf('v1.pdf', [own]), passageOf('v2.pdf', ['Before.', other])])).toEqual([
      `v2.pdf: ${other}`,
    ])
  })

  it('is named once for each document, whatever number of versions there are', () => {
    const versions = ['45', '50', '55', '60'].map((torque, i) => passageOf(`v${i}.pdf`, [sentence(torque)]))
    expect(differing(versions as [Passage, ...Passage[]])).toHaveLength(3)
  })

  it.each([
    ['the same value', sentence('45'), sentence('45')],
    ['other words', sentence('45'), 'Tighten the wheel nuts to 50 N·m.'],
    ['no figures', 'Wear your safety goggles.', 'Wear your safety goggles.'],
    ['hardly a word', 'No. 12', 'No. 13'],
  ])('is not a sentence with %s', (_, own, other) => {
    expect(differing([passageOf('v1.pdf', [own]), passageOf('v2.pdf', [other])])).toEqual([])
  })

  it('is nothing of the same document', () => {
    const page = passageOf('v1.pdf', [sentence('45')])
    expect(differing([page, { ...passageOf('v1.pdf', [sentence('50')]), id: 'rev_other.0' as Passage['id'] }])).toEqual(
      [],
    )
  })

  it('is a row under the same head, and not one of several that only figures tell apart', () => {
    const [head, other] = [header('Part | Torque'), header('Part | Length')]
    const nut = (value: string) => row(`Tie rod nut | ${value}`)
    const table = passageOf('v1.pdf', [head, nut('1,850 N·m')])
    expect(differing([table, passageOf('v2.pdf', [head, nut('4,200 N·m')])], 1)).toEqual([
      'v2.pdf: Tie rod nut | 4,200 N·m',
    ])
    expect(differing([table, passageOf('v2.pdf', [other, nut('4,200 N·m')])], 1)).toEqual([])
    const bolts = ['Hex bolt M8 | 25 N·m', 'Hex bolt M10 | 49 N·m'].map(row)
    const more = ['Hex bolt M8 | 25 N·m', 'Hex bolt M10 | 52 N·m'].map(row)
    expect(differing([passageOf('v1.pdf', [head, ...bolts]), passageOf('v2.pdf', [head, ...more])], 2)).toEqual([])
  })
})
