/**
 * `npm run calibrate`: fits when a question is refused by what was found, for the embedding model in use; with `-- --verdict`, by what was found and how near
 * the generation model in use was to refusing. On ../shared/eval; writes `calibrations/MODEL.json` with the curve. A quarter of an hour each on two cores.
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { calibrationFile, evidenceCalibration } from '../answer/calibration.ts'
import { Output } from '../cli/output.ts'
import { projectFolder } from '../config/settings.ts'
import { fitEvidence, fitVerdict, type Observed } from './fit-refusals.ts'
import { type CalibrationSet, observeAnswerability } from './observe-answerability.ts'

const sets: readonly CalibrationSet[] = [
  { corpus: 'xquad-en', queries: 'xquad-en', hasNearMisses: true },
  { corpus: 'xquad-zh', queries: 'xquad-zh', hasNearMisses: true },
  { corpus: 'jsquad', queries: 'jsquad', hasNearMisses: true },
  { corpus: 'xquad-en', queries: 'xquad-zh', hasNearMisses: true },
  { corpus: 'xquad-zh', queries: 'xquad-en', hasNearMisses: true },
  { corpus: 'northwind', queries: 'northwind', hasNearMisses: false },
  { corpus: 'mtrag', queries: 'mtrag', hasNearMisses: false },
]
const { values } = parseArgs({
  options: {
    verdict: { type: 'boolean', default: false },
    /** Answerable questions of each set; as many unanswerable ones. */
    size: { type: 'string', default: '60' },
  },
})
const folder = path.join(projectFolder, '..', 'shared', 'eval')
const output = new Output({ json: false })
const observed: Observed[] = []
const models = { embedding: '', generation: '' }
for (const set of sets) {
  const found = await observeAnswerability(folder, set, { size: Number(values.size), verdict: values.verdict, output })
  observed.push(...found.observed)
  Object.assign(models, found.models)
}
const date = new Date().toISOString().slice(0, 10)
const write = (model: string, calibration: unknown) =>
  writeFile(calibrationFile(model), `${JSON.stringify(calibration, undefined, 2)}\n`)
if (values.verdict) {
  const evidence = await evidenceCalibration(models.embedding)
  if (!evidence) throw new Error(`Calibrate ${models.embedding} first, without --verdict.`)
  await write(models.generation, fitVerdict(observed, evidence, models.generation, date))
} else {
  await write(models.embedding, fitEvidence(observed, models.embedding, date))
}
