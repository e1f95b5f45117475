/** Quotes as the answer: how many, and never one of two values alone. */
import { expect, it } from 'vitest'
import { quoteStatements } from '../../src/answer/quote-statements.ts'
import type { SelectedQuote } from '../../src/answer/select-quotes.ts'
import type { Passage } from '../../src/core/answer.ts'
import { passageOf } from './fakes.ts'

const quotesOf = (passage: Passage): SelectedQuote[] =>
  passage.segments.map((segment, i) => {
    const text = passage.text.slice(segment.start, segment.end)
    return { passage, segment, text, score: 5 - i, coverage: 0.5 }
  })

const told = (sentences: readonly string[]): string[] => {
  const quotes = quotesOf(passageOf('passwords.md', sentences))
  const options = { kind: 'fact', isInDoubt: false } as const
  return quoteStatements('How long must a password be?', quotes, options).map(({ text }) => text)
}

const first = 'A password is a secret chosen by the user.'
const random = 'Passwords chosen randomly must be at least 6 characters long.'
const chosen = 'Passwords chosen by the user must be at least 8 characters long.'
const other = 'Passwords must be changed when they are known to others.'

it('gives two quotes', () => {
  expect(told([first, chosen, other])).toEqual([first, chosen])
})

it('gives a third one where it has another value of the unit of one that is shown', () => {
  expect(told([first, random, chosen, other])).toEqual([first, random, chosen])
  expect(told([first, random, other, chosen])).toEqual([first, random, chosen])
})

it('gives no third one for the same value, or one of another unit', () => {
  expect(told([first, chosen, 'So passwords have 8 characters.'])).toEqual([first, chosen])
  expect(told([first, chosen, 'Passwords expire after 90 days.'])).toEqual([first, chosen])
})

it('gives the steps where what leads to them is nearer to the question', () => {
  const lines = [
    '6.4 Changing the jaws',
    'Only the shift leader changes the jaws.',
    'Step 1. Stop the spindle.',
    'Step 2. Take the jaws out.',
  ]
  const quotes = quotesOf(passageOf('lathe.md', lines))
  const statements = quoteStatements('How do I change the jaws?', quotes, { kind: 'procedure', isInDoubt: false })
  expect(statements.map(({ text }) => text)).toEqual(lines)
})
