import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Answerer, type AskRequest } from '../../src/answer/answerer.ts'
import type { Answer, AnswerEvent, Passage } from '../../src/core/answer.ts'
import { KuraError } from '../../src/core/errors.ts'
import type { AnswerId, ConversationId, RevisionId } from '../../src/core/ids.ts'
import { localAdministrator } from '../../src/core/principal.ts'
import type { SearchRequest } from '../../src/retrieval/retriever.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { passageOf, ScriptedGenerator, TermEmbedder } from '../unit/fakes.ts'

const press = passageOf('press.pdf', ['Replace the return filter every 500 operating hours.', 'Wear safety goggles.'], {
  page: 7,
})
const draft = (...sentences: { text: string }[]) => sentences.map(({ text }) => text).join(' ') || 'NOT FOUND'

let folder: string
let ledger: Ledger

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kura-answerer-'))
  ledger = await Ledger.open(path.join(folder, 'kura.db'))
})

afterEach(async () => {
  await ledger[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** @param hidden what the ledger says may not answer; may be added to while an answer is being made */
const setUp = (
  outputs: readonly (string | Error)[] | undefined,
  passages: readonly Passage[] | ((query: string) => readonly Passage[]) = [press],
  hidden: ReadonlySet<string> = new Set(),
) => {
  const generator = outputs && new ScriptedGenerator(outputs)
  const queries: string[] = []
  const times: (Date | undefined)[] = []
  const documents = {
    async visible(_: unknown, ids: readonly RevisionId[], at?: Date) {
      times.push(at)
      const { documentId, documentName, revision, collectionId, paginated } = press
      const record = { documentId, documentName, revision, collectionId, paginated }
      return new Map(ids.filter((id) => !hidden.has(id)).map((id) => [id, record]))
    },
  }
  const retriever = {
    async search(_: unknown, request: SearchRequest) {
      queries.push(request.query)
      times.push(request.at)
      return { passages: typeof passages === 'function' ? passages(request.query) : passages, degraded: [] }
    },
  }
  const answerer = new Answerer({
    ledger: {
      conversations: ledger.conversations,
      verifiedAnswers: ledger.verifiedAnswers,
      pages: ledger.pages,
      documents,
    },
    retriever,
    embedder: new TermEmbedder(),
    generator: () => generator,
  })
  const ask = async (question: string, more: Partial<AskRequest> = {}) => {
    const events: AnswerEvent[] = []
    for await (const event of answerer.ask(localAdministrator, { question, collectionIds: [], ...more }))
      events.push(event)
    const last = events.at(-1)
    if (last?.type !== 'answer') throw new Error('The last event is not the answer.')
    return { events, answer: last.answer as Answer }
  }
  return { ask, answerer, queries, times, generator }
}

const question = 'How often is the return filter replaced, every how many operating hours?'

describe('Answerer', () => {
  it('tells passages, quotes, statements and the answer in this order', async () => {
    const { ask } = setUp([draft({ text: 'The return filter is replaced every 500 operating hours.' })])
    const { events, answer } = await ask(question)
    expect(events.map(({ type }) => type)).toEqual(['passages', 'quotes', 'statement', 'answer'])
    expect(answer).toMatchObject({
      status: 'answered',
      language: 'en',
      model: 'scripted',
      degraded: [],
      statements: [
        {
          citations: [
            { documentName: 'press.pdf', page: 7, quote: 'Replace the return filter every 500 operating hours.' },
          ],
        },
      ],
    })
  })

  it('keeps the answer in the ledger', async () => {
    const { ask } = setUp([draft({ text: 'The return filter is replaced every 500 operating hours.' })])
    const { answer } = await ask(question)
    expect(await ledger.conversations.getAnswer(localAdministrator, answer.id)).toEqual(answer)
  })

  it('never shows a statement that the passage does not support, and quotes instead', async () => {
    const { ask } = setUp([draft({ text: 'The return filter is replaced every 900 operating hours.' })])
    const { answer } = await ask(question)
    expect(answer.statements.map(({ text }) => text)).toContain('Replace the return filter every 500 operating hours.')
    expect(JSON.stringify([answer.statements, answer.quotes])).not.toContain('900')
    expect(answer).not.toHaveProperty('model')
  })

  it('does not quote beside the question where what it names is what the sources do not say', async () => {
    const boiler = 'How often is the return filter of the boiler replaced, every how many operating hours?'
    const { ask } = setUp([draft({ text: 'The return filter of the boiler is replaced every 500 operating hours.' })])
    const { answer } = await ask(boiler)
    expect(answer).toMatchObject({ status: 'not_found', statements: [] })
    expect(answer.quotes.map(({ text }) => text)).toContain('Replace the return filter every 500 operating hours.')
  })

  it('quotes a row with the names of its columns, and a sentence with what its pronoun is about', async () => {
    const table = passageOf('torque.docx', [
      { text: 'Part | KP-60 torque | KP-100 torque', kind: 'header' },
      { text: 'Tie-rod nut | 1,850 N·m | 4,200 N·m', kind: 'row' },
    ])
    const row = await setUp(undefined, [table]).ask('What is the torque of the tie-rod nut?')
    expect(row.answer.statements).toMatchObject([
      {
        kind: 'quote',
        text: 'Part: Tie-rod nut; KP-60 torque: 1,850 N·m; KP-100 torque: 4,200 N·m',
        citations: [{ quote: 'Tie-rod nut | 1,850 N·m | 4,200 N·m' }],
      },
    ])
    const filter = passageOf('filter.md', [
      'The return filter sits on the tank.',
      'It is replaced every 500 operating hours.',
    ])
    const sentence = await setUp(undefined, [filter]).ask('Every how many operating hours is it replaced?')
    expect(sentence.answer.statements[0]).toMatchObject({
      text: 'The return filter sits on the tank. It is replaced every 500 operating hours.',
      citations: [{ quote: 'It is replaced every 500 operating hours.' }],
    })
  })

  it('asks in the name that the documents use too', async () => {
    const named = passageOf('terms.pdf', ['A memorized secret, also known as a password, has at least 8 characters.'])
    const { ask, queries, generator } = setUp([draft({ text: 'It has at least 8 characters.' })], [named])
    await ask('How many characters has a password at least?')
    const asked = 'How many characters has a password (memorized secret) at least?'
    expect(queries).toEqual(['How many characters has a password at least?', asked])
    expect(JSON.stringify(generator?.requests[0]?.messages)).toContain(asked)
  })

  it('says not found where the model finds no answer in the sources', async () => {
    const { answer } = await setUp([draft()]).ask(question)
    expect(answer).toMatchObject({ status: 'not_found', statements: [] })
    expect(answer.passages).toHaveLength(1)
  })

  it('says not found without asking the model where nothing is near the question', async () => {
    const { ask, generator } = setUp([draft({ text: 'Wear safety goggles.' })])
    const { answer } = await ask('Zebra quantum violin?')
    expect(answer.status).toBe('not_found')
    expect(generator?.requests).toEqual([])
  })

  it('says not found where nothing is retrieved', async () => {
    expect((await setUp([draft()], []).ask(question)).answer).toMatchObject({
      status: 'not_found',
      quotes: [],
      passages: [],
    })
  })

  it('answers by quotes where no model may write', async () => {
    const { answer } = await setUp(undefined).ask(question)
    expect(answer.status).toBe('answered')
    expect(answer.statements[0]).toMatchObject({ text: press.text.split('\n')[0], citations: [{ page: 7 }] })
  })

  it('answers by quotes and says so where the engine dies', async () => {
    const { answer } = await setUp([new KuraError('model_unavailable', 'The model host is gone.')]).ask(question)
    expect(answer).toMatchObject({ status: 'answered', degraded: ['model_unavailable'] })
  })

  it('has a sentence that fails written once more with the failure named, and shows what holds then', async () => {
    const { ask, generator } = setUp([
      draft({ text: 'The return filter is replaced every 900 operating hours.' }),
      draft({ text: 'The return filter is replaced every 500 operating hours.' }),
    ])
    const { answer } = await ask(question)
    expect(answer.statements.map(({ text }) => text)).toEqual([
      'The return filter is replaced every 500 operating hours.',
    ])
    const [first, second, third] = generator?.requests ?? []
    expect(second?.messages.slice(0, first?.messages.length)).toEqual(first?.messages)
    expect(second?.messages.at(-1)?.content).toContain('900')
    expect(third).toBeUndefined()
  })

  it("writes a sentence in another language than the asker's once more, and never shows it", async () => {
    const { ask, generator } = setUp([
      draft({ text: '回油濾芯每 500 運轉小時更換一次。' }),
      draft({ text: 'The return filter is replaced every 500 operating hours.' }),
    ])
    const { answer } = await ask(question)
    expect(answer.statements.map(({ text }) => text)).toEqual([
      'The return filter is replaced every 500 operating hours.',
    ])
    expect(generator?.requests[1]?.messages.at(-1)?.content).toContain('language')
  })

  it('takes a draft that only repeats the question for a refusal, and quotes nothing', async () => {
    const { ask } = setUp([draft({ text: question })])
    const { answer } = await ask(question)
    expect(answer).toMatchObject({ status: 'not_found', statements: [] })
    expect(answer.quotes).not.toEqual([])
  })

  it('names the code that the documents do not know, and asks no model for it', async () => {
    const alarms = passageOf('alarms.pdf', ['Alarm E-304 means that the oil level is low.'])
    const { ask, generator } = setUp([draft({ text: 'It means that the oil level is low.' })], [alarms])
    const { answer } = await ask('What does alarm E-302 mean?')
    expect(answer).toMatchObject({ status: 'not_found', nearMisses: [{ asked: 'E-302', found: ['E-304'] }] })
    expect(await ledger.conversations.getAnswer(localAdministrator, answer.id)).toEqual(answer)
    expect(generator?.requests).toEqual([])
  })

  it('tells all steps of a procedure in their order, though the model left some out, and the warning before them', async () => {
    const steps = ['1. Warm the oil to 40 °C.', '2. Drain the tank.', '3. Clean the tank.', '4. Fill new oil.']
    const oil = passageOf('oil.md', ['WARNING: Hot oil burns.', ...steps])
    const { ask } = setUp([draft({ text: 'Drain the tank.' }, { text: 'Fill new oil.' })], [oil])
    const { answer } = await ask('How do I change the oil of the tank?')
    expect(answer.statements.map(({ text, kind }) => [kind, text])).toEqual([
      ['safety', 'WARNING: Hot oil burns.'],
      ['step', steps[0]],
      ['step', 'Drain the tank.'],
      ['step', steps[2]],
      ['step', 'Fill new oil.'],
    ])
    expect(answer.quotes[0]?.steps).toEqual(steps)
    expect(await ledger.conversations.getAnswer(localAdministrator, answer.id)).toEqual(answer)
  })

  it('keeps how the answer came about: what the model read and wrote, and with what settings', async () => {
    const { ask } = setUp([draft({ text: 'The return filter is replaced every 500 operating hours.' })])
    const { answer } = await ask(question)
    const { record } = await ledger.conversations.getRecorded(localAdministrator, answer.id)
    expect(record?.drafts).toMatchObject([
      {
        prompt: { id: 'answer' },
        model: { name: 'scripted' },
        text: 'The return filter is replaced every 500 operating hours.',
      },
    ])
    expect(record?.drafts[0]?.sources[0]?.text).toContain('every 500 operating hours')
  })

  it('writes nothing into the ledger where it is asked not to', async () => {
    const { ask } = setUp([draft({ text: 'The return filter is replaced every 500 operating hours.' })])
    const { answer } = await ask(question, {
      unrecorded: true,
      history: [],
      conversationId: 'con_none' as ConversationId,
    })
    expect(answer.status).toBe('answered')
    await expect(ledger.conversations.getAnswer(localAdministrator, answer.id)).rejects.toMatchObject({
      code: 'answer_not_found',
    })
  })

  it('shows one sentence once when the model loops', async () => {
    const same = { text: 'The return filter is replaced every 500 operating hours.' }
    expect((await setUp([draft(same, same, same)]).ask(question)).answer.statements).toHaveLength(1)
  })

  it('makes a follow-up stand alone with what the conversation holds', async () => {
    const first = draft({ text: 'The return filter is replaced every 500 operating hours.' })
    const { ask, queries } = setUp([
      first,
      JSON.stringify({ question: 'What is worn when the return filter is replaced?' }),
      draft(),
    ])
    const { answer } = await ask(question)
    await ask('And what is worn then?', { conversationId: answer.conversationId })
    expect(queries).toEqual([question, 'What is worn when the return filter is replaced?'])
  })

  it('does not use a rewritten follow-up with a figure from nowhere', async () => {
    const { ask, queries } = setUp([JSON.stringify({ question: 'What is the torque of the KP-999?' }), draft()])
    await ask('And its torque?', { history: [{ question: 'Tell me about the KP-60.', answer: '' }] })
    expect(queries).toEqual(['Tell me about the KP-60.\nAnd its torque?'])
  })

  it('writes Traditional Chinese for who asks in it', async () => {
    const filter = passageOf('濾芯.pdf', ['回油濾芯每 500 運轉小時更換一次。'], { language: 'zh-Hant' })
    const { ask } = setUp([draft({ text: '回油滤芯每 500 运转小时更换一次。' })], [filter])
    const { answer } = await ask('回油濾芯每幾運轉小時更換一次？')
    expect(answer.statements[0]?.text).toBe('回油濾芯每 500 運轉小時更換一次。')
  })

  describe('a question in another language than the documents', () => {
    const asked = '回油濾芯多久更換一次？每幾運轉小時？'
    /** Hardly answered by what is found, so that nothing outweighs the model's word. */
    const remote = 'When is a filter replaced by somebody else?'
    const written = 'The return filter is replaced every 500 operating hours.'

    it("is searched for in both, put to the model as it was asked, and answered in the asker's", async () => {
      const { ask, queries, generator } = setUp([question, written])
      const { answer, events } = await ask(asked)
      expect(queries).toEqual([asked, question])
      expect(events.map(({ type }) => type).slice(0, 4)).toEqual(['passages', 'quotes', 'passages', 'quotes'])
      expect(generator?.requests[1]?.messages.at(-1)?.content).toContain(asked)
      // What is written in another language than the asker's is not told; the document's own words are.
      expect(answer).toMatchObject({ language: 'zh-Hant', status: 'answered', statements: [{ kind: 'quote' }] })
    })

    it('tells what either wording found, the better found first', async () => {
      const goggles = passageOf('goggles.pdf', ['Wear safety goggles E-7.'])
      const { ask } = setUp([remote, 'NOT FOUND'], (query) => (query === asked ? [goggles, press] : [press]))
      const { answer } = await ask(asked)
      expect(answer.status).toBe('not_found')
      expect(answer.passages.map(({ documentName }) => documentName)).toEqual(['press.pdf', 'goggles.pdf'])
    })

    it('is asked of the documents in its own language first, where they are nearer', async () => {
      const filter = passageOf('濾芯.pdf', ['回油濾芯每 500 運轉小時更換一次。'], { language: 'zh-Hant' })
      const { ask, queries } = setUp(['回油濾芯每 500 運轉小時更換一次。'], [filter, press])
      const { answer } = await ask(asked)
      expect(queries).toEqual([asked])
      expect(answer.statements[0]?.citations[0]?.documentName).toBe('濾芯.pdf')
    })

    it('is asked of the others where those of its own language do not answer, and told what was nearest', async () => {
      const oil = passageOf('液壓油.pdf', ['更換液壓油與濾芯時停機。'], { language: 'zh-Hant' })
      const { ask, queries } = setUp(['NOT FOUND', remote, 'NOT FOUND'], (query) =>
        query === asked ? [oil, press] : [],
      )
      const { answer } = await ask(asked)
      expect(queries).toEqual([asked, remote])
      expect(answer).toMatchObject({ status: 'not_found', passages: [{ documentName: '液壓油.pdf' }, {}] })
    })

    it.each([
      ['changes a code', '警報 E-302 是什麼意思？', 'What does E-303 mean?'],
      ['answers it', '警報 E-302 是什麼意思？', 'E-302 means that the ram drifts.'],
      ['stays in its language', '警報 E-302 是什麼意思？', '警報 E-302 代表什麼意思？'],
    ])('is searched for as it is where a translation %s', async (_, wording, translation) => {
      const alarm = passageOf('alarms.pdf', ['E-302 is shown when the ram drifts.'])
      const { ask, queries } = setUp([translation, 'NOT FOUND'], [alarm])
      await ask(wording)
      expect(queries).toEqual([wording])
    })
  })

  it('tells of other documents that say the same with other figures, and of none that may not answer', async () => {
    const versions = ['500', '400', '300'].map((hours) =>
      passageOf(`press ${hours}.pdf`, [`Replace the return filter every ${hours} operating hours.`]),
    )
    const statement = 'The return filter is replaced every 500 operating hours.'
    const { answer } = await setUp([statement], versions).ask(question)
    const differing = answer.statements[0]?.differing?.map(({ documentName }) => documentName)
    expect(differing).toEqual(['press 400.pdf', 'press 300.pdf'])
    expect(await ledger.conversations.getAnswer(localAdministrator, answer.id)).toEqual(answer)
    const withdrawn = await setUp([statement], versions, new Set(['rev_press 400.pdf'])).ask(question)
    expect(withdrawn.answer.statements[0]?.differing).toMatchObject([{ documentName: 'press 300.pdf' }])
    const alone = await setUp([statement], versions.slice(0, 1)).ask(question)
    expect(alone.answer.statements[0]).not.toHaveProperty('differing')
  })

  it('asks all about the time that it is asked about, and says so in the answer', async () => {
    const at = new Date('2025-06-30T21:59:59.999Z')
    const { ask, times } = setUp([draft({ text: 'The return filter is replaced every 500 operating hours.' })])
    const { answer } = await ask(question, { at })
    expect(answer).toMatchObject({ asOf: at.toISOString(), statements: [{}] })
    expect(new Set(times)).toEqual(new Set([at]))
    expect(await ledger.conversations.getAnswer(localAdministrator, answer.id)).toEqual(answer)
    const now = setUp([draft()])
    expect((await now.ask(question)).answer).not.toHaveProperty('asOf')
    expect(new Set(now.times)).toEqual(new Set([undefined]))
  })

  it('names revision, sheet and cells of what it cites', async () => {
    const sheet: Passage = {
      ...press,
      pageLabels: [{ page: 7, label: 'Intervals' }],
      segmentCells: ['A5:D5', ''],
      cells: 'A5:D5',
    }
    const { ask } = setUp([draft({ text: 'The return filter is replaced every 500 operating hours.' })], [sheet])
    const { answer } = await ask(question)
    const place = { revisionId: press.revisionId, revision: '1', pageLabel: 'Intervals', cells: 'A5:D5' }
    expect(answer.statements).toMatchObject([{ citations: [place] }])
    expect(answer.quotes[0]).toMatchObject(place)
    expect(answer.quotes[1]).not.toHaveProperty('cells')
    expect(await ledger.conversations.getAnswer(localAdministrator, answer.id)).toEqual(answer)
  })

  it.each([
    ['passages', 0],
    ['quotes', 0],
    ['statement', 1],
  ] as const)(
    'holds nothing of a revision that is withdrawn while the answer is made, after: %s',
    async (after, statements) => {
      const hidden = new Set<string>()
      const { answerer } = setUp(
        [draft({ text: 'The return filter is replaced every 500 operating hours.' })],
        [press],
        hidden,
      )
      const events: AnswerEvent[] = []
      for await (const event of answerer.ask(localAdministrator, { question, collectionIds: [] })) {
        events.push(event)
        if (event.type === after) hidden.add(press.revisionId)
      }
      expect(events.filter(({ type }) => type === 'statement')).toHaveLength(statements)
      const quotes = events.flatMap((event) => (event.type === 'quotes' ? event.quotes : []))
      expect(quotes.length > 0).toBe(after !== 'passages')
      const last = events.at(-1)
      expect(last).toMatchObject({ answer: { status: 'not_found', statements: [], quotes: [], passages: [] } })
      const answer = last?.type === 'answer' ? last.answer : undefined
      expect(answer).not.toHaveProperty('model')
      expect(await ledger.conversations.getAnswer(localAdministrator, answer?.id as AnswerId)).toEqual(answer)
    },
  )

  it('keeps what stands on other revisions where one is withdrawn while the answer is made', async () => {
    const hidden = new Set<string>()
    const other = passageOf('filter.pdf', ['The return filter of the KP-60 is replaced every 250 operating hours.'])
    const { answerer } = setUp(
      [draft({ text: 'The return filter is replaced every 500 operating hours.' })],
      [press, other],
      hidden,
    )
    let answer: Answer | undefined
    for await (const event of answerer.ask(localAdministrator, { question, collectionIds: [] })) {
      if (event.type === 'passages') hidden.add(other.revisionId)
      if (event.type === 'answer') answer = event.answer
    }
    expect(answer).toMatchObject({ status: 'answered', passages: [{ id: press.id }] })
    expect(JSON.stringify([answer?.statements, answer?.quotes, answer?.passages])).not.toContain('250')
  })

  it('stops when the caller goes away', async () => {
    const { ask } = setUp([draft()])
    const caller = new AbortController()
    caller.abort()
    await expect(ask(question, { signal: caller.signal })).rejects.toThrow()
  })

  it('refuses a conversation that does not exist', async () => {
    const unknown = 'con_unknown' as ConversationId
    await expect(setUp([]).ask(question, { conversationId: unknown })).rejects.toMatchObject({
      code: 'conversation_not_found',
    })
  })
})
