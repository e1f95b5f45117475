/**
 * One pull of a model at a time, between processes. A lock is a file that names its holder; it is free when it is absent, when the
 * holder's process on this machine is gone, or when the holder has not touched it for a minute. Damage is impossible even where
 * two holders should meet: what is pulled counts only after its sha256 was checked.
 */
import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { z } from 'zod'

const touchMs = 10_000
const abandonedMs = 60_000

const holderSchema = z.object({ pid: z.number().int().positive(), host: z.string(), id: z.string() })

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const readHolder = async (file: string): Promise<z.infer<typeof holderSchema> | undefined> => {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined // Absent, or being written this very moment: its age decides.
  }
}

const isAbandoned = async (file: string): Promise<boolean> => {
  const found = await stat(file).catch(() => undefined)
  if (found === undefined) return false
  if (Date.now() - found.mtimeMs > abandonedMs) return true
  const holder = await readHolder(file)
  return holder !== undefined && holder.host === hostname() && !isAlive(holder.pid)
}

/** Holds until it is disposed of. */
export class PullLock implements AsyncDisposable {
  readonly #file: string
  readonly #id: string
  readonly #timer: NodeJS.Timeout

  private constructor(file: string, id: string) {
    this.#file = file
    this.#id = id
    this.#timer = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), touchMs)
    this.#timer.unref()
  }

  /** @returns undefined where another pull holds it */
  static async tryAcquire(file: string): Promise<PullLock | undefined> {
    if (await isAbandoned(file)) {
      // Renaming is atomic: of several that want to clear it away, one does.
      const aside = `${file}.${randomUUID()}`
      await rename(file, aside).catch(() => {})
      await rm(aside, { force: true })
    }
    const id = randomUUID()
    try {
      await writeFile(file, JSON.stringify({ pid: process.pid, host: hostname(), id }), { flag: 'wx' })
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined
      throw error
    }
    return new PullLock(file, id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    if ((await readHolder(this.#file))?.id === this.#id) await rm(this.#file, { force: true })
  }
}
