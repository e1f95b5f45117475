/**
 * Processor time of the processes that a benchmark starts: what is left to compare where the machine has other work. Linux only; 0 elsewhere.
 */
import { existsSync, readFileSync } from 'node:fs'

/** Linux counts processor time in ticks of 10 ms. */
const msPerTick = 10

const cpuTicks = (pid: number | 'self'): readonly number[] => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')
    return fields.split(' ').slice(11, 15).map(Number)
  } catch {
    return []
  }
}

/** Children of this process that run now. */
export const childrenOfThis = (): number[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

/** Processor time of all children, those that have ended included, in milliseconds. */
export const childrenCpuMs = (): number => {
  if (!existsSync('/proc/self/stat')) return 0
  const [, , user = 0, system = 0] = cpuTicks('self')
  const living = childrenOfThis().flatMap((pid) => cpuTicks(pid).slice(0, 2))
  return [user, system, ...living].reduce((sum, ticks) => sum + ticks, 0) * msPerTick
}
