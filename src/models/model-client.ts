/**
 * Clients of the three model roles over OpenAI's protocol, for the model host (`unix:/path.sock`) and for other engines
 * (`http://host:port/v1`). Nothing is connected or loaded before the first call; dispose closes the connections.
 */
import type { Embedder, Generator, Reranker } from '../core/models.ts'
import type { EngineOptions } from './engine-client.ts'
import { type EmbedderOptions, EngineEmbedder } from './engine-embedder.ts'
import { EngineGenerator, type GeneratorOptions } from './engine-generator.ts'
import { EngineReranker } from './engine-reranker.ts'

export const createEmbedder = (options: EmbedderOptions): Embedder & AsyncDisposable => new EngineEmbedder(options)
export const createGenerator = (options: GeneratorOptions): Generator & AsyncDisposable => new EngineGenerator(options)
export const createReranker = (options: EngineOptions): Reranker & AsyncDisposable => new EngineReranker(options)
