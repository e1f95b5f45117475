/**
 * The `kura` command: what the commands are called and what they take; each action is in a file of its own.
 * Exit 0 done, 1 failed, 2 wrong use.
 */
import { readFileSync } from 'node:fs'
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
import type { ApiClient } from './api-client.ts'
import { ask } from './ask.ts'
import { withApi } from './connect.ts'
import { doctor } from './doctor.ts'
import { ingestPaths } from './ingest-paths.ts'
import { listCollections, listDocuments, removeDocument } from './list-documents.ts'
import { listModels, pullModelByName, useModel } from './manage-models.ts'
import { Output } from './output.ts'
import { search } from './search.ts'
import { serve } from './serve.ts'

const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
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

const collectionOption = ['--collection <name>', 'name or id of a collection'] as const

command('serve', 'start the server').action(() => serve(output()))

command('ingest <paths...>', 'upload files and folders, and wait until they are searchable')
  .option(...collectionOption)
  .action((paths: string[], { collection = 'default' }: { collection?: string }) =>
    onApi({ embedding: true, generation: false, worker: true }, async (api, out) => {
      const result = await ingestPaths(api, paths, collection, out)
      const ready = result.documents.filter(({ status }) => status.startsWith('ready')).length
      out.result(result, `${ready} of ${result.documents.length} documents are searchable.`)
      if (ready < result.documents.length) process.exitCode = 1
    }),
  )

command('ask <question>', 'answer a question from the documents')
  .option(...collectionOption)
  .action((question: string, options: { collection?: string }) =>
    onApi({ embedding: true, generation: true, worker: false }, (api, out) =>
      ask(api, question, options.collection, out),
    ),
  )

command('search <query>', 'find passages')
  .option(...collectionOption)
  .option('--limit <n>', 'how many', wholeNumber(1, 50), 10)
  .addOption(new Option('--mode <mode>', 'lanes to search').choices(searchModes).default('hybrid'))
  .action((query: string, options: { collection?: string; limit: number; mode: string }) =>
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
  .command('remove <id>')
  .description('delete a document; it stops answering at once')
  .action((id: string) => onApi(stores, (api, out) => removeDocument(api, id, out)))

command('collections', 'list the collections').action(() => onApi(stores, listCollections))

const models = command('models', 'show which models are used and why, and what can be chosen').action(() =>
  onApi(stores, listModels),
)
models
  .command('pull <name>')
  .description('fetch a model; goes on where it was interrupted')
  .action((name: string) => pullModelByName(resolveSettings(), name, output()))
models
  .command('use <role> <name>')
  .description('choose the model for embedding, generation or reranking; used from the next start')
  .action((role: string, name: string) => useModel(resolveSettings(), role, name, output()))

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

command('doctor', 'check machine, models and stores, and say what to do').action(() => doctor(output()))

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
