/** Models that loop, babble, break off, hang or say nothing: an honest status each time, and never an unchecked sentence. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KuraError } from '../../src/core/errors.ts'
import type { TokenProbability } from '../../src/core/models.ts'
import { passageOf } from '../unit/fakes.ts'
import { type Asked, DrivenGenerator, HostileSetting, writing } from './hostile-fixtures.ts'

const truth = 'The return filter is replaced every 500 operating hours.'
const printed = 'Replace the return filter every 500 operating hours.'
const question = 'How often is the return filter replaced, every how many operating hours?'
const press = passageOf('press.pdf', [printed, 'Wear safety goggles.'], { page: 7 })
const steps = ['1. Warm the oil to 40 °C.', '2. Drain the tank.', '3. Clean the tank.', '4. Fill new oil.']

let setting: HostileSetting
beforeAll(async () => {
  setting = await HostileSetting.open()
})
afterAll(() => setting[Symbol.asyncDispose]())

/** Either the checked sentence or the document's own words, and the same in the events as in the answer. */
const expectHonest = ({ answer, statements }: Asked): void => {
  expect(answer.statements).toEqual(statements)
  for (const { text, citations } of statements) {
    expect([truth, printed, 'Wear safety goggles.']).toContain(text)
    expect(citations.length).toBeGreaterThan(0)
  }
  expect(answer.status).toBe(statements.length > 0 ? 'answered' : 'not_found')
}

describe('what a model may write', () => {
  it.each([
    ['the same sentence for ever', `${truth} `.repeat(200)],
    ['a sentence that is not so, for ever', 'The return filter is replaced every 900 operating hours. '.repeat(200)],
    ['one word for ever', 'filter '.repeat(3_000)],
    ['one letter for ever', 'a'.repeat(20_000)],
    ['one digit for ever', '5'.repeat(20_000)],
    ['marks for ever', '!?'.repeat(5_000)],
    ['line breaks for ever', '\n'.repeat(10_000)],
    ['brackets for ever', '[1]('.repeat(5_000)],
    ['a list that grows', Array.from({ length: 400 }, (_, i) => `${i + 1}. Replace filter ${i + 1}.`).join('\n')],
    ['a table', `| Filter | Hours |\n|---|---|\n${'| Return filter | 900 |\n'.repeat(30)}`],
    ['broken JSON', `{"statements":[{"text":"The return filter is replaced every 900 hours","quote":`],
    ['JSON of another form', JSON.stringify({ answer: 'The return filter lasts 900 operating hours.' })],
    ['markup', '<script>alert(900)</script><b>The filter lasts 900 hours</b>'],
    ['another language', 'Der Rücklauffilter wird alle 900 Betriebsstunden ersetzt und danach gereinigt.'],
    ['Chinese', '回油濾芯每 900 運轉小時更換一次。請先關閉電源。'],
    ['an apology', 'I am sorry, but as an AI language model I can not answer that. Please contact the maker.'],
    ['control characters', '\u0000\u0007\u001b[2J\u202e replaced every 900 hours'],
    ['lone surrogates', '\ud800\udc00\ud800 filter 900 \udfff'],
    ['its chat template', '<|im_start|>assistant\nThe filter lasts 900 hours.<|im_end|>\n<|im_start|>user\nAnd now?'],
  ])('shows nothing unchecked of %s', async (_, text) => {
    const asked = await setting.ask([press], writing(text, text), question)
    expectHonest(asked)
    expect(JSON.stringify(asked.statements)).not.toContain('900')
  })

  it.each([['nothing'], [' '], ['\n\n\n'], ['...'], ['"']])('quotes where the model writes only %j', async (text) => {
    const { answer, statements } = await setting.ask([press], writing(text === 'nothing' ? '' : text), question)
    expect(statements[0]).toMatchObject({ text: printed, kind: 'quote' })
    expect(answer).not.toHaveProperty('model')
  })

  it.each([
    ['first', `NOT FOUND. ${truth}`, []],
    ['first, with a reason', 'NOT FOUND: the sources do not say how often.', []],
    ['in the middle', `${truth} NOT FOUND. The pump is replaced every 900 operating hours.`, [truth]],
    ['at the end', `${truth}\n\nNOT FOUND`, [truth]],
  ])('believes NOT FOUND %s', async (_, text, expected) => {
    const { answer, statements } = await setting.ask([press], writing(text), question)
    expect(statements.map((each) => each.text)).toEqual(expected)
    expect(answer.status).toBe(expected.length > 0 ? 'answered' : 'not_found')
  })

  it('takes NOT FOUND for an answer where it is the name of an alarm', async () => {
    const alarm = 'Alarm 1058 TOOL NOT FOUND means that the tool is not in the magazine.'
    const alarms = passageOf('alarms.pdf', [alarm, 'Alarm 1060 DOOR OPEN means that the door is open.'])
    const meaning = 'What does alarm 1058 mean?'
    expect((await setting.ask([alarms], writing(alarm), meaning)).statements).toMatchObject([{ text: alarm }])
    expect((await setting.ask([alarms], writing('NOT FOUND'), meaning)).answer.status).toBe('not_found')
  })

  it('stops reading an engine that does not stop writing', async () => {
    const endless = new DrivenGenerator(async function* () {
      for (;;) yield 'and so on '
    })
    expectHonest(await setting.ask([press], endless, question))
    expect(endless.calls).toBeLessThanOrEqual(2)
    expect(endless.pieces).toBeLessThan(2_000)
  })

  it.each([
    ['none', []],
    ['no numbers', [{ text: 'NOT', probability: Number.NaN }]],
    ['endless ones', [{ text: 'NOT', probability: Number.POSITIVE_INFINITY }]],
    ['negative ones', [{ text: 'not', probability: -3 }]],
  ] satisfies [string, TokenProbability[]][])(
    'answers where the probabilities of the first word are %s',
    async (_, likeliest) => {
      const generator = new DrivenGenerator(async function* (request) {
        request.onFirstToken?.(likeliest)
        yield truth
      })
      const asked = await setting.ask([press], generator, question)
      expectHonest(asked)
      expect(asked.statements).toMatchObject([{ text: truth }])
    },
  )
})

