/** The revisions of a document: what there is, what is to become of one, and what changed between two. */
import type { RevisionRecord } from '../../store/records.ts'
import { documentPath } from './documents.ts'
import { readRevision } from './read-records.ts'
import { readChoice, readFields, readList, readOptionalNumber, readText } from './read-values.ts'
import { send, sendForFields } from './request.ts'

/** In the order of upload. */
export const listRevisions = async (documentId: string, signal?: AbortSignal): Promise<RevisionRecord[]> => {
  const fields = await sendForFields(`${documentPath(documentId)}/revisions`, { signal })
  return readList(fields.revisions, readRevision)
}

export interface RevisionChange {
  readonly status: 'effective' | 'withdrawn'
}

export const changeRevision = async (documentId: string, revisionId: string, change: RevisionChange): Promise<void> => {
  const path = `${documentPath(documentId)}/revisions/${encodeURIComponent(revisionId)}`
  await send(path, { method: 'PATCH', body: change })
}

const pageChanges = ['same', 'changed', 'added', 'removed'] as const
const partKinds = ['same', 'added', 'removed'] as const

/** A page of one revision beside that of the other. */
export interface PageDifference {
  /** Number in the older revision; null where it is not there. */
  readonly from: number | null
  readonly to: number | null
  /** A sheet's name. */
  readonly label: string
  readonly change: (typeof pageChanges)[number]
  readonly parts: readonly { readonly kind: (typeof partKinds)[number]; readonly text: string }[]
}

const readDifference = (value: unknown): PageDifference => {
  const page = readFields(value)
  return {
    from: readOptionalNumber(page.from) ?? null,
    to: readOptionalNumber(page.to) ?? null,
    label: readText(page.label),
    change: readChoice(page.change, pageChanges, 'same'),
    parts: readList(page.parts, (item) => {
      const part = readFields(item)
      return { kind: readChoice(part.kind, partKinds, 'same'), text: readText(part.text) }
    }),
  }
}

/** @param from, to ids of revisions; the change is told from the first to the second */
export const compareRevisions = async (
  documentId: string,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<PageDifference[]> => {
  const query = new URLSearchParams({ from, to })
  const fields = await sendForFields(`${documentPath(documentId)}/diff?${query}`, { signal })
  return readList(fields.pages, readDifference)
}
