/**
 * Branded ids. Every id that leaves the program is an opaque string with a prefix that names its kind,
 * so that a wrong id in a log, a URL or a bug report is seen at a glance.
 */
import { randomUUID } from 'node:crypto'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type CollectionId = Branded<'CollectionId'>
export type DocumentId = Branded<'DocumentId'>
export type RevisionId = Branded<'RevisionId'>
export type JobId = Branded<'JobId'>
export type ConversationId = Branded<'ConversationId'>
export type AnswerId = Branded<'AnswerId'>
export type GapId = Branded<'GapId'>
export type TuningId = Branded<'TuningId'>
export type WatchedFolderId = Branded<'WatchedFolderId'>
/** `<revisionId>.<ordinal>`: the same content chunked the same way gets the same ids, so that a repeated publish replaces its rows. */
export type ChunkId = Branded<'ChunkId'>

const createId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 20)}`

export const createCollectionId = (): CollectionId => createId('col') as CollectionId
export const createDocumentId = (): DocumentId => createId('doc') as DocumentId
export const createRevisionId = (): RevisionId => createId('rev') as RevisionId
export const createJobId = (): JobId => createId('job') as JobId
export const createConversationId = (): ConversationId => createId('con') as ConversationId
export const createWatchedFolderId = (): WatchedFolderId => createId('fol') as WatchedFolderId
export const createGapId = (): GapId => createId('gap') as GapId
export const createTuningId = (): TuningId => createId('tun') as TuningId
export const createAnswerId = (): AnswerId => createId('ans') as AnswerId
export const chunkIdOf = (revisionId: RevisionId, ordinal: number): ChunkId => `${revisionId}.${ordinal}` as ChunkId
