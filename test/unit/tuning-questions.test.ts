import { describe, expect, it } from 'vitest'
import type { IndexedChunk, Language, Segment } from '../../src/core/document.ts'
import type { ChunkId, CollectionId, DocumentId, RevisionId } from '../../src/core/ids.ts'
import { checkQuestion } from '../../src/tune/check-question.ts'
import { makeByRule } from '../../src/tune/rule-questions.ts'
import { answerSegments } from '../../src/tune/sample-passages.ts'

const chunkOf = (
  lines: readonly (readonly [Segment['kind'], string])[],
  of: { readonly language?: Language; readonly heading?: string; readonly name?: string } = {},
): IndexedChunk => {
  let text = ''
  const segments = lines.map(([kind, line]): Segment => {
    const start = text === '' ? 0 : text.length + 1
    text = text === '' ? line : `${text}\n${line}`
    return { kind, start, end: text.length, page: 1, pageStart: start, pageEnd: text.length }
  })
  return {
    id: 'rev_1.0' as ChunkId,
    collectionId: 'col_1' as CollectionId,
    documentId: 'doc_1' as DocumentId,
    revisionId: 'rev_1' as RevisionId,
    documentName: of.name ?? 'press.pdf',
    ordinal: 0,
    pageStart: 1,
    pageEnd: 1,
    headingPath: of.heading === undefined ? [] : [of.heading],
    text,
    segments,
    language: of.language ?? 'en',
    tokens: 40,
  }
}

const filter = 'Replace the return filter of the press every 500 operating hours.'
const press = chunkOf([
  ['sentence', filter],
  ['sentence', 'Alarm E-401 means that the ram is blocked.'],
  ['sentence', 'OK.'],
])
const check = (question: string, answer = filter, language: Language = 'en', chunk = press) => {
  const checked = checkQuestion(chunk, { question, answer, language })
  return checked.accepted ? checked.answer : checked.rejection
}

describe('a generated question', () => {
  it('is used where its answer stands in the passage, and the answer is kept as it stands there', () => {
    expect(check('How often is the return filter changed?')).toBe(filter)
    expect(
      check(
        'How often is the return filter changed?',
        '“replace the return filter of the press every 500 operating hours”',
      ),
    ).toBe(filter)
    expect(check('濾芯多久要更換一次？', filter, 'zh-Hant')).toBe(filter)
  })

  it.each([
    ['answer_not_in_passage', 'How often is the return filter changed?', 'Replace the return filter every 900 hours.'],
    ['answer_not_in_passage', 'Is the return filter all right?', 'OK.'],
    ['copy', 'Replace the return filter of the press every 500 operating hours?', filter],
    ['copy', 'Every 500 operating hours replace the return filter of the press?', filter],
    ['points_to_text', 'According to the passage, how often is the return filter changed?', filter],
    ['points_to_text', 'Which alarm does this section name for the ram?', 'Alarm E-401 means that the ram is blocked.'],
    ['names_nothing', 'When does that happen again, and where?', filter],
    ['names_nothing', 'What does alarm E-402 of the ram mean?', 'Alarm E-401 means that the ram is blocked.'],
    ['wrong_language', '回油濾芯多久要更換一次？', filter],
    ['not_written', '???', filter],
  ])('is thrown away with its reason: %s', (rejection, question, answer) => {
    expect(check(question, answer)).toBe(rejection)
  })

  it.each([
    ['zh-Hant', '根據上文，回油濾芯多久更換一次？'],
    ['zh-Hans', '本文中回油滤芯多久更换一次？'],
    ['ja', 'この文章によると、フィルターは何時間ごとに交換しますか？'],
  ] as const)('may not point at a text that the asker has not before him: %s', (language, question) => {
    expect(check(question, filter, language)).toBe('points_to_text')
  })
})

describe('what can answer', () => {
  it('is a sentence or a row that says something', () => {
    const said = answerSegments(press).map(({ start, end }) => press.text.slice(start, end))
    expect(said).toEqual([filter, 'Alarm E-401 means that the ram is blocked.'])
  })
})

describe('by rule', () => {
  const table = chunkOf(
    [
      ['header', 'Model | Pressure (bar) | Weight'],
      ['row', 'Pump KP-60 | 5 bar | 40 kg steel'],
    ],
    { heading: '3.2 Pumps' },
  )

  it('a row is asked for by its name and a column', () => {
    expect(makeByRule(table, 'en')).toEqual({
      question: 'What is the Pressure (bar) of Pump KP-60?',
      answer: 'Pump KP-60 | 5 bar | 40 kg steel',
      origin: 'row',
    })
  })

  it('what stands under a heading is asked for by the heading, in the language of the document', () => {
    const chunk = chunkOf([['sentence', '回油濾芯每五百小時更換一次。']], {
      language: 'zh-Hant',
      heading: '第3章 回油濾芯的更換',
    })
    expect(makeByRule(chunk, 'zh-Hant')).toMatchObject({
      question: '關於回油濾芯的更換有什麼規定？',
      origin: 'heading',
    })
    expect(makeByRule(chunkOf([['sentence', filter]]), 'en')).toBeUndefined()
  })
})
