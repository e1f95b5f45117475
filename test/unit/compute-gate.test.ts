import { describe, expect, it } from 'vitest'
import { ComputeGate } from '../../src/models/host/compute-gate.ts'

const never = new AbortController().signal

/** A task that ends when it is told to. */
const held = () => {
  let release: () => void = () => undefined
  const until = new Promise<void>((resolve) => {
    release = resolve
  })
  return { task: () => until, release }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('ComputeGate', () => {
  it('keeps ingestion waiting while a step runs, and lets it go on afterwards', async () => {
    const gate = new ComputeGate(true)
    const step = held()
    const log: string[] = []
    const stepping = gate.step(never, step.task).then(() => log.push('step'))
    const ingesting = gate.ingest(never, async () => log.push('ingestion'))
    await settle()
    expect(log).toEqual([])
    step.release()
    await Promise.all([stepping, ingesting])
    expect(log.toSorted()).toEqual(['ingestion', 'step'])
  })

  it('lets the steps of several answers run at the same time', async () => {
    const gate = new ComputeGate(true)
    const first = held()
    const stepping = gate.step(never, first.task)
    await expect(gate.step(never, async () => 'second')).resolves.toBe('second')
    first.release()
    await stepping
  })

  it('admits no further text of ingestion between the steps of an answer that has just begun', async () => {
    const gate = new ComputeGate(true)
    const log: string[] = []
    const answer = gate.beginAnswer()
    const ingesting = gate.ingest(never, async () => log.push('ingestion'))
    for (const name of ['step 1', 'step 2', 'step 3']) await gate.step(never, async () => log.push(name))
    expect(log).toEqual(['step 1', 'step 2', 'step 3'])
    answer[Symbol.dispose]()
    await ingesting
    expect(log.at(-1)).toBe('ingestion')
  })

  it('does not starve ingestion for as long as answers are made', async () => {
    const gate = new ComputeGate(true)
    using _answer = gate.beginAnswer()
    let ingested = false
    const ingesting = gate.ingest(never, async () => {
      ingested = true
    })
    for (let count = 0; count < 60 && !ingested; count += 1) {
      await gate.step(never, () => new Promise((resolve) => setTimeout(resolve, 25)))
    }
    await ingesting
    expect(ingested).toBe(true)
  })

  it('forgets who gave up waiting', async () => {
    const gate = new ComputeGate(true)
    const step = held()
    const stepping = gate.step(never, step.task)
    const giveUp = new AbortController()
    const ingesting = gate.ingest(giveUp.signal, async () => 'ran')
    giveUp.abort(new Error('gone'))
    await expect(ingesting).rejects.toThrow('gone')
    step.release()
    await stepping
    await expect(gate.ingest(never, async () => 'next')).resolves.toBe('next')
  })

  it('passes everybody at once where a GPU computes', async () => {
    const gate = new ComputeGate(false)
    const step = held()
    const stepping = gate.step(never, step.task)
    await expect(gate.ingest(never, async () => 'beside')).resolves.toBe('beside')
    step.release()
    await stepping
  })
})
