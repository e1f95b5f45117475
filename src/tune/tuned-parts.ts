/**
 * What a tuning has fitted and won with, as it is kept in the ledger and applied to questions. In: parts, or the stored text. Out: the other. Text that is not
 * what this version reads gives undefined: the untuned system answers then.
 */
import { z } from 'zod'
import { type EvidenceCalibration, evidenceCalibrationSchema } from '../answer/calibration.ts'
import { defaultRankingParameters, type RankingParameters } from '../retrieval/ranking-parameters.ts'
import { fromStoredAdapter, type QueryAdapter, storedAdapter, toStoredAdapter } from './query-adapter.ts'

/** Each is undefined where the untuned system was not beaten. */
export interface TunedParts {
  readonly parameters: RankingParameters | undefined
  readonly adapter: QueryAdapter | undefined
  readonly calibration: EvidenceCalibration | undefined
}

const parametersSchema = z.strictObject(
  Object.fromEntries(Object.keys(defaultRankingParameters).map((name) => [name, z.number()])) as Record<
    keyof RankingParameters,
    z.ZodNumber
  >,
)

const storedParts = z.strictObject({
  parameters: parametersSchema.nullable(),
  adapter: storedAdapter.nullable(),
  calibration: evidenceCalibrationSchema.nullable(),
})

export const toStoredParts = ({ parameters, adapter, calibration }: TunedParts): string =>
  JSON.stringify({
    parameters: parameters ?? null,
    adapter: adapter ? toStoredAdapter(adapter) : null,
    calibration: calibration ?? null,
  } satisfies z.input<typeof storedParts>)

export const parseStoredParts = (text: string): TunedParts | undefined => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  const parsed = storedParts.safeParse(json).data
  if (!parsed) return undefined
  const adapter = parsed.adapter ? fromStoredAdapter(parsed.adapter) : undefined
  if (parsed.adapter && !adapter) return undefined
  return { adapter, parameters: parsed.parameters ?? undefined, calibration: parsed.calibration ?? undefined }
}
