/** The real small models of the tests of the model host, and hosts on throw-away sockets. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HostedModel } from '../../src/models/model-host.ts'

const bundledFolder = fileURLToPath(new URL('../../data/models', import.meta.url))

export const embeddingModel: HostedModel = {
  name: 'multilingual-e5-small',
  role: 'embedding',
  path: path.join(bundledFolder, 'multilingual-e5-small-q4_0.gguf'),
  prompts: { query: 'query: {text}', passage: 'passage: {title}\n{title}\n{text}' },
}

export const referenceVectorsFile = path.join(bundledFolder, 'reference-vectors.json')

const generationFile = 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf'
const generationPath = [path.join(bundledFolder, generationFile)].find((file) => existsSync(file))

/** Why tests that generate are skipped, where they are. */
export const generationMissing =
  generationPath === undefined ? ` (SKIPPED: no ${generationFile}; run npx kura models pull)` : ''

export const generationModel: HostedModel = {
  name: 'qwen2.5-coder-0.5b-instruct',
  role: 'generation',
  path: generationPath ?? path.join(bundledFolder, generationFile),
}

/** A folder of its own for sockets and files, removed on dispose. */
export const createTempFolder = async (): Promise<{ folder: string } & AsyncDisposable> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kura-host-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
