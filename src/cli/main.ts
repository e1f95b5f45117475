/**
 * The `kura` command: what the commands are called and what they take; each action is in a file of its own.
 * Exit 0 done, 1 failed, 2 wrong use.
 */
import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import {
  describeSettings,
  projectFolder,
  readApiKey,
  removeTracingVariables,
  resolveSettings,
} from '../config/settings.ts'
import { runEvaluation } from '../eval/run-evaluation.ts'
import { searchModes } from '../http/deps.ts'
import { momentSchema } from '../http/moment.ts'
import { uploadLanguages } from '../http/upload-fields.ts'
import { jobStates, removalRules } from '../store/records.ts'
import type { ApiClient } from './api-client.ts'
import { ask } from './ask.ts'
import { withApi } from './connect.ts'
import { doctor } from './doctor.ts'
import { ingestPaths } from './ingest-paths.ts'
import { listCollections, listDocuments, removeDocument } from './list-documents.ts'
import { cancelJob, listJobs, retryJob, setPaused } from './manage-jobs.ts'
import { listModels, pullModelByName, useModel } from './manage-models.ts'
import {
  compareRevisions,
  listRevisions,
  type RevisionOptions,
  reviseDocument,
  showDocument,
} from './manage-revisions.ts'
import { addWatch, listWatches, removeWatch, showWatch } from './manage-watches.ts'
import { Output } from './output.ts'
import { rebuildIndex } from './rebuild-index.ts'
import { search } from './search.ts'
import { serve } from './serve.ts'

const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }

const moment = (text: string): string => {
  if (momentSchema.safeParse(text).success) return text
  throw new InvalidArgumentError('It must be an ISO 8601 date or time, such as 2026-03-31.')
}

const readVersion = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(path.join(projectFolder, 'package.json'), 'utf8'))
  return z.object({ version: z.string() }).parse(manifest).version
}

const program = new Command('kura')
  .description('An in-house knowledge base: manuals and SOPs in, page-exact, checked citations out.')
  .version(readVersion(), '--version', 'show the version')
  .option('--json', 'write one JSON document to standard output')
  .option('--url <url>', 'work on a running server instead of the data folder')
  .showHelpAfterError()
  .exitOverride()

interface GlobalOptions {
  readonly json?: true
  readonly url?: string
}

type Needs = Parameters<typeof withApi>[0]['needs']
const stores: Needs = { embedding: false, generation: false, worker: false }

const output = (): Output => new Output({ json: program.opts<GlobalOptions>().json === true })

const onApi = (needs: Needs, run: (api: ApiClient, out: Output) => Promise<void>): Promise<void> => {
  const out = output()
  return withApi({ url: program.opts<GlobalOptions>().url, apiKey: readApiKey(), needs }, (api) => run(api, out))
}

/** `--json` and `--url` may stand before or behind the command's name. */
const command = (nameAndArguments: string, description: string): Command =>
  program
    .command(nameAndArguments)
    .description(description)
    .addOption(new Option('--json').hideHelp())
    .addOption(new Option('--url <url>').hideHelp())
    .on('option:json', () => program.setOptionValue('json', true))
    .on('option:url', (url: string) => program.setOptionValue('url', url))

/** Whether what was named is a single file. */
const isOneFile = async (paths: readonly string[]): Promise<boolean> => {
  const [file] = paths
  if (file === undefined || paths.length > 1) return false
  // A file that is not there is told by the ingestion.
  return (await stat(file).catch(() => undefined))?.isDirectory() !== true
}

const asOfOption = ['--as-of <date>', 'ask what was in force at this ISO 8601 date or time', moment] as const
const collectionOption = ['--collection <name>', 'name or id of a collection'] as const

command('serve', 'start the server').action(() => serve(output()))

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

command('ask <question>', 'answer a question from the documents')
  .option(...collectionOption)
  .option(...asOfOption)
  .action((question: string, options: { collection?: string; asOf?: string }) =>
    onApi({ embedding: true, generation: true, worker: false }, (api, out) => ask(api, question, options, out)),
  )

command('search <query>', 'find passages')
  .option(...collectionOption)
  .option(...asOfOption)
  .option('--limit <n>', 'how many', wholeNumber(1, 50), 10)
  .addOption(new Option('--mode <mode>', 'lanes to search').choices(searchModes).default('hybrid'))
  .action((query: string, options: { collection?: string; asOf?: string; limit: number; mode: string }) =>
    // Text search too: the index is known by the embedding model that made it.
    onApi({ embedding: true, generation: false, worker: false }, (api, out) => search(api, query, options, out)),
  )

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

const models = command('models', 'show which models are used and why, and what can be chosen').action(() =>
  onApi(stores, listModels),
)
models
  .command('pull <name>')
  .description('fetch a model; goes on where it was interrupted')
  .action((name: string) => pullModelByName(resolveSettings(), name, output()))
models
  .command('use <role> <name>')
  .description(
    'choose the model for embedding (at once where a server runs), generation or reranking (from the next start)',
  )
  .action((role: string, name: string) => onApi(stores, (api, out) => useModel(api, role, name, out)))

command('eval <dir>', 'measure retrieval and answers on a question set (corpus.jsonl, queries.jsonl)')
  .option('--limit <n>', 'how many questions, drawn by the seed', wholeNumber(1, 1_000_000))
  .option('--retrieval-only', 'leave answers out')
  .option('--seed <n>', 'seed of the draw', wholeNumber(0, 2 ** 31), 1)
  .action((dir: string, options: { limit?: number; retrievalOnly?: true; seed: number }) =>
    runEvaluation(resolveSettings(), dir, options, output()),
  )

command('config', 'show the settings').action(() => {
  const settings = describeSettings(resolveSettings())
  const lines = settings.map(
    ({ variable, value, default: usual, meaning }) =>
      `${variable}=${value ?? ''}\n    ${meaning} (default: ${usual ?? 'none'})`,
  )
  output().result({ settings }, lines.join('\n'))
})

command('doctor', 'check machine, models and stores, and say what to do')
  .option('--rebuild-index', 'make the index anew from the originals and the ledger')
  .action((options: { rebuildIndex?: true }) =>
    options.rebuildIndex ? rebuildIndex(resolveSettings(), output()) : doctor(output()),
  )

removeTracingVariables()
try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    output().failure(error)
    process.exitCode = 1
  }
}
