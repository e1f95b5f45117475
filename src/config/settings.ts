/**
 * All settings: environment `KURA_*` over `<data>/config.json` over defaults. The only file that reads `process.env`.
 * A bad value stops the start with `setting_invalid`, naming the setting and never its value.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { KuraError } from '../core/errors.ts'

/** The folder that `package.json` lies in. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url))

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' })
const integer = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`
  return z.coerce.number(message).int(message).min(min, message).max(max, message)
}

interface SettingDefinition {
  readonly variable: string
  readonly schema: z.ZodType
  readonly default: unknown
  readonly meaning: string
}

const definitions = {
  port: {
    variable: 'KURA_PORT',
    schema: integer(0, 65_535),
    default: 8484,
    meaning: 'TCP port of the page and the API; 0 takes a free one',
  },
  host: {
    variable: 'KURA_HOST',
    schema: z.string().min(1),
    default: '127.0.0.1',
    meaning: 'Address to serve on; without login only loopback addresses',
  },
  auth: {
    variable: 'KURA_AUTH',
    schema: z.enum(['off']),
    default: 'off',
    meaning: 'off: no login, one local administrator; the only mode of this version',
  },
  embeddingModel: {
    variable: 'KURA_EMBEDDING_MODEL',
    schema: z.string().min(1),
    default: 'multilingual-e5-small',
    meaning: 'Catalog name or path of a GGUF',
  },
  generationModel: {
    variable: 'KURA_GENERATION_MODEL',
    schema: z.string().min(1),
    default: undefined,
    meaning: 'Catalog name or path of a GGUF, or none to answer by quotes alone; by hardware where not set',
  },
  rerankingModel: {
    variable: 'KURA_RERANKING_MODEL',
    schema: z.string().min(1),
    default: undefined,
    meaning: 'Catalog name or path of a GGUF; no reranking where not set',
  },
  embeddingUrl: {
    variable: 'KURA_EMBEDDING_URL',
    schema: httpUrl,
    default: undefined,
    meaning: 'Base URL (…/v1) of an OpenAI-compatible engine, in place of the model host',
  },
  generationUrl: {
    variable: 'KURA_GENERATION_URL',
    schema: httpUrl,
    default: undefined,
    meaning: 'Base URL (…/v1) of an OpenAI-compatible engine, in place of the model host',
  },
  rerankingUrl: {
    variable: 'KURA_RERANKING_URL',
    schema: httpUrl,
    default: undefined,
    meaning: 'Base URL (…/v1) of a rerank engine, in place of the model host',
  },
  modelsFolder: {
    variable: 'KURA_MODELS',
    schema: z.string().min(1),
    default: undefined,
    meaning: 'Where models are pulled to and looked for; <data>/models where not set',
  },
  databaseUrl: {
    variable: 'KURA_DATABASE_URL',
    schema: z.string().regex(/^file:./, 'must be file:PATH of a SQLite database'),
    default: undefined,
    meaning: 'file:PATH of the ledger, a SQLite database; <data>/kura.db where not set',
  },
  indexUri: {
    variable: 'KURA_INDEX_URI',
    schema: z.string().min(1),
    default: undefined,
    meaning: 'Folder or object store URI of the LanceDB index; <data>/index where not set',
  },
  maxFileBytes: {
    variable: 'KURA_MAX_FILE_BYTES',
    schema: integer(1, 2 ** 40),
    default: 2 ** 30,
    meaning: 'Largest upload',
  },
  parseTimeoutMs: {
    variable: 'KURA_PARSE_TIMEOUT_MS',
    schema: integer(1_000, 86_400_000),
    default: 600_000,
    meaning: 'Longest time that reading one file may take',
  },
  parseMemoryBytes: {
    variable: 'KURA_PARSE_MEMORY_BYTES',
    schema: integer(2 ** 27, 2 ** 40),
    default: 2 ** 30,
    meaning: 'Most memory that reading one file may take',
  },
  logLevel: {
    variable: 'KURA_LOG_LEVEL',
    schema: z.enum(['silent', 'error', 'warn', 'info', 'debug']),
    default: 'info',
    meaning: 'What is written to the log on standard error',
  },
} as const satisfies Record<string, SettingDefinition>

type Name = keyof typeof definitions

export interface Settings {
  /** Absolute path of the data folder. */
  readonly data: string
  readonly port: number
  readonly host: string
  readonly auth: 'off'
  readonly embeddingModel: string
  readonly generationModel: string | undefined
  readonly rerankingModel: string | undefined
  readonly embeddingUrl: string | undefined
  readonly generationUrl: string | undefined
  readonly rerankingUrl: string | undefined
  /** Absolute path. */
  readonly modelsFolder: string
  /** Absolute path of the SQLite file. */
  readonly ledgerFile: string
  readonly indexUri: string
  readonly maxFileBytes: number
  readonly parseTimeoutMs: number
  readonly parseMemoryBytes: number
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

