/**
 * What the worker process is told by whoever starts it, as JSON in its first argument; checked on its side.
 * Neighbours: the supervisor in `src` writes it, `main` reads it.
 */
import { z } from 'zod'

export const workerOptionsSchema = z.object({
  /** Absolute path of the data folder; the originals lie in it. */
  data: z.string().min(1),
  /** Absolute path of the SQLite file. */
  ledgerFile: z.string().min(1),
  indexUri: z.string().min(1),
  /** `unix:/path.sock` of the model host, or `http://host:port/v1` of another engine. */
  embeddingBaseUrl: z.string().min(1),
  /** Name of the model at another engine, and the prompts to send it: as the server's own client has them, for equal fingerprints. */
  embeddingModel: z.string().min(1).optional(),
  embeddingPrompts: z.object({ query: z.string(), passage: z.string() }).optional(),
  parseTimeoutMs: z.number().int().positive(),
  parseMemoryBytes: z.number().int().positive(),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']),
})

export type WorkerOptions = Readonly<z.infer<typeof workerOptionsSchema>>
