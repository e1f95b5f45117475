/**
 * Figures for /metrics in the Prometheus text format: request durations measured here, and gauges that are asked of their
 * owners when the page is read. One registry for each app. A figure whose owner does not answer is left out.
 */
import { Gauge, Histogram, Registry } from 'prom-client'
import { type JobState, jobStates } from '../store/records.ts'
import type { Gauges, HttpDeps } from './deps.ts'

type MetricsDeps = Pick<HttpDeps, 'ledger' | 'gauges' | 'logger'>

export class HttpMetrics {
  readonly #deps: MetricsDeps
  readonly #registry = new Registry()
  readonly #durations: Histogram<'method' | 'route' | 'status'>
  readonly #jobs: Gauge<'state'>
  readonly #oldestJob: Gauge
  readonly #paused: Gauge
  readonly #indexRows: Gauge
  readonly #indexMissing: Gauge
  readonly #reconciled: Gauge<'kind'>
  readonly #hostRestarts: Gauge

  constructor(deps: MetricsDeps) {
    this.#deps = deps
    const registers = [this.#registry]
    this.#durations = new Histogram({
      name: 'kura_http_request_duration_seconds',
      help: 'Time from a request to the start of its response.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    })
    this.#jobs = new Gauge({ name: 'kura_jobs', help: 'Ingestion jobs by state.', labelNames: ['state'], registers })
    this.#oldestJob = new Gauge({
      name: 'kura_oldest_queued_job_age_seconds',
      help: 'How long the oldest queued ingestion job has waited; 0 where none waits.',
      registers,
    })
    this.#paused = new Gauge({ name: 'kura_ingestion_paused', help: '1 while ingestion is paused, else 0.', registers })
    this.#indexRows = new Gauge({ name: 'kura_index_rows', help: 'Chunks in the search index.', registers })
    this.#indexMissing = new Gauge({
      name: 'kura_index_missing_revisions',
      help: 'Published revisions that the search index in use does not hold (yet).',
      registers,
    })
    this.#reconciled = new Gauge({
      name: 'kura_reconciled',
      help: 'What the last comparison of index, ledger and originals has found and put right (missing originals can not be).',
      labelNames: ['kind'],
      registers,
    })
    this.#hostRestarts = new Gauge({
      name: 'kura_model_host_restarts',
      help: 'How often the model host was restarted since the server started.',
      registers,
    })
  }

  observeRequest(labels: { method: string; route: string; status: number }, durationMs: number): void {
    this.#durations.observe({ ...labels, status: String(labels.status) }, durationMs / 1000)
  }

  /** The page in the Prometheus text format, and its content type. */
  async render(): Promise<{ text: string; contentType: string }> {
    await Promise.all([
      this.#collect('jobs', () => this.#readJobs()),
      this.#collect('gauges', async () => this.#setGauges(await this.#deps.gauges())),
    ])
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType }
  }

  async #collect(part: string, read: () => Promise<void>): Promise<void> {
    try {
      await read()
    } catch (error) {
      this.#deps.logger.warn({ err: error, part }, 'metrics could not be read')
    }
  }

  async #readJobs(): Promise<void> {
    const { jobs } = this.#deps.ledger
    const [counts, oldest, paused] = await Promise.all([jobs.counts(), jobs.oldestQueuedAt(), jobs.isPaused()])
    for (const state of jobStates) this.#jobs.set({ state }, countOf(counts, state))
    this.#paused.set(paused ? 1 : 0)
    this.#oldestJob.set(oldest ? Math.max(0, (Date.now() - new Date(oldest).getTime()) / 1000) : 0)
  }

  #setGauges({ indexRows, indexMissing, reconciled, modelHostRestarts }: Gauges): void {
    for (const [kind, count] of Object.entries(reconciled)) this.#reconciled.set({ kind }, count)
    if (indexMissing !== undefined) this.#indexMissing.set(indexMissing)
    if (indexRows !== undefined) this.#indexRows.set(indexRows)
    if (modelHostRestarts !== undefined) this.#hostRestarts.set(modelHostRestarts)
  }
}

/** States without a job may be missing from what the ledger counts. */
const countOf = (counts: Partial<Record<JobState, number>>, state: JobState): number => counts[state] ?? 0
