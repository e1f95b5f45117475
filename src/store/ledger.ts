/**
 * The ledger: one SQLite file that is the truth about collections, documents, revisions, pages, jobs, conversations and leases.
 * In: records of the other stages; out: records. Several processes use it at once (API, worker, command line).
 * Invariant: every change that belongs together is one transaction, durable when the call returns.
 * The index (chunk-index.ts) and the originals (originals.ts) lie beside it; what may answer is decided here alone.
 */
import { CamelCasePlugin, Kysely } from 'kysely'
import { CollectionStore } from './collections.ts'
import { ConversationStore } from './conversations.ts'
import { DocumentStore } from './documents.ts'
import { GapStore } from './gaps.ts'
import { GeneratedQuestionStore } from './generated-questions.ts'
import { IndexStore } from './indexes.ts'
import { JobStore } from './jobs.ts'
import { LeaseStore } from './leases.ts'
import type { LedgerDatabase, LedgerTables } from './ledger-schema.ts'
import { migrate } from './migrations.ts'
import { PageStore } from './pages.ts'
import { RevisionStore } from './revisions.ts'
import { LedgerDialect, openSqlite } from './sqlite-dialect.ts'
import { TuningStore } from './tunings.ts'
import { VerifiedAnswerStore } from './verified-answers.ts'
import { WatchedFolderStore } from './watched-folders.ts'

export class Ledger implements AsyncDisposable {
  readonly collections: CollectionStore
  readonly documents: DocumentStore
  readonly revisions: RevisionStore
  readonly pages: PageStore
  readonly indexes: IndexStore
  readonly jobs: JobStore
  readonly conversations: ConversationStore
  readonly gaps: GapStore
  readonly verifiedAnswers: VerifiedAnswerStore
  readonly tunings: TuningStore
  readonly generatedQuestions: GeneratedQuestionStore
  readonly leases: LeaseStore
  readonly watchedFolders: WatchedFolderStore
  readonly #db: LedgerDatabase

  private constructor(db: LedgerDatabase) {
    this.#db = db
    this.collections = new CollectionStore(db)
    this.documents = new DocumentStore(db)
    this.revisions = new RevisionStore(db)
    this.pages = new PageStore(db)
    this.indexes = new IndexStore(db)
    this.jobs = new JobStore(db)
    this.conversations = new ConversationStore(db)
    this.gaps = new GapStore(db)
    this.verifiedAnswers = new VerifiedAnswerStore(db)
    this.tunings = new TuningStore(db)
    this.generatedQuestions = new GeneratedQuestionStore(db)
    this.leases = new LeaseStore(db)
    this.watchedFolders = new WatchedFolderStore(db)
  }

  /**
   * Opens the ledger, or makes a new one where there is no file; its folder must be there. Brings an older ledger up to date.
   * @throws data_newer data_damaged data_not_writable data_busy disk_full
   */
  static async open(file: string): Promise<Ledger> {
    const db: LedgerDatabase = new Kysely<LedgerTables>({
      dialect: new LedgerDialect(openSqlite(file)),
      plugins: [new CamelCasePlugin()],
    })
    try {
      await migrate(db)
      return new Ledger(db)
    } catch (error) {
      await db.destroy()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#db.destroy()
  }
}
