/**
 * What the model host and its callers say to each other: the descriptors that the supervisor sends when it starts the child,
 * the messages that come back, and the HTTP bodies in the shapes of OpenAI (plus `/tokenize`, `/health` and a few fields of
 * our own). Imported by both sides; everything that crosses the process border is parsed with these schemas.
 */
import { z } from 'zod'

export const modelRoleSchema = z.enum(['embedding', 'generation', 'reranking'])
export type HostedRole = z.infer<typeof modelRoleSchema>

export const embeddingPromptsSchema = z.object({ query: z.string(), passage: z.string() }).readonly()

/** A LoRA adapter that is laid over a generation model. */
export const hostedAdapterSchema = z
  .object({ name: z.string().min(1), path: z.string().min(1), sha256: z.string(), scale: z.number() })
  .readonly()

/** A model file on this machine and what the host must know about it that the GGUF does not tell. */
export const hostedModelSchema = z
  .object({
    name: z.string().min(1),
    /** Absolute path of a GGUF file. */
    path: z.string().min(1),
    role: modelRoleSchema,
    /** Embedding models: templates of `fillPrompt`; without them texts are embedded as they are. */
    prompts: embeddingPromptsSchema.optional(),
    /** Upper bound of the context; the host may choose less by memory. */
    contextTokens: z.number().int().positive().optional(),
    /** Of the file; the host reads the file to find it where it is left out. */
    sha256: z.string().optional(),
    parameters: z.number().int().positive().optional(),
    /** Generation models only. */
    adapter: hostedAdapterSchema.optional(),
    /** Tells the models of one role apart while one takes over from another. @default 0 */
    ordinal: z.number().int().nonnegative().optional(),
  })
  .readonly()
export type HostedModel = z.infer<typeof hostedModelSchema>

export const hostErrorSchema = z.object({ code: z.string(), message: z.string() }).readonly()

export const toHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), socket: z.string().min(1), models: z.array(hostedModelSchema).min(1) }),
  /** Another model beside those that are there. */
  z.object({ type: z.literal('load'), model: hostedModelSchema }),
  /** Nobody uses it any more: what still runs on it fails. */
  z.object({ type: z.literal('unload'), role: modelRoleSchema, ordinal: z.number().int() }),
  z.object({ type: z.literal('stop') }),
])
export type ToHost = z.infer<typeof toHostSchema>

export const roleStateSchema = z.enum(['loading', 'ready', 'failed'])
export const fromHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening') }),
  z.object({ type: z.literal('refused'), error: hostErrorSchema }),
  z.object({
    type: z.literal('model'),
    role: modelRoleSchema,
    ordinal: z.number().int(),
    state: roleStateSchema,
    error: hostErrorSchema.optional(),
  }),
  z.object({ type: z.literal('log'), level: z.enum(['debug', 'info', 'warn', 'error']), message: z.string() }),
])
export type FromHost = z.infer<typeof fromHostSchema>

/** Questions go before ingestion; the default is that of the careful caller. */
const prioritySchema = z.enum(['question', 'ingestion']).default('question')

/** More texts than this in one request are refused; callers cut their batches well below. */
const maxInputs = 2_048

export const embeddingsRequestSchema = z.object({
  model: z.string().optional(),
  input: z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1).max(maxInputs)]),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  /** Ours: the host adds the model's prompt of this kind; without it the text is embedded as it is. */
  input_type: z.enum(['query', 'passage']).optional(),
  /** Ours: one title for each input, written where the passage prompt wants it. */
  titles: z.array(z.string()).optional(),
  priority: prioritySchema,
})
export type EmbeddingsRequest = z.infer<typeof embeddingsRequestSchema>

const usageSchema = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number().optional(),
  total_tokens: z.number(),
})

export const embeddingsResponseSchema = z.object({
  data: z.array(z.object({ index: z.number().int(), embedding: z.union([z.array(z.number()), z.string()]) })),
  model: z.string().optional(),
  usage: usageSchema.optional(),
})
export type EmbeddingsResponse = z.infer<typeof embeddingsResponseSchema>