describe('a model that fails', () => {
  const unavailable = new KuraError('model_unavailable', 'The model engine went away in the middle of an answer.')

  it('keeps what was checked where the engine goes away after a statement, and says so', async () => {
    const generator = new DrivenGenerator(async function* () {
      yield `${truth} The pump is repla`
      throw unavailable
    })
    const asked = await setting.ask([press], generator, question)
    expectHonest(asked)
    expect(asked.answer).toMatchObject({ status: 'answered', degraded: ['model_unavailable'], model: 'driven' })
    expect(asked.statements).toMatchObject([{ text: truth }])
  })

  it('quotes where the engine goes away in the first sentence', async () => {
    const generator = new DrivenGenerator(async function* () {
      yield 'The return filter is replaced every 900 '
      throw unavailable
    })
    const asked = await setting.ask([press], generator, question)
    expectHonest(asked)
    expect(asked.answer.degraded).toEqual(['model_unavailable'])
    expect(asked.statements[0]).toMatchObject({ text: printed, kind: 'quote' })
  })

  it('keeps what was checked where the engine goes away while it writes a failed sentence again', async () => {
    const generator = new DrivenGenerator(async function* (_request, _signal, call) {
      if (call > 1) throw unavailable
      yield `${truth} The pump is replaced every 900 operating hours.`
    })
    const asked = await setting.ask([press], generator, question)
    expectHonest(asked)
    expect(asked.answer).toMatchObject({ degraded: ['model_unavailable'], statements: [{ text: truth }] })
  })

  it('tells a procedure whole though the engine goes away at its second step', async () => {
    const oil = passageOf('oil.md', steps)
    const generator = new DrivenGenerator(async function* () {
      yield 'Warm the oil to 40 °C. Drain the tank. Then cle'
      throw unavailable
    })
    const { answer } = await setting.ask([oil], generator, 'How do I change the oil of the tank?')
    expect(answer.statements.map(({ text }) => text.replace(/^\d\. /, ''))).toEqual(
      steps.map((step) => step.replace(/^\d\. /, '')),
    )
    expect(answer.degraded).toEqual(['model_unavailable'])
  })

  it('throws what is a fault of the program, after what was checked', async () => {
    const generator = new DrivenGenerator(async function* () {
      yield `${truth} The pump `
      throw new TypeError('a fault')
    })
    const types: string[] = []
    const run = async () => {
      for await (const { type } of setting.events([press], generator, { question })) types.push(type)
    }
    await expect(run()).rejects.toThrow('a fault')
    expect(types).toEqual(['passages', 'quotes', 'statement'])
  })

  it('ends when the caller leaves an engine that hangs', async () => {
    const caller = new AbortController()
    const generator = new DrivenGenerator(async function* (_request, signal) {
      yield `${truth} `
      yield 'And '
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    })
    const types: string[] = []
    const run = async () => {
      for await (const { type } of setting.events([press], generator, { question, signal: caller.signal })) {
        types.push(type)
        if (type === 'statement') setTimeout(() => caller.abort(new Error('gone')), 10)
      }
    }
    await expect(run()).rejects.toThrow('gone')
    expect(types).toEqual(['passages', 'quotes', 'statement'])
  })

  it('stops the engine when the caller reads no further', async () => {
    let isStopped = false
    const generator = new DrivenGenerator(async function* () {
      try {
        for (let i = 0; ; i += 1) yield `${truth} Number ${i}. `
      } finally {
        isStopped = true
      }
    })
    for await (const { type } of setting.events([press], generator, { question })) if (type === 'statement') break
    expect(isStopped).toBe(true)
  })

  it('asks as if there were no conversation where the model breaks its form for a follow-up', async () => {
    const broken = ['{"question": "What is', '[]', '{"question": 7}', '', '{"question":"   "}', 'NOT FOUND']
    for (const text of broken) {
      const history = [{ question, answer: truth }]
      const asked = await setting.ask([press], writing(text, truth), 'And every how many operating hours?', { history })
      expectHonest(asked)
      expect(asked.answer.status).toBe('answered')
    }
  })
})
