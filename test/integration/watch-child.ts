/** Watches in a process of its own, until it is killed. Arguments: the data folder. */
import { join } from 'node:path'
import { Intake } from '../../src/store/intake.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { Originals } from '../../src/store/originals.ts'
import { FolderWatcher } from '../../src/watch/folder-watcher.ts'

const dataFolder = process.argv[2] ?? ''
const ledger = await Ledger.open(join(dataFolder, 'kura.db'))
const originals = await Originals.open(join(dataFolder, 'originals'))
await originals.cleanTemp()
const maxFileBytes = 1_000_000
const logger = { info: () => undefined, warn: () => undefined }
const intake = new Intake({ ledger, originals, maxFileBytes })
const timing = { steadyMs: 30, goneMs: 100, lookMs: 50, recheckMs: 200 }
new FolderWatcher({ ledger, intake, logger, dataFolder, maxFileBytes, timing }).start()
process.stdout.write('watching\n')
