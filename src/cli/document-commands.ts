/** Commands on documents and the queue: `ingest`, `documents`, `document`, `jobs`, `job`, `collections`, `watch`. */
import { stat } from 'node:fs/promises'
import { Option } from 'commander'
import { uploadLanguages } from '../http/upload-fields.ts'
import { jobStates, removalRules } from '../store/records.ts'
import { ingestPaths } from './ingest-paths.ts'
import { listCollections, listDocuments, removeDocument } from './list-documents.ts'
import { cancelJob, listJobs, retryJob, setPaused } from './manage-jobs.ts'
import {
  compareRevisions,
  listRevisions,
  type RevisionOptions,
  reviseDocument,
  showDocument,
} from './manage-revisions.ts'
import { addWatch, listWatches, removeWatch, showWatch } from './manage-watches.ts'
import { collectionOption, command, moment, onApi, program, stores } from './program.ts'

interface IngestOptions {
  readonly collection?: string
  readonly revisionOf?: string
  readonly revision?: string
  readonly effectiveFrom?: string
  readonly draft?: true
  readonly language?: string
  readonly password?: string
  readonly encoding?: string
}

/** Whether what was named is a single file. */
const isOneFile = async (paths: readonly string[]): Promise<boolean> => {
  const [file] = paths
  if (file === undefined || paths.length > 1) return false
  // A file that is not there is told by the ingestion.
  return (await stat(file).catch(() => undefined))?.isDirectory() !== true
}

export const addIngestCommand = (): void => {
  const ingestCommand = command('ingest <paths...>', 'upload files and folders, and wait until they are searchable')
    .option(...collectionOption)
    .option('--revision-of <id>', 'document that the file is a new revision of')
    .option('--revision <label>', 'label of the revision')
    .option('--effective-from <date>', 'when the revision comes into force, past or future', moment)
    .option('--draft', 'answer from it only after somebody has put it in force')
    .addOption(new Option('--language <tag>', 'main language; found out where left out').choices(uploadLanguages))
    .option('--password <text>', 'opens encrypted files')
    .option('--encoding <name>', 'of text files, such as big5; found out where left out')
    .action(async (paths: string[], options: IngestOptions) => {
      const { collection, draft, ...said } = options
      const { revisionOf, revision, effectiveFrom } = said
      if (draft && effectiveFrom) ingestCommand.error('error: --draft does not go with --effective-from')
      if ((revisionOf || revision || effectiveFrom || draft) && !(await isOneFile(paths))) {
        ingestCommand.error('error: --revision-of, --revision, --effective-from and --draft go with one file')
      }
      await onApi({ embedding: true, generation: false, worker: true }, async (api, out) => {
        const fields = { ...said, ...(draft ? { status: 'draft' as const } : {}) }
        const result = await ingestPaths(api, paths, collection, out, fields)
        const ready = result.documents.filter(({ status }) => status.startsWith('ready')).length
        out.result(result, `${ready} of ${result.documents.length} documents are searchable.`)
        if (ready < result.documents.length) process.exitCode = 1
      })
    })
}

export const addDocumentCommands = (): void => {
  command('documents', 'list the documents')
    .option(...collectionOption)
    .action((options: { collection?: string }) =>
      onApi(stores, (api, out) => listDocuments(api, options.collection, out)),
    )

  const document = program.command('document').description('work on one document')
  document
    .command('show <id>')
    .description('its pages, revisions, what was inside of it, and what is nearly the same')
    .action((id: string) => onApi(stores, (api, out) => showDocument(api, id, out)))
  document
    .command('revisions <id>')
    .description('list its revisions')
    .action((id: string) => onApi(stores, (api, out) => listRevisions(api, id, out)))
  const reviseCommand = document
    .command('revise <id> <revision>')
    .description('release, schedule, roll back to, withdraw or rename a revision (by id or label)')
    .addOption(
      new Option('--status <status>', 'what it is from now on').choices(['effective', 'withdrawn', 'draft'] as const),
    )
    .option('--effective-from <date>', 'when it comes, or came, into force', moment)
    .option('--label <label>', 'another label')
    .action((id: string, revision: string, options: RevisionOptions) => {
      if (Object.keys(options).length === 0) reviseCommand.error('error: nothing is to be changed')
      return onApi(stores, (api, out) => reviseDocument(api, id, revision, options, out))
    })
  document
    .command('diff <id> [from] [to]')
    .description('what changed between two revisions (by id or label), page by page; the two newest by default')
    .action((id: string, from: string | undefined, to: string | undefined) =>
      onApi(stores, (api, out) => compareRevisions(api, id, { from, to }, out)),
    )
  document
    .command('remove <id>')
    .description('delete a document; it stops answering at once')
    .action((id: string) => onApi(stores, (api, out) => removeDocument(api, id, out)))
}

export const addJobCommands = (): void => {
  const jobs = command('jobs', 'list the ingestion jobs')
    .addOption(new Option('--state <state>', 'only in this state').choices(jobStates))
    .action(({ state }: { state?: string }) => onApi(stores, (api, out) => listJobs(api, state, out)))
  jobs
    .command('pause')
    .description('begin no job and give back those that run, until resume')
    .action(() => onApi(stores, (api, out) => setPaused(api, true, out)))
  jobs
    .command('resume')
    .description('go on')
    .action(() => onApi(stores, (api, out) => setPaused(api, false, out)))
  const job = program.command('job').description('work on one ingestion job')
  job
    .command('cancel <id>')
    .description('cancel a job that waits or runs')
    .action((id: string) => onApi(stores, (api, out) => cancelJob(api, id, out)))
  job
    .command('retry <id>')
    .description('put a job that failed back into the queue')
    .option('--password <text>', 'opens the file')
    .action((id: string, { password }: { password?: string }) =>
      onApi(stores, (api, out) => retryJob(api, id, password, out)),
    )

  command('collections', 'list the collections').action(() => onApi(stores, listCollections))
}

export const addWatchCommands = (): void => {
  const watch = program.command('watch').description('keep a collection in line with folders')
  watch
    .command('add <folder>')
    .description('watch a folder on the machine where Kura runs: its files become documents')
    .requiredOption('--collection <name>', 'name or id of a collection')
    .addOption(
      new Option('--when-removed <rule>', 'what becomes of the document of a file that is gone')
        .choices(removalRules)
        .default('keep'),
    )
    .action((folder: string, options: { collection: string; whenRemoved: string }) =>
      onApi(stores, (api, out) => addWatch(api, folder, options, out)),
    )
  watch
    .command('list')
    .description('list the watched folders')
    .action(() => onApi(stores, listWatches))
  watch
    .command('show <id>')
    .description('what became of its files')
    .action((id: string) => onApi(stores, (api, out) => showWatch(api, id, out)))
  watch
    .command('remove <id>')
    .description('stop watching a folder; its documents stay')
    .action((id: string) => onApi(stores, (api, out) => removeWatch(api, id, out)))
}
