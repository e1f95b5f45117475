/**
 * Whether a core of the machine has nothing to do, so that a second thread takes nothing from anybody. In: the time that the cores have spent since
 * somebody began to watch. Out: yes or no. Used by `parse-pdf.ts`.
 */
import { availableParallelism, cpus } from 'node:os'

/** Cores' worth of idle time that a second thread needs. */
const needed = 0.6

const coreTimes = (): { idle: number; all: number; cores: number } => {
  const times = cpus().map((core) => core.times)
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0)
  return { idle: times.reduce((sum, { idle }) => sum + idle, 0), all, cores: times.length }
}

/** Begins to watch; the function that it returns tells of the time since. */
export const watchCores = (): (() => boolean) => {
  const before = coreTimes()
  return () => {
    if (availableParallelism() < 2) return false
    const now = coreTimes()
    const elapsed = (now.all - before.all) / Math.max(1, now.cores)
    return elapsed > 0 && (now.idle - before.idle) / elapsed >= needed
  }
}
