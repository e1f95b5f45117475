/** `kura compare`: models side by side as a table, and the command that makes one of them write. Ends with 1 where one could not be measured. */
import { type ComparedModel, type CompareOptions, type Comparison, compareModels } from '../compare/compare-models.ts'
import type { ModelResult } from '../compare/measure-model.ts'
import type { Settings } from '../config/settings.ts'
import type { Output } from './output.ts'

/** @throws what `compareModels` throws */
export const compareByName = async (
  settings: Settings,
  names: readonly string[],
  options: CompareOptions,
  output: Output,
): Promise<void> => {
  const comparison = await compareModels(settings, names, options, output)
  output.result(comparison, comparisonText(comparison))
  if (comparison.models.some((model) => 'error' in model)) process.exitCode = 1
}

type Measured = Extract<ComparedModel, ModelResult>

const share = (part: { readonly count: number; readonly of: number } | null): string =>
  part === null ? '-' : `${part.count}/${part.of}`
const seconds = (ms: number | null): string => (ms === null ? '-' : `${(ms / 1000).toFixed(1)} s`)

const columns: readonly { readonly title: string; readonly value: (model: Measured) => string }[] = [
  { title: 'model', value: ({ model }) => model },
  { title: 'right', value: ({ right }) => share(right) },
  { title: 'refused', value: ({ refused }) => share(refused) },
  { title: 'answered though unanswerable', value: ({ answeredUnanswerable }) => share(answeredUnanswerable) },
  { title: 'by quotes alone', value: ({ quoted }) => share(quoted) },
  { title: 'unsupported', value: ({ unsupported }) => share(unsupported) },
  {
    title: 'first statement p50 / p95',
    value: ({ firstStatementMs: { p50, p95 } }) => `${seconds(p50)} / ${seconds(p95)}`,
  },
  { title: 'tokens/s', value: ({ tokensPerSecond }) => tokensPerSecond?.toFixed(1) ?? '-' },
  {
    title: 'memory',
    value: ({ memoryBytes }) => (memoryBytes === null ? '-' : `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`),
  },
]

const comparisonText = ({ questions, models }: Comparison): string => {
  const measured = models.filter((model): model is Measured => !('error' in model))
  const rows = [columns.map(({ title }) => title), ...measured.map((model) => columns.map(({ value }) => value(model)))]
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const failed = models.flatMap((each) => ('error' in each ? [`${each.model}: ${each.error.message}`] : []))
  return [
    ...(measured.length > 0 ? [`${questions} questions`, ...table] : []),
    ...failed,
    '',
    'unsupported: sentences that the model wrote and the checks refused; nobody is shown them. Each question: --json.',
    ...measured.map(({ model }) => `  kura models use generation ${/\s/.test(model) ? JSON.stringify(model) : model}`),
  ].join('\n')
}
