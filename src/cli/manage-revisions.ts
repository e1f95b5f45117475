/** `kura document show`, `revisions`, `revise`, `diff`. */
import { documentDetailSchema } from '../http/document-schemas.ts'
import { differenceSchema, revisionListSchema, revisionSchema } from '../http/revision-schemas.ts'
import type { ApiClient } from './api-client.ts'
import type { DifferenceView, DocumentDetailView, RevisionView } from './api-views.ts'
import type { Output } from './output.ts'

/** Unchanged text shown on either side of a change. */
const contextCharacters = 60

const pathOf = (id: string): string => `/api/documents/${encodeURIComponent(id)}`

const revisionText = ({ id, label, validity, effectiveFrom, effectiveUntil, status, error }: RevisionView): string => {
  const times = `${effectiveFrom ?? '-'} … ${effectiveUntil ?? ''}`.trimEnd()
  return `${id}  ${label.padEnd(10)} ${validity.padEnd(10)} ${times}  ${status}${error ? ` [${error.code}]` : ''}`
}

type Outcome = DocumentDetailView['pageLedger'][number]['outcome']

const outcomeText = ({ method, confidence, errorCode }: Outcome): string => {
  if (errorCode !== undefined) return `${method} [${errorCode}]`
  return confidence === undefined ? method : `${method} ${Math.round(confidence * 100)} %`
}

const documentText = (document: DocumentDetailView, revisions: readonly RevisionView[]): string => {
  const { id, name, status, format, language, effectiveRevision, parent, children, nearDuplicates, error } = document
  return [
    `${id}  ${name}`,
    `  ${[status, format, language].filter(Boolean).join(', ')}${error ? ` [${error.code}] ${error.message}` : ''}`,
    `  in force: ${effectiveRevision ? `${effectiveRevision.label} (${effectiveRevision.id})` : 'no revision'}`,
    ...(parent ? [`  from ${parent.documentId}, ${parent.entry}`] : []),
    'Revisions:',
    ...revisions.map((each) => `  ${revisionText(each)}`),
    ...(children.length > 0 ? ['Inside of it:'] : []),
    ...children.map((child) => `  ${child.id}  ${child.status.padEnd(15)} ${child.entry}`),
    ...(nearDuplicates.length > 0 ? ['Nearly the same text:'] : []),
    ...nearDuplicates.map(
      ({ documentId, documentName, similarity }) =>
        `  ${documentId}  ${Math.floor(similarity * 100)} %  ${documentName}`,
    ),
    `Pages of revision ${document.pageLedgerRevision.label}:`,
    ...document.pageLedger.map(
      ({ number, label, outcome, characters }) =>
        `  ${String(number).padStart(4)}  ${outcomeText(outcome)}, ${characters} characters${label ? `  ${label}` : ''}`,
    ),
  ].join('\n')
}

export const showDocument = async (api: ApiClient, id: string, output: Output): Promise<void> => {
  const document = await api.get(pathOf(id), documentDetailSchema)
  const { revisions } = await api.get(`${pathOf(id)}/revisions`, revisionListSchema)
  output.result({ ...document, revisions }, documentText(document, revisions))
}

export const listRevisions = async (api: ApiClient, id: string, output: Output): Promise<void> => {
  const result = await api.get(`${pathOf(id)}/revisions`, revisionListSchema)
  output.result(result, result.revisions.map(revisionText).join('\n'))
}

export interface RevisionOptions {
  readonly status?: string
  readonly effectiveFrom?: string
  readonly label?: string
}

export const reviseDocument = async (
  api: ApiClient,
  id: string,
  revision: string,
  change: RevisionOptions,
  output: Output,
): Promise<void> => {
  const response = await api.request(`${pathOf(id)}/revisions/${encodeURIComponent(revision)}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  })
  const changed = revisionSchema.parse(await response.json())
  output.result(changed, revisionText(changed))
}

/** The ends of a long stretch that did not change. */
const shorten = (text: string): string =>
  text.length <= 2 * contextCharacters + 3
    ? text
    : `${text.slice(0, contextCharacters).trimEnd()} … ${text.slice(-contextCharacters).trimStart()}`

const marks = { same: ['', ''], removed: ['[-', '-]'], added: ['{+', '+}'] } as const

const pageText = ({ from, to, label, change, parts = [] }: DifferenceView['pages'][number]): string => {
  const pages = from === to || from === null || to === null ? `${to ?? from}` : `${from} → ${to}`
  const text = parts.map(({ kind, text }) => {
    const [open, close] = marks[kind]
    const line = (kind === 'same' ? shorten(text) : text).replace(/\s+/g, ' ')
    return `${open}${line.trimEnd()}${close}${line.endsWith(' ') ? ' ' : ''}`
  })
  return `page ${pages}${label ? ` (${label})` : ''}: ${change}\n   ${text.join('')}`
}

export const compareRevisions = async (
  api: ApiClient,
  id: string,
  revisions: { readonly from: string | undefined; readonly to: string | undefined },
  output: Output,
): Promise<void> => {
  const named = Object.entries(revisions).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  const difference = await api.get(`${pathOf(id)}/diff?${new URLSearchParams(named)}`, differenceSchema)
  const { from, to, counts, pages } = difference
  output.result(
    difference,
    [
      `${from.label} → ${to.label}: ${counts.changed} pages changed, ${counts.added} added, ${counts.removed} removed, ${counts.same} the same`,
      ...pages.filter(({ change }) => change !== 'same').map(pageText),
    ].join('\n'),
  )
}