/** @throws setting_invalid where the file is no JSON object */
export const readConfigFile = (file: string): Record<string, unknown> => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    // No file, or no folder that could hold one: what is wrong with the folder is said where it is opened.
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code))) return {}
    throw new KuraError('setting_invalid', `${file} can not be read.`, { cause: error })
  }
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  } catch (error) {
    throw new KuraError('setting_invalid', `${file} is not a JSON object.`, { cause: error })
  }
}

/**
 * @param env `process.env`, or what a test gives
 * @throws setting_invalid
 */
export const resolveSettings = (env: NodeJS.ProcessEnv = process.env): Settings => {
  const data = path.resolve(env.KURA_DATA || path.join(projectFolder, 'data'))
  const file = readConfigFile(path.join(data, 'config.json'))
  for (const name of Object.keys(file)) {
    if (!Object.hasOwn(definitions, name)) {
      throw new KuraError('setting_invalid', `config.json has an unknown setting "${name}"; see \`kura config\`.`)
    }
  }
  const readValue = (name: Name): unknown => {
    const { variable, schema, default: fallback } = definitions[name]
    const given = env[variable] || file[name]
    if (given === undefined) return fallback
    const parsed = schema.safeParse(given)
    if (parsed.success) return parsed.data
    throw new KuraError(
      'setting_invalid',
      `${variable} (or "${name}" in config.json): ${parsed.error.issues[0]?.message ?? 'not valid'}.`,
    )
  }
  const values = Object.fromEntries((Object.keys(definitions) as Name[]).map((name) => [name, readValue(name)]))
  const { databaseUrl, indexUri, modelsFolder, ...others } = values as Record<string, string | undefined>
  return {
    ...others,
    data,
    modelsFolder: path.resolve(modelsFolder ?? path.join(data, 'models')),
    ledgerFile: path.resolve(databaseUrl?.slice('file:'.length) ?? path.join(data, 'kura.db')),
    indexUri: indexUri ?? path.join(data, 'index'),
  } as unknown as Settings
}

/** The environment variable that decides the setting, whatever `config.json` says; undefined where none does. */
export const variableInForce = (
  name: 'embeddingModel' | 'embeddingUrl' | 'generationModel' | 'generationUrl' | 'rerankingModel' | 'rerankingUrl',
  env: NodeJS.ProcessEnv = process.env,
): string | undefined => (env[definitions[name].variable] ? definitions[name].variable : undefined)

export interface SettingDescription {
  readonly name: string
  readonly variable: string
  readonly value: unknown
  readonly default: unknown
  readonly meaning: string
}

/** What `kura config` prints. */
export const describeSettings = (settings: Settings): SettingDescription[] => [
  {
    name: 'data',
    variable: 'KURA_DATA',
    value: settings.data,
    default: 'data (in the project)',
    meaning: 'Folder of all run-time state; environment only',
  },
  ...(Object.keys(definitions) as Name[]).map((name) => ({
    name,
    variable: definitions[name].variable,
    value: name === 'databaseUrl' ? `file:${settings.ledgerFile}` : settings[name],
    default: definitions[name].default,
    meaning: definitions[name].meaning,
  })),
]

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '::1', '[::1]'])

/** @throws auth_required where an address beyond this machine would be served without login */
export const checkBindAddress = (settings: Settings): void => {
  if (loopbackHosts.has(settings.host) || /^127\.\d+\.\d+\.\d+$/.test(settings.host)) return
  throw new KuraError(
    'auth_required',
    `KURA_HOST is not a loopback address, and this version has no login: anybody on the network could read and delete every document.`,
  )
}

/** LANGSMITH_* and LANGCHAIN_TRACING* would switch on a cloud tracer in LangChain packages; nothing may leave the premises. */
export const removeTracingVariables = (env: NodeJS.ProcessEnv = process.env): void => {
  for (const name of Object.keys(env)) if (/^(LANGSMITH_|LANGCHAIN_)/.test(name)) delete env[name]
}

/** The key that the command line sends to a running server. */
export const readApiKey = (env: NodeJS.ProcessEnv = process.env): string | undefined => env.KURA_API_KEY || undefined
