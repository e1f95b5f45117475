import { describe, expect, it } from 'vitest'
import { KuraError } from '../../src/core/errors.ts'
import { describeChange, describeIndexes } from '../../src/describe-indexes.ts'
import type { IndexRecord } from '../../src/store/records.ts'

const record = (model: string, active: boolean, done: number, total = 3_400): IndexRecord => ({
  fingerprint: `emb_${model}`,
  model,
  dimensions: 8,
  active,
  createdAt: '2026-01-01T00:00:00.000Z',
  activatedAt: null,
  progress: { done, total },
})
const records = [record('newer', false, 120), record('former', true, 3_400), record('oldest', false, 90)]

describe('what is said of the index', () => {
  it('tells which table answers, which is built and how far, and which is kept', () => {
    expect(describeIndexes(records, 'emb_newer').map(({ state, detail }) => [state, detail])).toEqual([
      ['building', 'building 120 of 3,400 documents'],
      ['answering', 'answers; holds all 3,400 documents'],
      ['kept', 'kept; holds 90 of 3,400 documents'],
    ])
    expect(describeIndexes([record('former', true, 7, 9)], undefined)[0]?.detail).toBe(
      'answers; building 7 of 9 documents',
    )
  })

  it('tells of the change from the choice to the end', () => {
    const idle = { upcomingName: undefined, buildingFingerprint: undefined, failure: undefined, isBuilding: true }
    const chosen = { ...idle, upcomingName: 'newer' }
    expect(describeChange(records, idle)).toBeNull()
    expect(describeChange(records, chosen)).toEqual({ model: 'newer', detail: 'is being started' })
    expect(describeChange(records, { ...chosen, isBuilding: false })?.detail).toBe(
      'takes over when Kura runs and has built its index',
    )
    expect(describeChange(records, { ...chosen, buildingFingerprint: 'emb_newer' })).toEqual({
      model: 'newer',
      detail: 'building 120 of 3,400 documents',
    })
    const failure = new KuraError('model_missing', 'The file is not there.')
    expect(describeChange(records, { ...chosen, failure })?.detail).toBe('can not take over: The file is not there.')
  })
})
