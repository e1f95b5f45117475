/**
 * `kura`: adds the commands and runs the one that is named. Exit 0 done, 1 failed, 2 wrong use.
 */
import { CommanderError } from 'commander'
import { describeSettings, removeTracingVariables, resolveSettings } from '../config/settings.ts'
import { doctor } from './doctor.ts'
import { addDocumentCommands, addIngestCommand, addJobCommands, addWatchCommands } from './document-commands.ts'
import { addMeasuringCommands, addModelCommands } from './model-commands.ts'
import { command, output, program } from './program.ts'
import { addGapCommands, addQuestionCommands } from './question-commands.ts'
import { rebuildIndex } from './rebuild-index.ts'
import { serve } from './serve.ts'

command('serve', 'start the server').action(() => serve(output()))
addIngestCommand()
addQuestionCommands()
addDocumentCommands()
addJobCommands()
addGapCommands()
addWatchCommands()
addModelCommands()
addMeasuringCommands()

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
