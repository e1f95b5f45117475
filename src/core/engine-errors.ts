/** Codes of models and their engines. Joined with the others in errors.ts. */
import type { ErrorCodeEntry } from './error-entry.ts'

export const engineErrors = {
  input_too_long: {
    kind: 'input',
    status: 400,
    title: 'The input is longer than the model can read',
    remedy: 'Split it below the limit that is named.',
  },
  model_unknown: {
    kind: 'operator',
    status: 404,
    title: 'Unknown model',
    remedy: 'See `kura models` for the names, or give the path of a GGUF file.',
  },
  model_missing: {
    kind: 'operator',
    status: 503,
    title: 'The model file is not on this machine',
    remedy: 'Run `kura models pull NAME`, or copy the file into the models folder.',
  },
  model_invalid: {
    kind: 'operator',
    status: 503,
    title: 'The model file is not what it should be',
    remedy: 'Pull it again.',
  },
  model_download_failed: {
    kind: 'operator',
    status: 503,
    title: 'No source of the model could be reached',
    remedy: 'Check the network, or copy the GGUF file into the models folder.',
  },
  model_unavailable: {
    kind: 'transient',
    status: 503,
    title: 'The model engine is not up',
    remedy: 'Wait a few seconds and try again; see /readyz.',
  },
  model_busy: {
    kind: 'transient',
    status: 503,
    title: 'Too many requests wait for the model',
    remedy: 'Try again in a few seconds.',
  },
  model_switching: {
    kind: 'transient',
    status: 503,
    title: 'Another generation model is being loaded',
    remedy: 'Ask again in a minute; see `kura models` for how far it is.',
  },
  model_failed: {
    kind: 'transient',
    status: 503,
    title: 'The model engine failed',
    remedy: 'Try again; if it stays, see `kura doctor`.',
  },
  embedding_mismatch: {
    kind: 'operator',
    status: 503,
    title: 'The index was made with another embedding model',
    remedy: 'See `kura models`: the index of the chosen model is being built, or choose the former model again.',
  },
  model_too_large: {
    kind: 'operator',
    status: 503,
    title: 'The model does not fit into the memory of this machine',
    remedy: 'Choose a smaller model with `kura models use`, or free memory.',
  },
  reranking_skipped: {
    kind: 'transient',
    status: 503,
    title: 'The reranking model failed or was too slow, and was left out',
    remedy: 'The passages are in the order of the search. See `kura models`; without a GPU choose no reranking model.',
  },
} as const satisfies Record<string, ErrorCodeEntry>
