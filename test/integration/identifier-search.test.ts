/** Part numbers, alarm codes and standards: asked for in any spelling, the passage that holds the code comes first, not one with a code like it. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ChunkId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { defaultRankingParameters } from '../../src/retrieval/ranking-parameters.ts'
import { Retriever } from '../../src/retrieval/retriever.ts'
import { ChunkIndex } from '../../src/store/chunk-index.ts'
import { TermEmbedder } from '../unit/fakes.ts'
import { makeChunk, publication, sha256Of } from './store-documents.ts'
import { closeAfterTest, makeFolder, openLedger } from './store-fixtures.ts'

/** A linear congruential generator (constants of Numerical Recipes): the same codes in each run. */
const randomNumbers = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const codeCount = 1000
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ'

const openSearch = async (texts: readonly string[]) => {
  const { ledger, collectionId } = await openLedger()
  const embedder = new TermEmbedder()
  const { fingerprint, dimensions } = await embedder.info()
  const index = closeAfterTest(await ChunkIndex.open(join(await makeFolder(), 'index'), { fingerprint, dimensions }))
  const values = { collectionId, name: 'parts list.pdf', sha256: sha256Of('parts'), bytes: 1 }
  const { revisionId } = await ledger.documents.create(admin, values)
  const vectors = await embedder.embedPassages(texts.map((text) => ({ title: '', text })))
  const rows = texts.map((text, ordinal) => ({
    chunk: makeChunk(text, { revision: revisionId, collection: collectionId, ordinal, documentName: values.name }),
    vector: vectors[ordinal] as Float32Array,
  }))
  await index.replaceRevision(revisionId, rows)
  await index.optimize()
  await ledger.documents.publish(revisionId, { ...publication, chunks: rows.length })
  const retriever = new Retriever({
    ledger,
    index: async () => index,
    embedder,
    parameters: () => defaultRankingParameters,
  })
  const ids: readonly ChunkId[] = rows.map(({ chunk }) => chunk.id)
  const search = async (query: string) =>
    (await retriever.search(admin, { query, collectionIds: [collectionId], limit: 5, explain: true })) ?? []
  return { ids, search }
}

const generateCodes = (): string[] => {
  const random = randomNumbers(7)
  const letter = (count: number) => Array.from({ length: count }, () => letters[random(letters.length)]).join('')
  const digits = (count: number) => Array.from({ length: count }, () => random(10)).join('')
  const shapes = [
    () => `${letter(3)}-${digits(4)}`,
    () => `${letter(1)}${digits(3)}`,
    () => `${letter(2)}${digits(2)}-${digits(3)}-${letter(1)}`,
    () => `${digits(4)}-${digits(2)}${letter(2)}`,
    () => `${letter(2)}/${digits(3)}.${digits(2)}`,
    () => `${digits(3)}-${digits(5)}-${digits(2)}`,
    () => `${letter(4)} ${digits(4)}-${digits(1)}`,
    () => `${digits(1)}${letter(2)}${digits(1)} ${digits(3)}-${digits(1)}${letter(2)}${digits(2)}`,
  ]
  // Two neighbouring digits changed places: the slip of the eye that must not be followed.
  const neighbourOf = (code: string) => code.replace(/(\d)(?!\1)(\d)/, '$2$1')
  const codes = new Set<string>()
  const bare = new Set<string>()
  while (codes.size < codeCount) {
    const code = shapes[random(shapes.length)]?.() ?? ''
    for (const each of [code, neighbourOf(code)]) {
      const key = each.replace(/[^A-Z\d]/g, '')
      if (!bare.has(key)) codes.add(each)
      bare.add(key)
    }
  }
  return [...codes].slice(0, codeCount)
}

const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))

const variants: readonly ((code: string) => string)[] = [
  (code) => code,
  (code) => code.toLowerCase(),
  (code) => code.replace(/[-/. ]/g, ''),
  (code) => code.replace(/[-/.]/g, ' '),
  (code) => code.replace(/[ /]/g, '-'),
  fullWidth,
  (code) => code.replace(/-/g, '‐'),
  (code) => code.replace('0', 'O'),
  (code) => code.replace('1', 'l'),
]

const sentences: readonly ((code: string) => string)[] = [
  (code) => `The spare part ${code} is kept in the store of the press shop and is fitted by two people.`,
  (code) => `更換零件${code}之前，請先關閉電源，並由兩人一起安裝於沖床上。`,
  (code) => `部品${code}を交換する前に、電源を切り、二人で取り付けてください。`,
  (code) => `出现${code}时，请检查压力并通知维修人员。`,
]

const questions: readonly ((code: string) => string)[] = [
  (code) => `Where is ${code} kept?`,
  (code) => `${code}怎麼更換？`,
  (code) => `${code}の交換方法は？`,
  (code) => `what about ${code}`,
  (code) => code,
]

describe('codes in questions', () => {
  it('find the passage that holds them first, in any spelling, among a thousand with near neighbours', async () => {
    const codes = generateCodes()
    const { ids, search } = await openSearch(codes.map((code, i) => sentences[i % sentences.length]?.(code) ?? ''))
    const missed: string[] = []
    for (const [i, code] of codes.entries()) {
      const spelled = variants[i % variants.length]?.(code) ?? code
      const { passages } = await search(questions[(i * 7 + 3) % questions.length]?.(spelled) ?? '')
      if (passages[0]?.id !== ids[i]) missed.push(`${code} asked as ${spelled}`)
    }
    expect(missed.length, missed.slice(0, 20).join('; ')).toBeLessThanOrEqual(codeCount / 100)
  })

  it('prefer the exact spelling where a look-alike is another part', async () => {
    const { ids, search } = await openSearch([
      'Input I1 is grey.',
      'Phase L1 is brown.',
      'Part AL0-10.',
      'Part ALO-10.',
    ])
    for (const [i, code] of ['I1', 'L1', 'AL0-10', 'ALO-10'].entries())
      expect((await search(`What is ${code}?`)).passages[0]?.id).toBe(ids[i])
  })

  it('are not seen in ordinary words, quantities, dates and small numbers', async () => {
    const { search } = await openSearch([
      'In 2024, step 3 took 24 hours at 100 mm and 5 bar.',
      'Page 12 of the 20th-century manual, 10,000 pieces.',
    ])
    for (const question of [
      'How long did step 3 take in 2024?',
      'What is on page 12?',
      '100 mm or 5 bar, 24-hour, 10,000?',
    ]) {
      const { trace } = await search(question)
      expect([question, trace?.identifiers, trace?.lanes.identifier]).toEqual([question, [], []])
    }
  })
})
