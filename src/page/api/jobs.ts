/**
 * Ingestion jobs: one look, a live stream of states, cancel and retry.
 */
import type { JobRecord, JobState } from '../../store/records.ts'
import { readJob } from './documents.ts'
import { readEvents } from './read-events.ts'
import { send, sendForFields } from './request.ts'

const jobPath = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`

/** True once a job no longer changes by itself. */
export const isFinished = (state: JobState): boolean => state !== 'queued' && state !== 'running'

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

export const retryJob = async (id: string): Promise<void> => {
  await send(`${jobPath(id)}/retry`, { method: 'POST' })
}
