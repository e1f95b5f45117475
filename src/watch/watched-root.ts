/**
 * Whether a watched folder can be worked with. In: its path. Out: that it is there, and whether it is the same as before; or a sentence why
 * not. A network share that is gone shows itself as missing, as refusing, as not answering, or as an empty folder.
 * Invariant: while there is a fault, nothing may be concluded from the folder.
 */
import { opendir, stat } from 'node:fs/promises'
import { isAbort } from '../core/errors.ts'
import { untilAborted } from '../store/until-aborted.ts'
import { hasCode } from './file-state.ts'
import { hasFiles } from './walk-folder.ts'

/** `identity`: another one means that another folder or file system is there now. `fault`: a sentence. */
type Inspection = { readonly identity: string } | { readonly fault: string }

/** More files do not vanish at once, leaving nothing, unless their file system did. */
const maxVanished = 5
const inspectionMs = 10_000

export class WatchedRoot {
  readonly #path: string
  readonly #signal: AbortSignal
  readonly #countFiles: () => Promise<number>
  #inspecting: Promise<Inspection> | undefined
  #identity: string | undefined
  #fault: string | undefined
  /** The last one that was there. */
  #lastIdentity: string | undefined
  /** Since then another one has come to its place. */
  #isReplaced = false
  #isEmptied = false

  /** @param countFiles how many files the ledger takes to be there */
  constructor(path: string, countFiles: () => Promise<number>, signal: AbortSignal) {
    this.#path = path
    this.#countFiles = countFiles
    this.#signal = signal
  }

  get fault(): string | undefined {
    return this.#fault
  }

  /** What is there is not what was there before, though it may look so. */
  forget(): void {
    this.#identity = undefined
    this.#isReplaced = true
  }

  /** @returns whether it is another than at the check before, or there again. @throws the signal's reason */
  async check(): Promise<boolean> {
    const found = await this.#inspect()
    if ('fault' in found) return this.#fail(found.fault)
    this.#isReplaced ||= this.#lastIdentity !== undefined && found.identity !== this.#lastIdentity
    this.#lastIdentity = found.identity
    if (this.#isEmptied) {
      await this.refuseEmptied()
      if (this.#isEmptied) return false
    }
    const isOther = found.identity !== this.#identity
    this.#identity = found.identity
    this.#fault = undefined
    return isOther
  }

  /** Before files are taken for gone: what is left of a share that is not mounted is an empty folder. */
  async refuseEmptied(): Promise<void> {
    const files = await this.#countFiles()
    const isEmpty = !(await hasFiles(this.#path, this.#signal))
    this.#isEmptied = isEmpty && files > (this.#isReplaced ? 0 : maxVanished)
    this.#isReplaced &&= isEmpty
    if (!this.#isEmptied) return
    this.#fail(
      `The folder is empty, though it held ${files} files; nothing is done before there is a file in it again.`,
    )
  }

  /** Whether it is the one of the last check: a file may be missing because all of it is. */
  async isSame(): Promise<boolean> {
    const found = await this.#inspect()
    return 'identity' in found && found.identity === this.#identity
  }

  #fail(fault: string): false {
    this.#fault = fault
    this.#identity = undefined
    return false
  }

  /** A look that is not answered is waited for: each would hold a thread of the process. */
  async #inspect(): Promise<Inspection> {
    this.#inspecting ??= inspect(this.#path).finally(() => {
      this.#inspecting = undefined
    })
    try {
      const answer = untilAborted(this.#inspecting, AbortSignal.timeout(inspectionMs))
      return await untilAborted(answer, this.#signal)
    } catch (error) {
      if (!isAbort(error) || this.#signal.aborted) throw error
      return { fault: 'The folder does not answer.' }
    }
  }
}

const inspect = async (path: string): Promise<Inspection> => {
  try {
    const stats = await stat(path)
    if (!stats.isDirectory()) return { fault: 'There is no folder of this path any more.' }
    await (await opendir(path)).close()
    return { identity: `${stats.dev}:${stats.ino}` }
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return { fault: 'There is no folder of this path any more.' }
    if (hasCode(error, 'EACCES', 'EPERM')) return { fault: 'Kura has no right to read the folder.' }
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    return { fault: `The folder can not be read${code}.` }
  }
}
