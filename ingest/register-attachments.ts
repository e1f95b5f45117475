/**
 * Makes documents of what lies inside a document: attachments of a mail, entries of an archive. In: unpacked files. Out: documents with jobs
 * of their own, one for each path inside; a new revision of the archive gives its documents new revisions.
 * Invariant: run twice, nothing changes. Neighbours: parse-to-ledger -> here -> intake, ledger.
 */
import { KuraError } from '../src/core/errors.ts'
import { localAdministrator } from '../src/core/principal.ts'
import type { Registration, StoredFile } from '../src/store/intake.ts'
import type { DocumentRecord, JobRecord, RevisionRecord } from '../src/store/records.ts'
import type { RevisionSource } from '../src/store/revision-source.ts'
import type { IngestDocumentDeps } from './ingest-document.ts'

/** In the outermost archive, with all that lies deeper. */
const maxDocuments = 5_000

export interface AttachmentsToRegister {
  readonly job: JobRecord
  readonly source: RevisionSource
  readonly files: readonly { readonly entry: string; readonly stored: StoredFile }[]
}

/** @throws file_bomb where there are more than 5,000 in all; disk_full, document_not_found */
export const registerAttachments = async (
  deps: IngestDocumentDeps,
  { job, source, files }: AttachmentsToRegister,
): Promise<void> => {
  const { ledger } = deps
  const known = await ledger.documents.children(localAdministrator, job.documentId)
  if (files.length === 0 && known.length === 0) return
  const { documents } = await ledger.documents.nestingOf(job.documentId)
  if (documents + files.length - known.length > maxDocuments) {
    throw new KuraError('file_bomb', `The file holds more than ${maxDocuments} files, with those inside of them.`)
  }
  const revision = await ledger.revisions.get(localAdministrator, job.documentId, job.revisionId)
  const byEntry = new Map(known.map((child) => [child.parent?.entry, child]))
  for (const { entry, stored } of files) {
    const child = byEntry.get(entry)
    byEntry.delete(entry)
    if (child?.sha256 === stored.content.sha256) continue
    await register(deps, { job, source, revision, entry, stored, child })
  }
  // Not published yet, it is not in force; what counts is whether it will be at once.
  if (revision.validity === 'draft' || (revision.effectiveFrom ?? '') > new Date().toISOString()) return
  for (const gone of byEntry.values()) await withdraw(deps, gone)
}

interface OneAttachment extends Omit<AttachmentsToRegister, 'files'> {
  readonly revision: RevisionRecord
  readonly entry: string
  readonly stored: StoredFile
  /** The document of the same path in the revision before. */
  readonly child: DocumentRecord | undefined
}

const register = async (
  { intake }: IngestDocumentDeps,
  { job, source, revision, entry, stored, child }: OneAttachment,
): Promise<void> => {
  const registration: Registration = {
    collectionId: job.collectionId,
    parent: { documentId: job.documentId, entry },
    ...(child === undefined ? {} : { revisionOf: child.id }),
    ...(source.language === null ? {} : { language: source.language }),
    ...(source.encoding === null ? {} : { encoding: source.encoding }),
    ...(source.password === null ? {} : { password: source.password }),
    ...(revision.validity === 'draft' ? { draft: true } : {}),
    ...(revision.effectiveFrom === null ? {} : { effectiveFrom: revision.effectiveFrom }),
  }
  try {
    await intake.register(localAdministrator, stored, { ...registration, revision: revision.label })
  } catch (error) {
    if (!(error instanceof KuraError) || error.code !== 'revision_exists') throw error
    await intake.register(localAdministrator, stored, registration)
  }
}

/** It is not in the archive's new revision. */
const withdraw = async ({ ledger }: IngestDocumentDeps, gone: DocumentRecord): Promise<void> => {
  if (gone.effectiveRevision === null) return
  await ledger.revisions.update(localAdministrator, gone.id, gone.effectiveRevision.id, { validity: 'withdrawn' })
}
