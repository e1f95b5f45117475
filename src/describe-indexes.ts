/**
 * What people are told of the index: its tables, how far each is built, and the change of the embedding model that is under way. In: the
 * ledger's records and what changes now. Out: parts of the models' report. Neighbours: kura.ts; `kura models`, the API and the page show it.
 */
import type { KuraError } from './core/errors.ts'
import type { IndexesReport, IndexState } from './core/models-report.ts'
import type { IndexRecord } from './store/records.ts'

const count = (value: number): string => value.toLocaleString('en-US')

const builtSoFar = ({ progress: { done, total } }: IndexRecord): string =>
  `building ${count(done)} of ${count(total)} documents`

const detailOf = (record: IndexRecord, state: IndexState): string => {
  const { done, total } = record.progress
  if (state === 'building') return builtSoFar(record)
  if (state === 'kept') return `kept; holds ${count(done)} of ${count(total)} documents`
  return done < total ? `answers; ${builtSoFar(record)}` : `answers; holds all ${count(total)} documents`
}

/** @param building fingerprint of the table that is to take over */
export const describeIndexes = (
  records: readonly IndexRecord[],
  building: string | undefined,
): IndexesReport['indexes'] =>
  records.map((record) => {
    const { model, active, progress, fingerprint } = record
    const state = active ? 'answering' : fingerprint === building ? 'building' : 'kept'
    return { model, active, state, progress, detail: detailOf(record, state) }
  })

/** The change that is under way; null where there is none. */
export const describeChange = (
  records: readonly IndexRecord[],
  change: {
    readonly upcomingName: string | undefined
    readonly buildingFingerprint: string | undefined
    readonly failure: KuraError | undefined
    /** Whether this process builds. */
    readonly isBuilding: boolean
  },
): IndexesReport['change'] => {
  const { upcomingName, buildingFingerprint, failure, isBuilding } = change
  const building = records.find(({ fingerprint }) => fingerprint === buildingFingerprint)
  const model = upcomingName ?? building?.model
  if (model === undefined || building?.active) return null
  if (failure) return { model, detail: `can not take over: ${failure.message}` }
  if (building) return { model, detail: builtSoFar(building) }
  return { model, detail: isBuilding ? 'is being started' : 'takes over when Kura runs and has built its index' }
}
