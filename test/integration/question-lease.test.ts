/** A question that is under way is seen by whoever looks into the ledger. */
import { expect, it } from 'vitest'
import { isQuestionUnderWay, QuestionLease } from '../../src/store/question-lease.ts'
import { openLedger } from './store-fixtures.ts'

it('is told from the first question that begins to the last that ends', async () => {
  const { ledger } = await openLedger()
  const underWay = () => isQuestionUnderWay(ledger.leases)
  const lease = new QuestionLease(ledger.leases)
  expect(await underWay()).toBe(false)
  const first = lease.begin()
  const second = lease.begin()
  await expect.poll(underWay).toBe(true)
  first[Symbol.dispose]()
  first[Symbol.dispose]()
  await lease[Symbol.asyncDispose]()
  expect(await underWay()).toBe(true)
  second[Symbol.dispose]()
  await lease[Symbol.asyncDispose]()
  expect(await underWay()).toBe(false)
})
