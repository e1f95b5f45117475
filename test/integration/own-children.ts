/** The parsing and reading children of this process, as the system sees them. */
import { readdir, readFile } from 'node:fs/promises'

/** Children of this process that run this file now. */
const ownChildren = async (file: string): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
      return command.includes(file) && status.includes(`PPid:\t${process.pid}\n`)
    }),
  )
  return pids.filter((_, index) => found[index])
}

export const ownParsers = (): Promise<number[]> => ownChildren('parse/child.ts')
/** Processes that read pages by OCR. */
export const ownReaders = (): Promise<number[]> => ownChildren('ocr/child.ts')

const signalAll = async (pids: Promise<number[]>, signal: NodeJS.Signals): Promise<void> => {
  for (const pid of await pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      // One that has ended since it was listed needs no signal.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

export const signalParsers = (signal: NodeJS.Signals): Promise<void> => signalAll(ownParsers(), signal)
export const signalReaders = (signal: NodeJS.Signals): Promise<void> => signalAll(ownReaders(), signal)
