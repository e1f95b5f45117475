/** `kura jobs`, `kura jobs pause`, `kura jobs resume`, `kura job cancel`, `kura job retry`. */
import { z } from 'zod'
import { jobSchema } from '../http/document-schemas.ts'
import type { ApiClient } from './api-client.ts'
import { type JobView, jobsSchema } from './api-views.ts'
import type { Output } from './output.ts'

const listLimit = 200
const queueSchema = z.object({ paused: z.boolean() })

const jobText = ({ id, state, stage, progress: { done, total }, documentName, error }: JobView): string => {
  const steps = total > 0 ? ` ${done}/${total}` : ''
  return `${id}  ${state.padEnd(9)} ${`${stage}${steps}`.padEnd(18)} ${documentName}${error ? ` [${error.code}]` : ''}`
}

export const listJobs = async (api: ApiClient, state: string | undefined, output: Output): Promise<void> => {
  const query = new URLSearchParams({ limit: String(listLimit), ...(state === undefined ? {} : { state }) })
  const result = await api.get(`/api/jobs?${query}`, jobsSchema)
  const counts = Object.entries(result.counts).map(([name, count]) => `${count} ${name}`)
  const summary = `${result.paused ? 'PAUSED; ' : ''}${counts.join(', ')}`
  output.result(result, [summary, ...result.jobs.map(jobText)].join('\n'))
}

export const setPaused = async (api: ApiClient, paused: boolean, output: Output): Promise<void> => {
  const result = await api.post(`/api/jobs/${paused ? 'pause' : 'resume'}`, {}, queueSchema)
  output.result(result, result.paused ? 'Ingestion is paused.' : 'Ingestion goes on.')
}

export const cancelJob = async (api: ApiClient, id: string, output: Output): Promise<void> => {
  const job = await api.post(`/api/jobs/${encodeURIComponent(id)}/cancel`, {}, jobSchema)
  output.result(job, jobText(job))
}

/** @param password opens the file, where it is encrypted */
export const retryJob = async (
  api: ApiClient,
  id: string,
  password: string | undefined,
  output: Output,
): Promise<void> => {
  const body = password === undefined ? {} : { password }
  const job = await api.post(`/api/jobs/${encodeURIComponent(id)}/retry`, body, jobSchema)
  output.result(job, jobText(job))
}
