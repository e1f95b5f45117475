import { describe, expect, it } from 'vitest'
import { Pool } from '../../src/models/host/pool.ts'

const never = new AbortController().signal
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('Pool', () => {
  it('never lends a thing twice, and serves in the order of asking', async () => {
    const pool = new Pool(['a'])
    const log: string[] = []
    const use = (name: string) =>
      pool.use(never, async () => {
        log.push(`${name} begins`)
        await settle()
        log.push(`${name} ends`)
      })
    await Promise.all([use('first'), use('second')])
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
  })

  it('keeps a thing busy until the work on it has ended, even if the caller was cancelled', async () => {
    const pool = new Pool(['a'])
    const cancel = new AbortController()
    let finish: () => void = () => undefined
    const working = pool.use(cancel.signal, () => new Promise<void>((resolve) => (finish = resolve)))
    await settle()
    cancel.abort(new Error('gone'))
    let lent = false
    const next = pool.use(never, async () => {
      lent = true
    })
    await settle()
    expect(lent).toBe(false)
    finish()
    await Promise.all([working, next])
    expect(lent).toBe(true)
  })

  it('forgets a caller that gave up waiting', async () => {
    const pool = new Pool(['a'])
    let finish: () => void = () => undefined
    const working = pool.use(never, () => new Promise<void>((resolve) => (finish = resolve)))
    const cancel = new AbortController()
    const waiting = pool.use(cancel.signal, async () => 'never')
    cancel.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    finish()
    await working
    await expect(pool.use(never, async (item) => item)).resolves.toBe('a')
  })

  it('maps in order with all its things, and starts nothing after a failure', async () => {
    const pool = new Pool(['a', 'b'])
    await expect(pool.map([1, 2, 3, 4, 5], never, async (_, input) => input * 2)).resolves.toEqual([2, 4, 6, 8, 10])
    const started: number[] = []
    const failing = pool.map([1, 2, 3, 4, 5, 6], never, async (_, input) => {
      started.push(input)
      await settle()
      if (input === 2) throw new Error('bad input')
    })
    await expect(failing).rejects.toThrow('bad input')
    await settle()
    await settle()
    expect(started.length).toBeLessThan(6)
  })
})
