/** Commands on models and their measuring: `models`, `eval`, `compare`, `tune`. */
import { Option } from 'commander'
import type { CompareOptions } from '../compare/compare-models.ts'
import { resolveSettings } from '../config/settings.ts'
import { runEvaluation } from '../eval/run-evaluation.ts'
import { compareByName } from './compare-models.ts'
import { addAdapterTo, listModels, pullModelByName, useModel } from './manage-models.ts'
import { collectionOption, command, onApi, output, scaleNumber, stores, wholeNumber } from './program.ts'
import { type TuneOptions, tune } from './tune.ts'

export const addModelCommands = (): void => {
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
      'choose the model for embedding or generation (a running server takes it without losing a question) or reranking',
    )
    .action((role: string, name: string) => onApi(stores, (api, out) => useModel(api, role, name, out)))
  models
    .command('adapter')
    .description('work on LoRA adapters of generation models')
    .command('add <name>')
    .description('check a LoRA adapter that was trained elsewhere and keep it; NAME is used like a model then')
    .requiredOption('--base <model>', 'the generation model that it was trained on: catalog name or path of a GGUF')
    .requiredOption('--file <gguf>', 'the adapter')
    .option('--scale <n>', 'how strongly it counts; 1 as it was trained', scaleNumber, 1)
    .action((name: string, options: { base: string; file: string; scale: number }) =>
      addAdapterTo(resolveSettings(), { name, ...options }, output()),
    )
}

export const addMeasuringCommands = (): void => {
  command('eval <dir>', 'measure retrieval and answers on a question set (corpus.jsonl, queries.jsonl)')
    .option('--limit <n>', 'how many questions, drawn by the seed', wholeNumber(1, 1_000_000))
    .option('--retrieval-only', 'leave answers out')
    .option('--queries <dir>', 'ask the questions of another set on this corpus: of the same ids, in another language')
    .option('--seed <n>', 'seed of the draw', wholeNumber(0, 2 ** 31), 1)
    .action((dir: string, options: { limit?: number; retrievalOnly?: true; queries?: string; seed: number }) =>
      runEvaluation(resolveSettings(), dir, options, output()),
    )

  const compareCommand = command(
    'compare <models...>',
    'measure generation models side by side: catalog names, GGUF files, adapters',
  )
    .option(
      '--questions <dir>',
      'folder with corpus.jsonl and queries.jsonl; what was asked or tuned on before where left out',
    )
    .option('--collection <name>', 'only the questions of this collection')
    .option('--limit <n>', 'how many questions, drawn by the seed', wholeNumber(1, 1_000_000))
    .option('--seed <n>', 'seed of the draw', wholeNumber(0, 2 ** 31), 1)
    .action((names: string[], options: CompareOptions) => {
      if (options.questions && options.collection) {
        compareCommand.error('error: --questions brings its own documents; --collection does not go with it')
      }
      return compareByName(resolveSettings(), names, options, output())
    })

  command('tune', 'fit search and refusals to your own documents; switched on only where it is better')
    .option(...collectionOption)
    .option(
      '--limit <n>',
      'passages to make questions of; by default as many as take 40 minutes',
      wholeNumber(10, 2000),
    )
    .option('--seed <n>', 'seed of sampling, splitting and fitting', wholeNumber(0, 2 ** 31), 1)
    .option('--status', 'show the last tuning')
    .addOption(new Option('--revert', 'go back to the untuned system at once').conflicts('status'))
    .action((options: TuneOptions) => {
      const isRun = !options.revert && !options.status
      const needs = isRun ? { embedding: true, generation: true, worker: false } : stores
      return onApi(needs, (api, out) => tune(api, options, out))
    })
}
