/** A tuning that is switched on, in a whole Kura: it is named in every trace, held back from another index, and gone with the revert. */
import { describe, expect, it } from 'vitest'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import type { Kura } from '../../src/kura.ts'
import { defaultRankingParameters } from '../../src/retrieval/ranking-parameters.ts'
import type { TuningReport } from '../../src/store/tuning-records.ts'
import { toStoredParts } from '../../src/tune/tuned-parts.ts'
import { createPlant, ingestMachines, open, settingsWith } from './model-change-fixtures.ts'

const nothing = { figures: null, difference: null, classes: {} }
const report: TuningReport = {
  questions: { tried: 0, kept: 0, fit: 0, heldOut: 0, rejected: {}, origins: {} },
  ranking: { outcome: 'won', changed: {}, adapter: false, ...nothing },
  refusal: { outcome: 'not_calibrated', ...nothing },
}
const parts = {
  parameters: { ...defaultRankingParameters, headingWeight: 0.33 },
  adapter: undefined,
  calibration: undefined,
}

const addTuning = async (kura: Kura, fingerprint: string) => {
  const collectionIds = await kura.ledger.collections.readable(admin)
  const values = { collectionIds, limit: 10, seed: 1, embeddingModel: 'fake', generationModel: null }
  const { id } = await kura.ledger.tunings.start(admin, { ...values, fingerprint, remainingSeconds: 1 })
  await kura.ledger.tunings.finish(id, report, { tuned: toStoredParts(parts), isActive: true })
  return id
}

const trace = async (kura: Kura) => {
  const collectionIds = await kura.ledger.collections.readable(admin)
  const request = { query: 'Which pressure has machine M1?', collectionIds, limit: 3, explain: true }
  const result = await kura.retriever.search(admin, request)
  expect(result.trace?.ranking).toBe(result.ranking)
  return { ranking: result.trace?.ranking, headingWeight: result.trace?.weights.heading }
}

const untuned = { ranking: undefined, headingWeight: defaultRankingParameters.headingWeight }

describe('a tuning that is switched on', () => {
  it('ranks from the start of Kura on, is named, and is gone back from without a restart', async () => {
    await using plant = await createPlant()
    const settings = settingsWith(plant, plant.former)
    await ingestMachines(settings, 2)
    const addTo = async (fingerprint?: string) => {
      await using kura = await open(settings, { worker: false })
      return await addTuning(kura, fingerprint ?? (await kura.target()).fingerprint)
    }
    const id = await addTo()
    {
      await using kura = await open(settings, { worker: false })
      expect(await trace(kura)).toEqual({ ranking: id, headingWeight: 0.33 })
      await kura.tunings.revert(admin)
      expect(await trace(kura)).toEqual(untuned)
      await kura.tunings.activate(admin, id)
      expect(await trace(kura)).toEqual({ ranking: id, headingWeight: 0.33 })
    }
    await addTo('of another model')
    await using kura = await open(settings, { worker: false })
    expect(await trace(kura)).toEqual(untuned)
  })
})
