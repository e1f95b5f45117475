import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { isProcessDead, processIdentity } from '../../src/store/process-identity.ts'
import { openLedger, startChild } from './store-fixtures.ts'

describe('a lease', () => {
  it('has one holder, who may take it again, until it is released', async () => {
    const { ledger } = await openLedger()
    expect(await ledger.leases.acquire('index-writer', 'a', 60_000)).toBe(true)
    expect(await ledger.leases.acquire('index-writer', 'b', 60_000)).toBe(false)
    expect(await ledger.leases.acquire('index-writer', 'a', 60_000)).toBe(true)
    expect(await ledger.leases.acquire('other', 'b', 60_000)).toBe(true)
    expect(await ledger.leases.holder('index-writer')).toBe('a')
    await ledger.leases.release('index-writer', 'b')
    expect(await ledger.leases.holder('index-writer')).toBe('a')
    await ledger.leases.release('index-writer', 'a')
    expect(await ledger.leases.holder('index-writer')).toBeUndefined()
    expect(await ledger.leases.acquire('index-writer', 'b', 60_000)).toBe(true)
  })

  it('that has run out goes to who asks first, and the former holder can not renew it', async () => {
    const { ledger } = await openLedger()
    await ledger.leases.acquire('index-writer', 'a', 0)
    expect(await ledger.leases.holder('index-writer')).toBeUndefined()
    expect(await ledger.leases.renew('index-writer', 'a', 0)).toBe(true)
    expect(await ledger.leases.acquire('index-writer', 'b', 60_000)).toBe(true)
    expect(await ledger.leases.renew('index-writer', 'a', 60_000)).toBe(false)
    expect(await ledger.leases.renew('index-writer', 'b', 60_000)).toBe(true)
  })

  it('of a process that was killed on this machine is free at once', async () => {
    const { ledger, file } = await openLedger()
    const child = startChild('hold', file, 'index-writer')
    await child.printed('lease true')
    expect(await ledger.leases.acquire('index-writer', processIdentity(), 60_000)).toBe(false)
    child.process.kill('SIGKILL')
    await child.ended
    expect(await ledger.leases.holder('index-writer')).toBeUndefined()
    expect(await ledger.leases.acquire('index-writer', processIdentity(), 60_000)).toBe(true)
  })
})

describe('the identity of a process', () => {
  it('is dead only where that is certain', () => {
    const own = processIdentity()
    expect(own).toMatch(/^\d+@.+\/\d+$/)
    expect(isProcessDead(own)).toBe(false)
    expect(isProcessDead(`999999999@${hostname()}/1`)).toBe(true)
    expect(isProcessDead('999999999@elsewhere/1')).toBe(false)
    expect(isProcessDead('worker 1')).toBe(false)
  })

  it.runIf(process.platform === 'linux')('is dead where its pid belongs to a later process', () => {
    expect(isProcessDead(processIdentity().replace(/\d+$/, '1'))).toBe(true)
  })
})
