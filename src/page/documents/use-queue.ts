/** The queue of jobs, looked at every few seconds, and whether it is paused. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { getQueue, type JobQueue, setPaused } from '../api/jobs.ts'
import { type Problem, problemOf } from '../api/request.ts'

export interface QueueControl {
  /** Undefined until it is known. */
  readonly queue: JobQueue | undefined
  readonly problem: Problem | undefined
  readonly reload: () => void
  readonly pause: (paused: boolean) => void
}

/** @param limit how many jobs are wanted */
export const useQueue = (limit: number, everyMs: number): QueueControl => {
  const [queue, setQueue] = useState<JobQueue | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [reloads, setReloads] = useState(0)
  // `reloads` stands for "look again"
  useEffect(() => {
    const controller = new AbortController()
    const look = async () => {
      if (document.hidden) return
      try {
        const next = await getQueue(limit, controller.signal)
        setQueue(next)
        setProblem(undefined)
      } catch (error) {
        if (!controller.signal.aborted) setProblem(problemOf(error))
      }
    }
    void look()
    const timer = setInterval(look, everyMs)
    return () => {
      controller.abort()
      clearInterval(timer)
    }
  }, [limit, everyMs, reloads])
  const reload = useCallback(() => setReloads((count) => count + 1), [])
  const pause = useCallback(
    (paused: boolean) => {
      setPaused(paused).then(reload, (error: unknown) => setProblem(problemOf(error)))
    },
    [reload],
  )
  return { queue, problem, reload, pause }
}
