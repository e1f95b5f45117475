/**
 * What the worker process is told by whoever starts it, as JSON in its first argument; checked on its side.
 * Neighbours: the supervisor in `src` writes it, `main` reads it.
 */
import { z } from 'zod'

const engineSchema = z.object({
  /** What the ledger calls the model. */
  name: z.string().min(1),
  /** `unix:/path.sock` of the model host, or `http://host:port/v1` of another engine. */
  baseUrl: z.string().min(1),
  /** Name of the model at another engine, and the prompts to send it: as the server's own client has them, for equal fingerprints. */
  model: z.string().min(1).optional(),
  prompts: z.object({ query: z.string(), passage: z.string() }).optional(),
})

export type EngineOptions = Readonly<z.infer<typeof engineSchema>>

export const workerOptionsSchema = z.object({
  /** Absolute path of the data folder; the originals lie in it. */
  data: z.string().min(1),
  /** For unpacked and converted files; emptied when a worker starts. */
  scratchFolder: z.string().min(1),
  /** Absolute path of the SQLite file. */
  ledgerFile: z.string().min(1),
  indexUri: z.string().min(1),
  /** Runs the model of the index that answers; left out where it can not be had. */
  answering: engineSchema.optional(),
  /** Runs the model whose index is to take over. */
  upcoming: engineSchema.optional(),
  maxFileBytes: z.number().int().positive(),
  parseTimeoutMs: z.number().int().positive(),
  parseMemoryBytes: z.number().int().positive(),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']),
})

export type WorkerOptions = Readonly<z.infer<typeof workerOptionsSchema>>
