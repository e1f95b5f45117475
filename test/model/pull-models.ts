/** Brings the small generation model of the tests, once; where no source gives it, the tests that generate are skipped by name. */
import { KuraError } from '../../src/core/errors.ts'
import { findEntry } from '../../src/models/catalog.ts'
import { bundledModelsFolder } from '../../src/models/model-file.ts'
import { pullModel } from '../../src/models/pull-model.ts'

export const setup = async (): Promise<void> => {
  const entry = findEntry('qwen2.5-coder-0.5b-instruct')
  if (!entry) throw new Error('The catalog lacks the model of the tests.')
  try {
    await pullModel(entry, { folder: bundledModelsFolder })
  } catch (error) {
    if (!(error instanceof KuraError)) throw error
    process.stderr.write(`${error.message} Tests that generate are skipped.\n`)
  }
}
