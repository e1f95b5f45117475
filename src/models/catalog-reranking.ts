/**
 * Catalog entries of the reranking models: cross-encoders whose GGUF holds a ranking head, so they need no prompts from here.
 * Sizes and sha256 as in `catalog-embedding.ts`.
 */
import type { CatalogEntry } from './catalog.ts'

export const rerankingEntries: readonly CatalogEntry[] = [
  {
    name: 'bge-reranker-v2-m3',
    role: 'reranking',
    title: 'BGE reranker v2 M3',
    licence: 'Apache-2.0',
    file: 'bge-reranker-v2-m3-Q8_0.gguf',
    bytes: 635_676_416,
    sha256: 'a43c7c9b11a4c1517e5bf95151960e1621d1b72f7a493364b01e386cf1aaa1d3',
    contextTokens: 8192,
    parameters: 567_755_777,
    quantization: 'Q8_0',
    sources: [
      {
        kind: 'hf',
        uri: 'hf:gpustack/bge-reranker-v2-m3-GGUF/bge-reranker-v2-m3-Q8_0.gguf#3093af03b1a635e67b084b1d8c03c5f5e020fd05',
      },
    ],
  },
  {
    name: 'qwen3-reranker-0.6b',
    role: 'reranking',
    title: 'Qwen3 Reranker 0.6B',
    licence: 'Apache-2.0',
    file: 'qwen3-reranker-0.6b-q8_0.gguf',
    bytes: 639_153_184,
    sha256: '22c9979ce4fbcdc5acdc310c6641c32797eff1aa980b8f7a2db8a8ea23429a48',
    contextTokens: 32_768,
    parameters: 595_776_512,
    quantization: 'Q8_0',
    sources: [
      {
        kind: 'hf',
        uri: 'hf:ggml-org/Qwen3-Reranker-0.6B-Q8_0-GGUF/qwen3-reranker-0.6b-q8_0.gguf#a02f48bb4f057028298c21fa033da2b30d7742d5',
      },
    ],
  },
]
