/** Canned answers for the fake API: passages, quotes and statements with the boxes of the lines that they stand on. */
import { manual, manualLines, procedure } from './fake-records.ts'
import { boxOfLine } from './make-pdf.ts'

const box = (page: number, line: number) => ({ page, ...boxOfLine(line) })
const lineOf = (page: number, line: number): string => manualLines[page - 1]?.[line] ?? ''

const passage = (id: string, document: { id: string; name: string }, fields: object) => ({
  id,
  documentId: document.id,
  documentName: document.name,
  revisionId: 'rev_doc_manual',
  revision: '1',
  collectionId: 'col_press',
  pageStart: 1,
  pageEnd: 1,
  paginated: true,
  heading: '',
  text: '',
  language: 'en',
  boxes: [],
  scores: { fused: 0.8 },
  ...fields,
})

export const passages = [
  passage('rev_1.2', manual, {
    pageStart: 3,
    pageEnd: 3,
    heading: '2 Maintenance intervals',
    text: [2, 3, 4, 5].map((line) => lineOf(3, line)).join('\n'),
    boxes: [2, 3, 4, 5].map((line) => box(3, line)),
  }),
  passage('rev_2.0', procedure, {
    paginated: false,
    heading: 'Lockout and tagout › Before maintenance',
    text: 'Switch the main switch off and lock it with your own padlock.\nHang the tag with your name on the lock.\nCheck that the pressure is zero.',
  }),
  passage('rev_1.1', manual, { pageStart: 2, pageEnd: 3, text: lineOf(2, 2), boxes: [box(2, 2)] }),
  passage('rev_1.0', manual, { text: lineOf(1, 3), boxes: [box(1, 3)] }),
  passage('rev_2.1', procedure, {
    paginated: false,
    heading: 'After maintenance',
    text: 'Take your own lock off last.',
  }),
]

export const quotes = [
  {
    text: lineOf(3, 3),
    passageId: 'rev_1.2',
    documentId: manual.id,
    documentName: manual.name,
    revisionId: 'rev_doc_manual',
    revision: '1',
    page: 3,
    boxes: [box(3, 3)],
    score: 0.91,
  },
  {
    text: 'Check that the pressure is zero.',
    passageId: 'rev_2.0',
    documentId: procedure.id,
    documentName: procedure.name,
    revisionId: 'rev_doc_procedure',
    revision: '1',
    page: 1,
    boxes: [],
    score: 0.7,
  },
]

const citation = (page: number, line: number) => ({
  passageId: 'rev_1.2',
  documentId: manual.id,
  documentName: manual.name,
  revisionId: 'rev_doc_manual',
  revision: '1',
  page,
  quote: lineOf(page, line),
  boxes: [box(page, line)],
})

export const statements = [
  { text: 'The hydraulic oil is changed every 2,000 operating hours.', citations: [citation(3, 3)] },
  {
    text: 'At every oil change the return filter FX-114 is replaced as well, after the pressure has been checked to be zero.',
    citations: [
      citation(3, 4),
      {
        passageId: 'rev_2.0',
        documentId: procedure.id,
        documentName: procedure.name,
        revisionId: 'rev_doc_procedure',
        revision: '1',
        page: 1,
        quote: 'Check that the pressure is zero.',
        boxes: [],
      },
    ],
  },
]

const placed = (id: string, documentName: string, fields: object) => ({
  ...citation(1, 2),
  documentId: id,
  documentName,
  revisionId: `rev_${id}`,
  revision: 'B',
  boxes: [],
  ...fields,
})

/** Statements that stand on a sheet, a slide, a picture and a locked file. */
const otherPlaces = [
  {
    text: 'The clamping force is 165 kN.',
    citations: [
      placed('doc_attached', 'Settings.xlsx', { pageLabel: 'Settings', cells: 'A5:D5', quote: '165 kN' }),
      placed('doc_slides', 'Training.pptx', { page: 3, quote: 'Hold for 6 s.' }),
    ],
  },
  {
    text: 'The nameplate says so too.',
    citations: [
      placed('doc_scan', 'nameplate.png', { boxes: [box(1, 3)], quote: '165 kN' }),
      placed('doc_tif', 'fax 1998.tif', { boxes: [box(1, 3)], quote: 'Only trained staff may operate the press.' }),
      placed('doc_locked', 'locked.pdf', { quote: 'Locked page' }),
    ],
  },
]

/** A statement that an older manual contradicts, and a line of a verified answer. */
const disputed = [
  {
    text: 'The hydraulic oil is changed every 2,000 operating hours.',
    citations: [citation(3, 3)],
    differing: [
      placed('doc_procedure', 'HP-200 manual 2019.pdf', { revision: '1', quote: 'Change it every 1,500 hours.' }),
    ],
  },
  {
    text: 'Ask the shift leader.',
    citations: [citation(3, 4)],
    verified: { by: 'Lin', at: '2026-03-05T08:00:00.000Z' },
  },
]

/** The best quote as the answer, where no model wrote one. */
const quoted = [{ text: lineOf(3, 3), kind: 'quote', citations: [citation(3, 3)] }]

const statementsFor = (question: string): readonly object[] => {
  if (question.includes('nothing')) return []
  if (question.includes('disputed')) return disputed
  if (question.includes('quoted')) return quoted
  return question.includes('places') ? otherPlaces : statements
}

export const answer = (question: string, turn: number) => {
  const found = !question.includes('nothing')
  return {
    id: `ans_${turn}`,
    conversationId: 'con_1',
    question,
    status: found ? 'answered' : 'not_found',
    language: 'en',
    quotes,
    statements: statementsFor(question),
    passages,
    model: 'qwen2.5-coder-1.5b-instruct',
    degraded: question.includes('degraded') ? ['model_unavailable'] : [],
    timingsMs: { retrieve: 212, firstStatement: 1840, total: 3470 },
  }
}
