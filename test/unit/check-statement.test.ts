import { describe, expect, it } from 'vitest'
import { checkStatement } from '../../src/answer/check-statement.ts'
import { passageOf, TermEmbedder } from './fakes.ts'

const deps = { embedder: new TermEmbedder() }
const press = passageOf('press.pdf', [
  'Tighten the tie-rod nut of the KP-60 to 1,800 N·m.',
  'Replace the return filter every 500 operating hours.',
  'Wear safety goggles.',
])
const other = passageOf('other.pdf', ['Tighten the tie-rod nut of the KP-100 to 4,200 N·m.'])

describe('checkStatement', () => {
  it('cites the sentence that the statement rests on, verbatim, with its page and boxes', async () => {
    const checked = await checkStatement('The return filter is replaced every 500 operating hours.', [press], deps)
    expect(checked).toMatchObject({
      supported: true,
      statement: {
        citations: [
          {
            documentName: 'press.pdf',
            page: 1,
            quote: 'Replace the return filter every 500 operating hours.',
            boxes: [{ y: 0.2 }],
          },
        ],
      },
    })
  })

  it.each([
    ['another number', 'Tighten the tie-rod nut of the KP-60 to 2,800 N·m.'],
    ['another unit', 'Replace the return filter every 500 operating minutes.'],
    ['another model', 'Tighten the tie-rod nut of the KP-80 to 1,800 N·m.'],
  ])('drops a statement with %s', async (_, text) => {
    expect(await checkStatement(text, [press], deps)).toEqual({ supported: false, reason: 'figures' })
  })

  it('drops a statement that tells to do what the sentence forbids, and the reverse', async () => {
    const guard = passageOf('guard.pdf', ['Do not open the guard while the press is running.', '運轉中禁止打開護罩。'])
    expect(await checkStatement('Open the guard while the press is running.', [guard], deps)).toMatchObject({
      supported: false,
    })
    expect(await checkStatement('運轉中打開護罩。', [guard], deps)).toMatchObject({ supported: false })
    expect(await checkStatement('Do not open the guard while the press is running.', [guard], deps)).toMatchObject({
      supported: true,
    })
  })

  it('takes no number from a heading for one in the text', async () => {
    const section = passageOf('a.pdf', ['The gap is checked with a gauge.'], { heading: '5 Maintenance' })
    expect(await checkStatement('The gap checked with a gauge is 5 mm.', [section], deps)).toMatchObject({
      supported: false,
    })
  })

  it('does not mix the figures of two passages into one statement', async () => {
    const text = 'Tighten the tie-rod nut of the KP-60 to 4,200 N·m.'
    expect(await checkStatement(text, [press, other], deps)).toMatchObject({ supported: false })
  })

  it('moves the citation to the passage that does support the statement', async () => {
    const checked = await checkStatement('Tighten the tie-rod nut of the KP-100 to 4,200 N·m.', [press, other], deps)
    expect(checked).toMatchObject({ supported: true, statement: { citations: [{ documentName: 'other.pdf' }] } })
  })

  it('drops a statement whose words do not stand in any passage', async () => {
    const text = 'The Olympic host country won the most medals.'
    expect(await checkStatement(text, [press, other], deps)).toMatchObject({ supported: false })
  })

  it('cites two sentences where one alone does not hold the statement', async () => {
    const checked = await checkStatement(
      'Wear safety goggles and replace the return filter every 500 operating hours.',
      [press],
      deps,
    )
    expect(checked.supported && checked.statement.citations).toHaveLength(2)
  })
})
