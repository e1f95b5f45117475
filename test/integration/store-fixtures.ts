/**
 * What the tests of the store share: temporary folders, a ledger with a collection, and child processes that run
 * `store-child.ts`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'
import { KuraError } from '../../src/core/errors.ts'
import type { CollectionId } from '../../src/core/ids.ts'
import { localAdministrator } from '../../src/core/principal.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { publication, sha256Of } from './store-documents.ts'

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Closes it after the test, before what was opened earlier. */
export const closeAfterTest = <Resource extends AsyncDisposable>(resource: Resource): Resource => {
  cleanups.push(async () => resource[Symbol.asyncDispose]())
  return resource
}

export const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'kura-store-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A ledger with a collection and an index that answers. */
export const openLedger = async (): Promise<{ ledger: Ledger; file: string; collectionId: CollectionId }> => {
  const file = join(await makeFolder(), 'kura.db')
  const ledger = closeAfterTest(await Ledger.open(file))
  const { id } = await ledger.collections.create(localAdministrator, { name: 'Press shop' })
  await ledger.indexes.register({ fingerprint: publication.fingerprint, model: 'test', dimensions: 4 })
  return { ledger, file, collectionId: id }
}

/** A document whose content is its name. */
export const addDocument = async (ledger: Ledger, collectionId: CollectionId, name: string) => {
  const values = { collectionId, name, sha256: sha256Of(name), bytes: name.length }
  const created = await ledger.documents.create(localAdministrator, values)
  if (created.duplicate) throw new Error('The test meant another document.')
  return created
}

/** The code of what the call throws, or "accepted". */
export const codeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call
    return 'accepted'
  } catch (error) {
    return error instanceof KuraError ? error.code : `foreign: ${String(error)}`
  }
}

export interface Child {
  readonly process: ChildProcess
  /** All that it has written to standard output, and its exit code or signal, when it has ended. */
  readonly ended: Promise<{ output: string; exit: number | NodeJS.Signals | null }>
  /** When it has written the text. */
  printed(text: string): Promise<void>
}

/** Runs `store-child.ts` with the arguments; it is killed after the test. */
export const startChild = (...args: readonly string[]): Child => {
  const path = fileURLToPath(new URL('./store-child.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const ended = new Promise<{ output: string; exit: number | NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ output, exit: signal ?? code }))
  })
  cleanups.push(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.includes(text)) resolve()
      }
      child.stdout.on('data', look)
      child.on('close', () => reject(new Error(`The child ended without "${text}".`)))
      look()
    })
  return { process: child, ended, printed }
}
