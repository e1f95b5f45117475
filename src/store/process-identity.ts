/**
 * Names a process so that another one can tell whether it still lives: `<pid>@<hostname>/<start time>`. Leases, jobs and
 * temporary files carry it. The start time tells a process from a later one that was given the same pid (a container that is
 * started again gets the same host name and pid).
 */
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Clock ticks from the boot of the machine to the start of the process; "0" where there is no /proc. */
const startTimeOf = (pid: number | 'self'): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets and may hold blanks: count from its end. Field 22 is the start time.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

const ownIdentity = `${process.pid}@${hostname()}/${startTimeOf('self') ?? '0'}`

/** The identity of this process; the same string for its whole life. */
export const processIdentity = (): string => ownIdentity

/**
 * True only where it is certain that the process has ended: it ran on this host, and its pid is free or belongs to a process
 * with another start time. Strings that are not identities, and those of other hosts, give false.
 */
export const isProcessDead = (identity: string): boolean => {
  const match = /^(\d+)@(.+)\/(\d+)$/.exec(identity)
  if (match === null || match[2] !== hostname()) return false
  const pid = Number(match[1])
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
  const startTime = startTimeOf(pid)
  return startTime !== undefined && match[3] !== '0' && startTime !== match[3]
}
