/** Stands where an embedding model should be that can not be started: every call fails with the reason, and the rest of the program goes on. */
import type { KuraError } from '../core/errors.ts'
import type { Embedder } from '../core/models.ts'

export const createMissingEmbedder = (reason: KuraError): Embedder & AsyncDisposable => {
  const refuse = (): Promise<never> => Promise.reject(reason)
  return {
    info: refuse,
    embedQueries: refuse,
    embedPassages: refuse,
    countTokens: refuse,
    [Symbol.asyncDispose]: async () => undefined,
  }
}
