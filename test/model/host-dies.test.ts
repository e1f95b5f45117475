import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CallOptions, GenerationRequest, Generator } from '../../src/core/models.ts'
import { createGenerator } from '../../src/models/model-client.ts'
import { ModelHost } from '../../src/models/model-host.ts'
import { HostileSetting } from '../integration/hostile-fixtures.ts'
import { passageOf } from '../unit/fakes.ts'
import { createTempFolder, embeddingModel, generationMissing, generationModel } from './model-host-fixture.ts'

const printed = 'Replace the return filter every 500 operating hours.'
const question = 'How often is the return filter replaced, every how many operating hours?'

/** Calls `onPiece` once, with the first piece that the model writes. */
const watched = (generator: Generator, onPiece: () => void): Generator => ({
  info: (options) => generator.info(options),
  countTokens: (texts, options) => generator.countTokens(texts, options),
  async *generate(request: GenerationRequest, options?: CallOptions) {
    let isFirst = true
    for await (const piece of generator.generate(request, options)) {
      if (isFirst) onPiece()
      isFirst = false
      yield piece
    }
  },
})

describe.skipIf(generationMissing !== '')(
  `a model host that is killed in the middle of an answer${generationMissing}`,
  () => {
    it('leaves an answer of checked sentences that says so, and writes again after its restart', async () => {
      await using temp = await createTempFolder()
      await using setting = await HostileSetting.open()
      const models = { embedding: embeddingModel, generation: generationModel }
      await using host = await ModelHost.start({ models, socket: path.join(temp.folder, 'host.sock') })
      await host.ready
      await using generator = createGenerator({ baseUrl: host.baseUrl })
      const passages = [passageOf('press.pdf', [printed, 'Wear safety goggles.'])]
      const { pid } = host.status()
      if (pid === undefined) throw new Error('The host has no process.')

      const killing = watched(generator, () => process.kill(pid, 'SIGKILL'))
      const { answer, statements } = await setting.ask(passages, killing, question)
      expect(answer).toMatchObject({ status: 'answered', degraded: ['model_unavailable'] })
      expect(answer.statements).toEqual(statements)
      expect(statements[0]).toMatchObject({ text: printed, kind: 'quote' })

      while (host.status().restarts === 0) await new Promise((resolve) => setTimeout(resolve, 50))
      await host.untilReady()
      expect((await setting.ask(passages, generator, question)).answer.degraded).toEqual([])
    })
  },
)
