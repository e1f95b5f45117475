/** Canned records for the fake API: a press manual as PDF, a procedure as Markdown, and documents in every other state. */

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

/** The text of a page of any of the documents. */
export const pageTextOf = (documentId: string, number: number): string =>
  documentId === procedure.id ? procedureText : (manualLines[number - 1]?.join('\n') ?? '')

export const manual = { id: 'doc_manual', name: 'HP-200 operating manual.pdf' }
export const procedure = { id: 'doc_procedure', name: 'Lockout-tagout.md' }

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
  parent: null as { documentId: string; entry: string } | null,
  effectiveRevision: { id: `rev_${id}`, label: '1' } as { id: string; label: string } | null,
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

export const revision = (id: string, documentId: string, fields: object = {}) => ({
  id,
  documentId,
  ordinal: 1,
  label: '1',
  validity: 'effective',
  effectiveFrom: '2026-03-04T09:31:00.000Z' as string | null,
  effectiveUntil: null as string | null,
  status: 'ready',
  sha256: '0'.repeat(64),
  bytes: 482_133,
  format: 'pdf',
  pages: { text: 3, ocr: 0, blank: 0, failed: 0 },
  chunks: 6,
  error: null as { code: string; message: string } | null,
  jobId: `job_${documentId}`,
  createdAt: '2026-03-04T09:30:00.000Z',
  publishedAt: '2026-03-04T09:31:00.000Z' as string | null,
  ...fields,
})

/** The controlled procedure has three revisions: one superseded, one in force, one still a draft. */
export const revisions = () => ({
  doc_sop: [
    revision('rev_a', 'doc_sop', {
      label: 'A',
      validity: 'superseded',
      effectiveFrom: '2024-01-08T00:00:00.000Z',
      effectiveUntil: '2026-01-05T00:00:00.000Z',
    }),
    revision('rev_b', 'doc_sop', { ordinal: 2, label: 'B', effectiveFrom: '2026-01-05T00:00:00.000Z' }),
    revision('rev_c', 'doc_sop', { ordinal: 3, label: 'C', validity: 'draft', effectiveFrom: null }),
  ],
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

/** What only answers and other documents lead to: the list shows what was uploaded. */
const insideOthers = () => {
  const inside = { documentId: 'doc_mail', entry: 'photos/nameplate.png' }
  return [
    document('doc_sop', 'SOP-014 Clamping.pdf', {
      parent: inside,
      revisionId: 'rev_c',
      revision: 'C',
      effectiveRevision: { id: 'rev_b', label: 'B' },
      pages: { text: 10, ocr: 2, blank: 0, failed: 0 },
    }),
    document('doc_mail', 'RE: new settings.eml', { parent: inside, format: 'eml', paginated: false }),
    document('doc_attached', 'Settings.xlsx', { parent: inside, format: 'xlsx' }),
    document('doc_slides', 'Training.pptx', { parent: inside, format: 'pptx' }),
    document('doc_scan', 'nameplate.png', {
      parent: inside,
      format: 'image',
      pages: { text: 0, ocr: 1, blank: 0, failed: 0 },
    }),
    document('doc_tif', 'fax 1998.tif', {
      parent: inside,
      format: 'image',
      pages: { text: 0, ocr: 1, blank: 0, failed: 0 },
    }),
    document('doc_locked', 'locked.pdf', { parent: inside, pages: { text: 1, ocr: 0, blank: 0, failed: 0 } }),
  ]
}

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
  ...insideOthers(),
]
