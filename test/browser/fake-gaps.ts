/** Open questions as the fake API keeps them: one that nobody has answered, one that was voted down, one whose answer has expired. */
import type { IncomingMessage } from 'node:http'
import { passages } from './fake-answers.ts'
import { readJson } from './fake-bodies.ts'

const gap = (id: string, question: string, more: object = {}) => ({
  id,
  collectionId: 'col_press',
  question,
  language: 'en',
  state: 'open',
  note: null as string | null,
  asked: 1,
  votedDown: 0,
  lastAskedAt: '2026-03-04T08:00:00.000Z',
  createdAt: '2026-03-01T08:00:00.000Z',
  answerDocumentId: null as string | null,
  examples: [
    {
      answerId: `ans_${id}`,
      question,
      language: 'en',
      reason: 'not_found',
      comment: null,
      correction: null,
      askedAt: '2026-03-04T08:00:00.000Z',
    },
  ],
  nearest: passages,
  answer: null as object | null,
  ...more,
})

type FakeGap = ReturnType<typeof gap>

const verified = (text: string, more: object = {}) => ({
  documentId: 'doc_answer',
  revisionId: 'rev_answer',
  text,
  language: 'en',
  questions: [],
  by: 'M. Ito',
  at: '2026-03-05T08:00:00.000Z',
  signed: true,
  citations: [],
  status: 'ready',
  inForce: true,
  ...more,
})

const correction = 'Every 4,000 hours.'

export class FakeGaps {
  /** Bodies of what was posted, with what it was posted to. */
  readonly posted: [path: string, body: unknown][] = []
  readonly #gaps: FakeGap[] = [
    gap('gap_key', 'Where is the spare key of the tool room?', {
      asked: 7,
      examples: ['Where is the spare key of the tool room?', 'tool room spare key??'].map((question, i) => ({
        ...{ answerId: `ans_key${i}`, question, language: 'en', reason: 'not_found', comment: null, correction: null },
        askedAt: '2026-03-04T08:00:00.000Z',
      })),
    }),
    gap('gap_oil', 'How often is the oil changed?', {
      asked: 3,
      examples: [
        {
          ...{ answerId: 'ans_oil', question: 'How often is the oil changed?', language: 'en', reason: 'voted_down' },
          ...{ comment: 'That was the gear oil.', correction, askedAt: '2026-03-04T08:00:00.000Z' },
        },
      ],
    }),
    gap('gap_old', 'Who releases the paint line?', {
      state: 'expired',
      answer: verified('The shift leader.', {
        inForce: false,
        citations: [
          {
            ...{
              documentId: 'doc_manual',
              documentName: 'HP-200 operating manual.pdf',
              revisionId: 'rev_1',
              revision: '1',
            },
            ...{ passageId: 'rev_1.0', page: 4, quote: 'The shift leader releases the line.', inForce: false },
          },
        ],
      }),
    }),
  ]

  /** @returns status and body */
  async handle(request: IncomingMessage, parts: readonly string[], query: URLSearchParams): Promise<[number, object]> {
    const [, , id, action] = parts
    if (id === undefined) {
      const state = query.get('state')
      const count = (wanted: string) => this.#gaps.filter((each) => each.state === wanted).length
      const counts = { open: count('open'), expired: count('expired'), answered: count('answered') }
      return [200, { gaps: this.#gaps.filter((each) => state === null || each.state === state), counts }]
    }
    const known = this.#gaps.find((each) => each.id === id)
    if (known === undefined) return [404, {}]
    if (action === undefined) return [200, known]
    const body = await readJson(request)
    this.posted.push([`${id}/${action}`, body])
    const { note = null, text = '', signedBy = 'Local administrator' } = body as Record<string, string>
    if (action === 'answer') {
      Object.assign(known, { state: 'answered', answer: verified(text ?? '', { by: signedBy }) })
      return [202, { gap: known, jobId: 'job_answer' }]
    }
    const state = { 'missing-document': 'document_missing', dismiss: 'dismissed', reopen: 'open' }[action]
    Object.assign(known, { state, note })
    return [200, known]
  }
}
