/** The newest state of every job that is followed. Lives above the views, so that following goes on between them. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { JobRecord } from '../../store/records.ts'
import { JobFollower } from './job-follower.ts'

export interface JobsControl {
  readonly jobs: ReadonlyMap<string, JobRecord>
  readonly follow: (id: string) => void
}

export const useJobs = (): JobsControl => {
  const [jobs, setJobs] = useState<ReadonlyMap<string, JobRecord>>(new Map())
  const follower = useRef<JobFollower | undefined>(undefined)
  const follow = useCallback((id: string) => {
    follower.current ??= new JobFollower((job) => setJobs((known) => new Map(known).set(job.id, job)))
    follower.current.follow(id)
  }, [])
  useEffect(() => () => follower.current?.stop(), [])
  return useMemo(() => ({ jobs, follow }), [jobs, follow])
}