export const chatRequestSchema = z.object({
  model: z.string().optional(),
  /** Ours: which of the host's generation models. @default the newest */
  ordinal: z.number().int().optional(),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })).min(1),
  max_tokens: z.number().int().positive().optional(),
  max_completion_tokens: z.number().int().positive().optional(),
  /** 0 is greedy. */
  temperature: z.number().min(0).max(2).default(0),
  seed: z.number().int().nonnegative().optional(),
  /** Of the first token only. */
  logprobs: z.boolean().default(false),
  top_logprobs: z.number().int().min(0).max(20).default(0),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().optional() }).optional(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ name: z.string(), schema: z.record(z.string(), z.unknown()) }),
      }),
    ])
    .optional(),
})
export type ChatRequest = z.infer<typeof chatRequestSchema>

const logprobSchema = z.object({ token: z.string(), logprob: z.number() })
export type Logprob = z.infer<typeof logprobSchema>

export const chatChunkSchema = z.object({
  choices: z.array(
    z.object({
      logprobs: z
        .object({ content: z.array(logprobSchema.extend({ top_logprobs: z.array(logprobSchema) })).nullish() })
        .nullish(),
      delta: z.object({ content: z.string().nullish() }).optional(),
      finish_reason: z.string().nullish(),
    }),
  ),
})

export const rerankRequestSchema = z.object({
  model: z.string().optional(),
  query: z.string(),
  documents: z.array(z.string()).min(1).max(maxInputs),
})
export const rerankResponseSchema = z.object({
  results: z.array(z.object({ index: z.number().int(), relevance_score: z.number() })),
})

export const tokenizeRequestSchema = z
  .object({
    content: z.string().optional(),
    contents: z.array(z.string()).optional(),
    role: modelRoleSchema.optional(),
    ordinal: z.number().int().optional(),
    /** With `contents`: send the tokens too, not only their counts. */
    tokens: z.boolean().default(false),
  })
  .refine((body) => (body.content === undefined) !== (body.contents === undefined), {
    error: 'Exactly one of content and contents is wanted',
  })
/** `tokens` is what llama.cpp's server answers, `count` what vLLM's does, `counts` what ours does for `contents`. */
export const tokenizeResponseSchema = z.object({
  count: z.number().int().optional(),
  tokens: z.array(z.unknown()).optional(),
  counts: z.array(z.number().int()).optional(),
})

/** What a model says about itself once it is loaded. */
export const modelInfoSchema = z.object({
  /** Longest input of an embedding or reranking model, prompt included, without special tokens. */
  maxTokens: z.number().optional(),
  fingerprint: z.string().optional(),
  dimensions: z.number().optional(),
  /** Prompt and output together, of one request. */
  contextTokens: z.number().optional(),
  /** How many requests are worked on at once. */
  parallel: z.number().optional(),
  parameters: z.number().optional(),
  /** Of the model file. */
  sha256: z.string().optional(),
  adapter: z.object({ name: z.string(), sha256: z.string(), scale: z.number() }).optional(),
  promptTokensPerSecond: z.number().optional(),
  outputTokensPerSecond: z.number().optional(),
  /** Contexts alone, without the weights. */
  contextBytes: z.number().optional(),
  modelBytes: z.number().optional(),
})
export type ModelInfo = z.infer<typeof modelInfoSchema>

export const hostedStateSchema = z.object({
  name: z.string(),
  role: modelRoleSchema,
  ordinal: z.number().int(),
  state: roleStateSchema,
  error: hostErrorSchema.optional(),
  info: modelInfoSchema.optional(),
})
export type HostedState = z.infer<typeof hostedStateSchema>

export const hostHealthSchema = z.object({
  /** `degraded`: at least one model failed to load. */
  status: z.enum(['ok', 'loading', 'degraded']),
  pid: z.number(),
  gpu: z.string(),
  threads: z.number(),
  memory: z.object({ residentBytes: z.number(), gpuUsedBytes: z.number(), gpuTotalBytes: z.number() }),
  models: z.array(hostedStateSchema),
})
export type HostHealth = z.infer<typeof hostHealthSchema>

export const errorBodySchema = z.object({
  error: z.object({
    message: z.string(),
    type: z.string().nullish(),
    code: z.union([z.string(), z.number()]).nullish(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
})
