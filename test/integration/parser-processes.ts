/** The parsing children of this process, as the system sees them. */
import { readdir, readFile } from 'node:fs/promises'

/** Parsers of this process that run now. */
export const ownParsers = async (): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
      return command.includes('parse/child.ts') && status.includes(`PPid:\t${process.pid}\n`)
    }),
  )
  return pids.filter((_, index) => found[index])
}

export const signalParsers = async (signal: NodeJS.Signals): Promise<void> => {
  for (const pid of await ownParsers()) process.kill(pid, signal)
}
