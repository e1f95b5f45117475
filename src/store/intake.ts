/**
 * Where a file comes in, in two steps: `store` cleans its name to a label and streams it to the disk, `register` puts it among the
 * originals and makes the document with its ingest job, or finds that the collection has the same content already. What is said
 * about a file may so come after it. In: a stream; out: ids.
 * Invariant: the original is on the disk before the ledger knows of it; a crash in between leaves a file without a document,
 * which the reconciler removes, never a document without its file.
 */
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import type { Language } from '../core/document.ts'
import { findEncoding } from '../core/encodings.ts'
import { KuraError } from '../core/errors.ts'
import type { CollectionId, DocumentId, JobId, RevisionId } from '../core/ids.ts'
import { startOfMoment } from '../core/moment.ts'
import type { Principal } from '../core/principal.ts'
import type { Ledger } from './ledger.ts'
import { holdErrors, type Originals, type StagedOriginal } from './originals.ts'
import type { NewVerifiedAnswer } from './verified-answer-content.ts'

const maxNameCharacters = 255
/** Control characters, and those that make text run backwards and so show `fdp.exe` as `exe.pdf`. */
const hiddenCharacters = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

export interface IncomingFile {
  /** As the uploader calls it; may be a path or worse. */
  readonly name: string
  readonly stream: Readable
  readonly signal?: AbortSignal | undefined
}

export interface FileOnDisk {
  /** As the uploader calls it; may be a path or worse. */
  readonly name: string
  readonly path: string
  readonly signal?: AbortSignal | undefined
}

/** What a file is registered as. */
export interface Registration {
  readonly collectionId: CollectionId
  readonly language?: Language | undefined
  /** The document of which this is a revision. */
  readonly revisionOf?: DocumentId | undefined
  /** The revision's label. */
  readonly revision?: string | undefined
  /** ISO 8601; a date alone is that day's beginning here. */
  readonly effectiveFrom?: string | undefined
  /** Whether it answers only after somebody has put it in force. */
  readonly draft?: boolean | undefined
  /** Opens an encrypted file. */
  readonly password?: string | undefined
  /** Of a text file: a label of the Encoding Standard. */
  readonly encoding?: string | undefined
  /** The document that it was inside of, and where. */
  readonly parent?: { readonly documentId: DocumentId; readonly entry: string } | undefined
  /** It is the original of a verified answer. */
  readonly answer?: NewVerifiedAnswer | undefined
}

/** A file on the disk that no document refers to; disposing removes it, unless it was registered. */
export interface StoredFile extends AsyncDisposable {
  /** The label. */
  readonly name: string
  readonly content: StagedOriginal
}

export interface ReceivedDocument {
  readonly id: DocumentId
  /** The label. */
  readonly name: string
  readonly revisionId: RevisionId
  /** null for a duplicate: there is nothing to do. */
  readonly jobId: JobId | null
  /** The document that has this content already; the same as `id`. */
  readonly duplicateOf?: DocumentId
}

export class Intake {
  readonly #ledger: Ledger
  readonly #originals: Originals
  readonly #maxFileBytes: number

  constructor(deps: { ledger: Ledger; originals: Originals; maxFileBytes: number }) {
    this.#ledger = deps.ledger
    this.#originals = deps.originals
    this.#maxFileBytes = deps.maxFileBytes
  }

  /**
   * Both steps at once, for who knows all about the file beforehand. Where it throws, nothing of the file stays.
   * @throws what `store` and `register` throw
   */
  async receive(principal: Principal, file: IncomingFile & Registration): Promise<ReceivedDocument> {
    await using stored = await this.store(file)
    return await this.register(principal, stored, file)
  }

  /**
   * Where it throws, the stream is destroyed and nothing of the file stays.
   * @throws file_name_invalid file_empty file_too_large disk_full request_cancelled; AbortError
   */
  async store({ name, stream, signal }: IncomingFile): Promise<StoredFile> {
    holdErrors(stream)
    try {
      const label = cleanLabel(name)
      const content = await this.#originals.stage(stream, { maxBytes: this.#maxFileBytes, signal })
      return { name: label, content, [Symbol.asyncDispose]: () => content[Symbol.asyncDispose]() }
    } catch (error) {
      stream.destroy()
      throw error
    }
  }

  /**
   * The same for a file that lies on the disk in whole, beside the originals; it stays where it is.
   * @throws file_name_invalid file_empty file_too_large disk_full; AbortError
   */
  async adopt({ name, path, signal }: FileOnDisk): Promise<StoredFile> {
    const label = cleanLabel(name)
    const content = await this.#originals.adopt(path, { maxBytes: this.#maxFileBytes, signal })
    return { name: label, content, [Symbol.asyncDispose]: () => content[Symbol.asyncDispose]() }
  }

  /**
   * Once for each stored file.
   * @throws collection_not_found document_not_found revision_exists invalid_request disk_full
   */
  async register(
    principal: Principal,
    { name, content }: StoredFile,
    registration: Registration,
  ): Promise<ReceivedDocument> {
    const effectiveFrom = parseTime(registration.effectiveFrom)
    checkEncoding(registration.encoding)
    await this.#ledger.collections.get(principal, registration.collectionId)
    await content.keep()
    const { sha256, bytes } = content
    const values = { ...registration, name, sha256, bytes, effectiveFrom }
    const created = await this.#ledger.documents.create(principal, values)
    const received = { id: created.documentId, name, revisionId: created.revisionId, jobId: created.jobId }
    return created.duplicate ? { ...received, duplicateOf: created.documentId } : received
  }
}

/**
 * The last part of a path of either kind, without hidden characters, in one Unicode form: a label for people, never a path.
 * @throws file_name_invalid where nothing is left, or more than 255 characters
 */
export const cleanLabel = (name: string): string => {
  const label = basename(name.replaceAll('\\', '/').replaceAll(hiddenCharacters, ''))
    .replaceAll(/\p{Surrogate}/gu, '\uFFFD')
    .normalize('NFC')
    .trim()
  const characters = [...label].length
  if (characters > maxNameCharacters) {
    throw new KuraError('file_name_invalid', `The file name has ${characters} characters; 255 are the most.`)
  }
  if (characters === 0 || label === '.' || label === '..') {
    throw new KuraError('file_name_invalid', 'The file has no name.')
  }
  return label
}

const parseTime = (time: string | undefined): string | undefined => {
  if (time === undefined) return undefined
  const at = startOfMoment(time)
  if (Number.isNaN(at.getTime()))
    throw new KuraError('invalid_request', 'effectiveFrom is not an ISO 8601 date or time.')
  return at.toISOString()
}

const checkEncoding = (label: string | undefined): void => {
  if (label === undefined || findEncoding(label) !== undefined) return
  throw new KuraError('invalid_request', `"${label}" is no encoding; name one as big5, gb18030 or shift_jis.`)
}
