import { describe, expect, it } from 'vitest'
import { citationOf } from '../../src/answer/cite.ts'
import { ProcedureCompleter } from '../../src/answer/complete-procedure.ts'
import { proceduresOf, soughtProcedure } from '../../src/answer/steps.ts'
import type { Passage, Statement } from '../../src/core/answer.ts'
import { passageOf } from './fakes.ts'

const oil = passageOf('oil.md', [
  { text: '4.2 Changing the oil', kind: 'heading' },
  'CAUTION: Hot oil burns.',
  '1. Warm the oil to 40 °C.',
  '2. Drain the tank.',
  'Collect the oil in drums.',
  '3. Clean the tank.',
  '4. Fill new oil.',
  { text: '4.3 Waste', kind: 'heading' },
  'Drums go to the yard.',
])

const stating = (passage: Passage, text: string, ...rest: number[]): Statement => ({
  text,
  citations: rest.map((at) => {
    const segment = passage.segments[at]
    if (!segment) throw new Error('No such segment.')
    return citationOf(passage, segment)
  }),
})
const texts = (statements: Iterable<Statement>) =>
  [...statements].map(({ text, kind }) => `${kind ?? 'written'}: ${text}`)

describe('proceduresOf', () => {
  it.each([
    ['1. a', '2. b', '3. c'],
    ['(1) a', '(2) b', '(3) c'],
    ['① a', '② b', '③ c'],
    ['一、a', '二、b', '三、c'],
    ['Step 1: a', 'Step 2: b', 'Step 3: c'],
    ['步驟 1：a', '步驟 2：b', '步驟 3：c'],
    ['手順1 a', '手順2 b', '手順3 c'],
    ['3) a', '4) b', '5) c'],
  ])('finds the run %s %s %s', (...lines) => {
    expect(proceduresOf(passageOf('a.md', lines)).map((run) => run.length)).toEqual([3])
  })

  it('keeps further sentences with their step, and ends at a heading', () => {
    const [run] = proceduresOf(oil)
    expect(run?.map(({ number, segments }) => [number, segments.length])).toEqual([
      [1, 1],
      [2, 2],
      [3, 1],
      [4, 1],
    ])
  })

  it.each([
    ['500 hours pass.', '501 hours pass.'],
    ['1. only one'],
    ['1. a', '3. b', '7. c'],
    ['10.5 bar is right.', '11.5 bar is not.'],
  ])('finds none in %s', (...lines) => expect(proceduresOf(passageOf('a.md', lines))).toEqual([]))

  it('parts two runs that follow each other', () => {
    const runs = proceduresOf(passageOf('a.md', ['1. a', '2. b', '1. c', '2. d', '3. e']))
    expect(runs.map((run) => run.length)).toEqual([2, 3])
  })
})

