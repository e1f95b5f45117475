/**
 * Ingestion jobs: the queue, one look, a live stream of states; cancel, retry, pause all.
 */
import type { JobRecord, JobState } from '../../store/records.ts'
import { readEvents } from './read-events.ts'
import { readJob } from './read-records.ts'
import { readList } from './read-values.ts'
import { send, sendForFields } from './request.ts'

const jobPath = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`

/** True once a job no longer changes by itself. */
export const isFinished = (state: JobState): boolean => state !== 'queued' && state !== 'running'

export interface JobQueue {
  /** Newest first. */
  readonly jobs: readonly JobRecord[]
  /** Nothing new is begun while it is true. */
  readonly paused: boolean
}

/** @param limit how many jobs at most, 1 to 200 */
export const getQueue = async (limit: number, signal?: AbortSignal): Promise<JobQueue> => {
  const fields = await sendForFields(`/api/jobs?limit=${limit}`, { signal })
  return { jobs: readList(fields.jobs, readJob), paused: fields.paused === true }
}

export const setPaused = async (paused: boolean): Promise<void> => {
  await send(`/api/jobs/${paused ? 'pause' : 'resume'}`, { method: 'POST' })
}

export const getJob = async (id: string, signal?: AbortSignal): Promise<JobRecord> =>
  readJob(await sendForFields(jobPath(id), { signal }))

/** The job's states as they change; ends with the server's stream. */
export async function* followJob(id: string, signal: AbortSignal): AsyncGenerator<JobRecord> {
  const response = await send(`${jobPath(id)}/events`, { signal, accept: 'text/event-stream' })
  if (response.body === null) return
  for await (const { event, data } of readEvents(response.body)) {
    if (event === 'job') yield readJob(data)
  }
}

export const cancelJob = async (id: string): Promise<void> => {
  await send(`${jobPath(id)}/cancel`, { method: 'POST' })
}

/** @param password opens an encrypted file; empty where there is none */
export const retryJob = async (id: string, password: string): Promise<void> => {
  await send(`${jobPath(id)}/retry`, { method: 'POST', ...(password === '' ? {} : { body: { password } }) })
}
