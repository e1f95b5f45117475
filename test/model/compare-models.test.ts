/** Models side by side on a small question set, by the real 0.5B model with and without an adapter that changes nothing. */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Output } from '../../src/cli/output.ts'
import { compareModels } from '../../src/compare/compare-models.ts'
import { resolveSettings } from '../../src/config/settings.ts'
import { makeLora } from './make-lora.ts'
import { createTempFolder, generationMissing, generationModel } from './model-host-fixture.ts'

const output = new Output({ json: true })
const lines = (records: readonly object[]): string => records.map((record) => JSON.stringify(record)).join('\n')

const corpus = [
  {
    id: 'filter',
    title: 'Press P1',
    text: 'The return filter of press P1 is replaced every 500 operating hours.',
    lang: 'en',
  },
  {
    id: 'oil',
    title: 'Press P2',
    text: 'The oil of press P2 is HLP 46. It is changed once a year, in January.',
    lang: 'en',
  },
]
const queries = [
  {
    id: '1',
    text: 'After how many operating hours is the return filter of press P1 replaced?',
    lang: 'en',
    relevant: ['filter'],
    answers: ['500'],
  },
  { id: '2', text: 'Who painted the Mona Lisa?', lang: 'en', answerable: false },
]

const temporaryFolders = async (): Promise<string[]> =>
  (await readdir(os.tmpdir())).filter((name) => name.startsWith('kura-compare-'))

afterEach(() => {
  vi.unstubAllEnvs()
})

describe.skipIf(generationMissing !== '')(`kura compare${generationMissing}`, () => {
  it('gives each model the same questions and leaves nothing behind', async () => {
    await using temp = await createTempFolder()
    const questions = path.join(temp.folder, 'questions')
    await mkdir(questions)
    await writeFile(path.join(questions, 'corpus.jsonl'), lines(corpus))
    await writeFile(path.join(questions, 'queries.jsonl'), lines(queries))
    const zero = path.join(temp.folder, 'zero.gguf')
    const tensors = [{ name: 'blk.0.attn_q.weight', inputs: 896, outputs: 896 }]
    await writeFile(zero, makeLora({ architecture: 'qwen2', tensors, strength: 0 }))
    const settings = resolveSettings({ KURA_DATA: path.join(temp.folder, 'data'), KURA_LOG_LEVEL: 'silent' })
    // other processes leave and remove their own in the shared one
    vi.stubEnv('TMPDIR', temp.folder)
    const before = await temporaryFolders()

    const unknown = compareModels(settings, [generationModel.name, 'unheard-of'], { questions, seed: 1 }, output)
    await expect(unknown).rejects.toMatchObject({ code: 'model_unknown' })

    const names = [generationModel.name, `${generationModel.name}+${zero}`]
    const { models, ...common } = await compareModels(settings, names, { questions, seed: 1 }, output)
    expect(common).toEqual({ questions: 2, seed: 1 })
    const [plain, adapted] = models
    if (!plain || !adapted || 'error' in plain || 'error' in adapted) throw new Error('A model was not measured.')
    expect(plain).toMatchObject({ model: names[0], right: { of: 1 }, answeredUnanswerable: { of: 1 } })
    expect(plain.tokensPerSecond).toBeGreaterThan(0)
    expect(plain.memoryBytes).toBeGreaterThan(3e8)
    expect(plain.questions.map(({ id, answerable }) => [id, answerable])).toEqual([
      ['1', true],
      ['2', false],
    ])
    expect(adapted.model).toBe(names[1])
    expect(adapted.questions.map(({ statements }) => statements)).toEqual(
      plain.questions.map(({ statements }) => statements),
    )
    expect(await temporaryFolders()).toEqual(before)
  })
})