describe('ProcedureCompleter', () => {
  it('puts in the steps that were left out, in their order, and those at the end', () => {
    const completer = new ProcedureCompleter([oil], true)
    expect(texts(completer.add(stating(oil, 'The oil is warmed to 40 °C.', 2)))).toEqual([
      'safety: CAUTION: Hot oil burns.',
      'step: The oil is warmed to 40 °C.',
    ])
    expect(texts(completer.add(stating(oil, 'The tank is cleaned.', 5)))).toEqual([
      'step: 2. Drain the tank. Collect the oil in drums.',
      'step: The tank is cleaned.',
    ])
    expect(texts(completer.rest())).toEqual(['step: 4. Fill new oil.'])
    expect(texts(completer.rest())).toEqual([])
  })

  it('drops a step that was told already, so that nothing comes out of order', () => {
    const completer = new ProcedureCompleter([oil], true)
    completer.add(stating(oil, 'The tank is cleaned.', 5))
    expect(completer.add(stating(oil, 'The oil is warmed.', 2))).toEqual([])
  })

  it('leaves a fact alone where no procedure is asked for, but adds the warning', () => {
    const completer = new ProcedureCompleter([oil], false)
    expect(texts(completer.add(stating(oil, 'The oil is warmed to 40 °C.', 2)))).toEqual([
      'safety: CAUTION: Hot oil burns.',
      'written: The oil is warmed to 40 °C.',
    ])
    expect(texts(completer.rest())).toEqual([])
  })

  it('tells a warning once, and none of another section', () => {
    const completer = new ProcedureCompleter([oil], false)
    completer.add(stating(oil, 'The oil is warmed to 40 °C.', 2))
    expect(texts(completer.add(stating(oil, 'New oil is filled.', 6)))).toEqual(['written: New oil is filled.'])
    const yard = passageOf('yard.md', [
      'Drums go to the yard.',
      { text: 'Lifting', kind: 'heading' },
      'DANGER Keep clear of the load.',
    ])
    expect(texts(new ProcedureCompleter([yard], false).add(stating(yard, 'Drums go to the yard.', 0)))).toEqual([
      'written: Drums go to the yard.',
    ])
  })

  it.each(['WARNING: No flames.', '【警告】嚴禁煙火', '注意：戴手套。', '⚠ DANGER No flames.', '危険：火気厳禁'])(
    'knows the warning %s',
    (note) => {
      const passage = passageOf('a.md', [note, 'Open the valve V7.'])
      expect(texts(new ProcedureCompleter([passage], false).add(stating(passage, 'V7 is opened.', 1)))).toEqual([
        `safety: ${note}`,
        'written: V7 is opened.',
      ])
    },
  )

  it.each(['Caution is a virtue.', '注意事項如下表所示', 'The warning lamp H4 is red.', '警告灯が点灯します。'])(
    'takes no sentence for a warning that only names one: %s',
    (text) => {
      const passage = passageOf('a.md', [text, 'Open the valve V7.'])
      expect(texts(new ProcedureCompleter([passage], false).add(stating(passage, 'V7 is opened.', 1)))).toEqual([
        'written: V7 is opened.',
      ])
    },
  )
})

describe('another procedure', () => {
  const boiler = passageOf('boiler.md', [
    { text: '4 Lighting the boiler', kind: 'heading' },
    '1. Check the gas pressure.',
    '2. Light the small flame.',
    '3. Flush the water gauge at 0.1 MPa.',
    { text: '5 Flushing the water gauge', kind: 'heading' },
    '1. Open the drain cock.',
    '2. Close the water cock.',
    '3. Open the water cock and close the steam cock.',
    '4. Open the steam cock and close the drain cock.',
  ])
  const quotesOf = (...rest: number[]) =>
    rest.flatMap((at) => {
      const segment = boiler.segments[at]
      return segment ? [{ passage: boiler, segment }] : []
    })
  const flushing = stating(boiler, 'Open the drain cock.', 5)
  const lighting = stating(boiler, 'Flush the water gauge at 0.1 MPa.', 3)

  it('is none where the best quotes are of one, and what is told is of it', () => {
    const completer = new ProcedureCompleter([boiler], true)
    expect(completer.isOfAnother(flushing, soughtProcedure(quotesOf(6, 5, 7, 3)))).toBe(false)
    expect(completer.isOfAnother(lighting, soughtProcedure(quotesOf(6, 5, 7, 3)))).toBe(true)
  })

  it('is not looked for where the best quotes are of more than one, or a fact is asked for', () => {
    expect(new ProcedureCompleter([boiler], true).isOfAnother(lighting, soughtProcedure(quotesOf(6, 3, 7)))).toBe(false)
    expect(new ProcedureCompleter([boiler], true).isOfAnother(lighting, soughtProcedure(quotesOf(6, 5)))).toBe(false)
    expect(new ProcedureCompleter([boiler], false).isOfAnother(lighting, soughtProcedure(quotesOf(6, 5, 7)))).toBe(
      false,
    )
  })
})
