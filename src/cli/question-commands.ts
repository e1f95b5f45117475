/** Commands on questions: `ask`, `search`, `replay`, `gaps`, `gap`. */
import { Option } from 'commander'
import { searchModes } from '../http/deps.ts'
import { gapStates } from '../store/gap-records.ts'
import { ask } from './ask.ts'
import {
  answerGap,
  dismissGap,
  type GapAnswerOptions,
  listGaps,
  markGapMissing,
  reopenGap,
  showGap,
} from './manage-gaps.ts'
import { asOfOption, collectionOption, command, onApi, program, stores, wholeNumber } from './program.ts'
import { replayById } from './replay-answer.ts'
import { type SearchOptions, search } from './search.ts'

export const addQuestionCommands = (): void => {
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
    .option('--explain', 'show how the passages were found')
    .action((query: string, options: SearchOptions) =>
      // Text search too: the index is known by the embedding model that made it.
      onApi({ embedding: true, generation: false, worker: false }, (api, out) => search(api, query, options, out)),
    )

  command(
    'replay <id>',
    'give a recorded answer again and show what is different; ends with 1 where it says something else',
  ).action((id: string) =>
    onApi({ embedding: true, generation: true, worker: false }, (api, out) => replayById(api, id, out)),
  )
}

export const addGapCommands = (): void => {
  command('gaps', 'list questions without an answer that helped, the most asked first')
    .option(...collectionOption)
    .addOption(new Option('--state <state>', 'only in this state').choices(gapStates))
    .action((options: { collection?: string; state?: string }) =>
      onApi(stores, (api, out) => listGaps(api, options, out)),
    )
  const gap = program.command('gap').description('work on one question without an answer that helped')
  gap
    .command('show <id>')
    .description('how it was asked, what was said, the nearest passages, its verified answer')
    .action((id: string) => onApi(stores, (api, out) => showGap(api, id, out)))
  gap
    .command('answer <id>')
    .description('give a verified answer, and wait until it is searchable')
    .requiredOption('--text <text>', 'the answer; each line becomes a statement')
    .option('--cite <place...>', 'PASSAGE or DOCUMENT#PAGE that it stands on', [])
    .option('--question <text...>', 'wordings that it answers; the one of the gap by default', [])
    .option('--sign <name>', 'name of who answers for it; needed where nothing is cited')
    .action((id: string, options: GapAnswerOptions) =>
      onApi({ embedding: true, generation: false, worker: true }, (api, out) => answerGap(api, id, options, out)),
    )
  gap
    .command('missing <id>')
    .description('note that a document is missing')
    .requiredOption('--note <text>', 'which document would answer it')
    .action((id: string, { note }: { note: string }) => onApi(stores, (api, out) => markGapMissing(api, id, note, out)))
  gap
    .command('dismiss <id>')
    .description('leave it unanswered; it stays dismissed, however often it is asked')
    .option('--note <text>', 'why')
    .action((id: string, { note }: { note?: string }) => onApi(stores, (api, out) => dismissGap(api, id, note, out)))
  gap
    .command('reopen <id>')
    .description('put it back among the open ones')
    .action((id: string) => onApi(stores, (api, out) => reopenGap(api, id, out)))
}
