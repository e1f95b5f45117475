/** Canned records for the fake API: a press manual as PDF, a procedure as Markdown, and documents in every other state. */
import { boxOfLine } from './make-pdf.ts'

export const manualLines = [
  [
    'Hydraulic press HP-200: operating manual',
    '',
    'This manual belongs beside the machine.',
    'Read it before you start the press for the first time.',
  ],
  ['1 Safety', '', 'Only trained staff may operate the press.', 'Wear safety glasses and gloves.'],
  [
    '2 Maintenance intervals',
    '',
    'Check the oil level every day before the shift begins.',
    'Change the hydraulic oil every 2,000 operating hours.',
    'Replace the return filter FX-114 at every oil change.',
    'Grease the guide columns once a week.',
    '',
    'Record every maintenance task in the log book.',
  ],
]

export const procedureText = [
  '# Lockout and tagout',
  '',
  'Check that the pressure is zero.',
  '',
  '## Before maintenance',
  '',
  'Switch the main switch off and lock it with your own padlock.',
  'Hang the tag with your name on the lock.',
  'Check that the pressure is zero.',
  '',
  '## After maintenance',
  '',
  ...Array.from({ length: 60 }, (_, i) => `${i + 1}. Look at point ${i + 1} of the list and tick it off.`),
  'Take your own lock off last.',
].join('\n')

export const manual = { id: 'doc_manual', name: 'HP-200 operating manual.pdf' }
export const procedure = { id: 'doc_procedure', name: 'Lockout-tagout.md' }

const box = (page: number, line: number) => ({ page, ...boxOfLine(line) })
const lineOf = (page: number, line: number): string => manualLines[page - 1]?.[line] ?? ''

const passage = (id: string, document: { id: string; name: string }, fields: object) => ({
  id,
  documentId: document.id,
  documentName: document.name,
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
    page: 3,
    boxes: [box(3, 3)],
    score: 0.91,
  },
  {
    text: 'Check that the pressure is zero.',
    passageId: 'rev_2.0',
    documentId: procedure.id,
    documentName: procedure.name,
    page: 1,
    boxes: [],
    score: 0.7,
  },
]

const citation = (page: number, line: number) => ({
  passageId: 'rev_1.2',
  documentId: manual.id,
  documentName: manual.name,
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
        revision: '1',
        page: 1,
        quote: 'Check that the pressure is zero.',
        boxes: [],
      },
    ],
  },
]

export const answer = (question: string, turn: number) => {
  const found = !question.includes('nothing')
  return {
    id: `ans_${turn}`,
    conversationId: 'con_1',
    question,
    status: found ? 'answered' : 'not_found',
    language: 'en',
    quotes,
    statements: found ? statements : [],
    passages,
    model: 'qwen2.5-coder-1.5b-instruct',
    degraded: question.includes('degraded') ? ['model_unavailable'] : [],
    timingsMs: { retrieve: 212, firstStatement: 1840, total: 3470 },
  }
}

export const collections = [
  { id: 'col_press', name: 'Press shop', description: '', documents: 3, createdAt: '2026-02-01T08:00:00.000Z' },
  { id: 'col_office', name: 'Office', description: '', documents: 2, createdAt: '2026-02-02T08:00:00.000Z' },
]

export const document = (id: string, name: string, fields: object = {}) => ({
  id,
  collectionId: 'col_press',
  name,
  status: 'ready',
  revisionId: `rev_${id}`,
  revision: '1',
  sha256: '0'.repeat(64),
  bytes: 482_133,
  format: 'pdf',
  paginated: true,
  title: null,
  language: 'en',
  pages: { text: 3, ocr: 0, blank: 0, failed: 0 },
  chunks: 6,
  error: null as { code: string; message: string } | null,
  jobId: `job_${id}`,
  createdAt: '2026-03-04T09:30:00.000Z',
  publishedAt: '2026-03-04T09:31:00.000Z',
  ...fields,
})

export const job = (id: string, documentId: string, documentName: string, fields: object = {}) => ({
  id,
  documentId,
  documentName,
  revisionId: 'rev_x',
  collectionId: 'col_press',
  state: 'running',
  stage: 'parsing',
  progress: { done: 0, total: 0 },
  attempts: 1,
  error: null as { code: string; message: string } | null,
  createdAt: '2026-03-04T09:30:00.000Z',
  startedAt: null,
  finishedAt: null,
  ...fields,
})

export const documents = () => [
  document(manual.id, manual.name),
  document(procedure.id, procedure.name, {
    format: 'markdown',
    paginated: false,
    pages: { text: 1, ocr: 0, blank: 0, failed: 0 },
    bytes: 5_210,
  }),
  document('doc_ja', '射出成形機 取扱説明書 第3版.pdf', {
    language: 'ja',
    status: 'ready_with_gaps',
    pages: { text: 180, ocr: 0, blank: 4, failed: 2 },
    chunks: 912,
    bytes: 18_400_000,
  }),
  document('doc_bad', 'scan 2019.pdf', {
    status: 'failed',
    chunks: 0,
    language: null,
    publishedAt: null,
    pages: { text: 0, ocr: 0, blank: 0, failed: 0 },
    error: { code: 'pdf_damaged', message: 'The cross-reference table of the file can not be read.' },
    collectionId: 'col_office',
  }),
  document('doc_zh', '伺服器機房管理辦法.docx', {
    language: 'zh-Hant',
    format: 'docx',
    paginated: false,
    collectionId: 'col_office',
  }),
]
