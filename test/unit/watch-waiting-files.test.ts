import { describe, expect, it } from 'vitest'
import { WaitingFiles } from '../../src/watch/waiting-files.ts'

const state = (bytes: number, modifiedMs = 1) => ({ bytes, modifiedMs, inode: 7 })

describe('files that wait until nobody writes to them', () => {
  it('are steady when they look the same after the time', () => {
    const waiting = new WaitingFiles(100)
    waiting.note('a', 0)
    expect(waiting.due(0, 10)).toEqual(['a'])
    expect(waiting.isSteady('a', state(1), 0)).toBe(false)
    expect(waiting.due(99, 10)).toEqual([])
    expect(waiting.nextDueAt()).toBe(100)
    expect(waiting.isSteady('a', state(2), 100)).toBe(false)
    expect(waiting.isSteady('a', state(2, 2), 200)).toBe(false)
    expect(waiting.isSteady('a', state(2, 2), 250)).toBe(false)
    expect(waiting.isSteady('a', state(2, 2), 300)).toBe(true)
  })

  it('are looked at again where something was heard while they were copied', () => {
    const waiting = new WaitingFiles(100)
    waiting.note('a', 0, state(1))
    expect(waiting.isSteady('a', state(1), 100)).toBe(true)
    expect(waiting.due(100, 10)).toEqual([])
    waiting.note('a', 110)
    waiting.done('a', 120)
    expect(waiting.due(120, 10)).toEqual(['a'])
    waiting.done('a', 130)
    expect(waiting.size).toBe(0)
  })

  it('may hold any file of their size, and of every size before they were looked at', () => {
    const waiting = new WaitingFiles(100)
    expect(waiting.mayHold(5)).toBe(false)
    waiting.note('a', 0, state(5))
    expect([waiting.mayHold(5), waiting.mayHold(6)]).toEqual([true, false])
    waiting.note('b', 0)
    expect(waiting.mayHold(6)).toBe(true)
  })

  it('are bounded in number, and those that wait longest come first', () => {
    const waiting = new WaitingFiles(100)
    let count = 0
    while (waiting.note(`file ${count}`, count, state(1)) && count < 1_000_000) count += 1
    expect(count).toBeLessThan(100_000)
    expect(waiting.size).toBe(count)
    expect(waiting.note('file 0', 5)).toBe(true)
    expect(waiting.due(1_000_000, 2)).toEqual(['file 0', 'file 1'])
  })
})
