/**
 * `npm run demo`: all of it on the sample documents, in a throw-away data folder: fetches the generation model, ingests, asks one
 * question of each language, prints the cited answers, and says of each whether the cited page is the one that holds the answer.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { projectFolder, removeTracingVariables, resolveSettings } from '../config/settings.ts'
import { languages } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import { answerSchema } from '../http/answer-schemas.ts'
import { chooseModels } from '../models/choose-models.ts'
import { detectHardware } from '../models/hardware.ts'
import type { ApiClient } from './api-client.ts'
import type { AnswerView } from './api-views.ts'
import { withApi } from './connect.ts'
import { answerText } from './format-answer.ts'
import { findFiles, ingestPaths } from './ingest-paths.ts'
import { pullModelByName } from './manage-models.ts'
import { Output } from './output.ts'
import { withTempFolder } from './temp-folder.ts'

const sampleSchema = z.array(
  z.object({
    question: z.string(),
    language: z.enum(languages),
    /** null where the samples do not say. */
    expect: z.object({ document: z.string(), page: z.number().optional(), contains: z.array(z.string()) }).nullable(),
  }),
)
type Sample = z.infer<typeof sampleSchema>[number]

const samplesFolder = path.join(projectFolder, 'data', 'samples')

/** Whether the answer cites the passage that holds the answer, on its page; for a question that the samples do not answer, whether it is refused. */
const isAsExpected = (answer: AnswerView, { expect }: Sample): boolean => {
  if (expect === null) return answer.status === 'not_found'
  return answer.statements.some(({ citations }) =>
    citations.some(
      ({ documentName, page, quote }) =>
        documentName === expect.document &&
        (expect.page === undefined || page === expect.page) &&
        expect.contains.some((each) => quote.includes(each)),
    ),
  )
}

const askAll = async (api: ApiClient, samples: readonly Sample[], output: Output): Promise<number> => {
  let asExpected = 0
  for (const sample of samples) {
    output.message(`\n[${sample.language}] ${sample.question}`)
    const answer = await api.post('/api/ask', { question: sample.question }, answerSchema)
    const right = isAsExpected(answer, sample)
    const verdict =
      sample.expect === null
        ? 'the documents do not say'
        : `stands in ${sample.expect.document}${sample.expect.page ? `, page ${sample.expect.page}` : ''}`
    output.message(`${answerText(answer)}\n  ${right ? '✓ as it should be' : '✗ not as it should be'}: ${verdict}`)
    if (right) asExpected += 1
  }
  return asExpected
}

/** Brings the chosen generation model; without a network the demo goes on with what is here, or with quotes. */
const fetchModel = async (output: Output): Promise<void> => {
  const settings = resolveSettings()
  const { generation } = chooseModels(settings, await detectHardware())
  output.message(generation.reason)
  if (generation.source !== 'local' || generation.present) return
  try {
    await pullModelByName(settings, generation.name, output)
  } catch (error) {
    if (!(error instanceof KuraError)) throw error
    output.message(`${error.message} ${error.remedy} The demo goes on without it: answers are verbatim quotes.`)
  }
}

const demo = async (output: Output): Promise<void> => {
  const startedAt = Date.now()
  const samples = sampleSchema.parse(JSON.parse(await readFile(path.join(samplesFolder, 'questions.json'), 'utf8')))
  await fetchModel(output)
  await withTempFolder('kura-demo-', (data, signal) => {
    const usual = resolveSettings()
    const settings = {
      ...usual,
      data,
      ledgerFile: path.join(data, 'kura.db'),
      indexUri: path.join(data, 'index'),
      logLevel: 'warn' as const,
    }
    const needs = { embedding: true, generation: true, worker: true }
    return withApi({ url: undefined, apiKey: undefined, needs, settings, signal }, (api) =>
      showSamples(api, samples, startedAt, output),
    )
  })
}

const showSamples = async (
  api: ApiClient,
  samples: readonly Sample[],
  startedAt: number,
  output: Output,
): Promise<void> => {
  output.message('\nIngesting the sample documents…')
  const files = (await findFiles([samplesFolder])).filter(isSampleDocument)
  const { documents } = await ingestPaths(api, files, 'samples', output)
  const failed = documents.filter(({ status }) => !status.startsWith('ready'))
  if (failed.length > 0) throw new KuraError('internal', `${failed.length} sample documents could not be ingested.`)
  const asExpected = await askAll(api, samples, output)
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1)
  output.message(
    `\n${asExpected} of ${samples.length} answers are as they should be; ${documents.length} documents; ${minutes} minutes in all.`,
  )
  if (asExpected < samples.length / 2) process.exitCode = 1
  output.message('Start the server with `npm start`, and open the page that it names.')
}

const isSampleDocument = (file: string): boolean => !['questions.json', 'SOURCE.md'].includes(path.basename(file))

const output = new Output({ json: false })
removeTracingVariables()
try {
  await demo(output)
} catch (error) {
  output.failure(error)
  process.exitCode = 1
}
