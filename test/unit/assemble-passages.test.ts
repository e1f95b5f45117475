import { describe, expect, it } from 'vitest'
import type { IndexedChunk, Segment } from '../../src/core/document.ts'
import type { ChunkId, CollectionId, DocumentId, RevisionId } from '../../src/core/ids.ts'
import { assemblePassages } from '../../src/retrieval/assemble-passages.ts'

const chunkOf = (
  name: string,
  ordinal: number,
  lines: readonly string[],
  options: { heading?: string; tokens?: number; header?: string } = {},
): IndexedChunk => {
  const segments: Segment[] = []
  let text = ''
  const add = (line: string, kind: Segment['kind'], pageStart: number) => {
    if (text !== '') text += '\n'
    segments.push({
      start: text.length,
      end: text.length + line.length,
      page: 1,
      pageStart,
      pageEnd: pageStart + line.length,
      kind,
    })
    text += line
  }
  if (options.header) add(options.header, 'header', 0)
  for (const [i, line] of lines.entries())
    add(line, options.header ? 'row' : 'sentence', 1000 * (ordinal + 1) + 100 * i)
  return {
    id: `rev_${name}.${ordinal}` as ChunkId,
    collectionId: 'col' as CollectionId,
    documentId: `doc_${name}` as DocumentId,
    revisionId: `rev_${name}` as RevisionId,
    documentName: name,
    ordinal,
    pageStart: 1,
    pageEnd: 1,
    headingPath: options.heading === undefined ? [] : [options.heading],
    text,
    segments,
    language: 'en',
    tokens: options.tokens ?? 100,
  }
}

const assemble = (chunks: readonly IndexedChunk[], limit = 10) =>
  assemblePassages(
    chunks.map(({ id }, i) => ({ features: { id, languageBonus: 0 }, fused: 1 - i / 100 })),
    new Map(chunks.map((chunk) => [chunk.id, chunk])),
    limit,
  )

describe('copies of a text', () => {
  it('are shown once, with the other places named', () => {
    const { passages, folded } = assemble([
      chunkOf('a', 0, ['Wear gloves.', 'Close the valve.']),
      chunkOf('b', 4, ['Wear  gloves.', 'CLOSE the valve.']),
      chunkOf('c', 0, ['Open the door.']),
    ])
    expect(passages.map(({ chunk }) => chunk.documentName)).toEqual(['a', 'c'])
    expect(passages[0]?.copies.map(({ documentName }) => documentName)).toEqual(['b'])
    expect(folded).toEqual([{ passageId: 'rev_b.4', into: 'rev_a.0' }])
  })

  it.each([
    ['Tighten to 12 Nm.', 'Tighten to 14 Nm.'],
    ['Heat to 5 °C.', 'Heat to -5 °C.'],
    ['The guard shall be open.', 'The guard shall not be open.'],
  ])('are not what differs in a value, a sign or a negation: %s', (one, other) => {
    expect(assemble([chunkOf('a', 0, [one]), chunkOf('b', 0, [other])]).passages).toHaveLength(2)
  })
})

describe('neighbours', () => {
  const steps = (from: number) => [`${from}. Loosen the bolt.`, `${from + 1}. Lift the cover.`]

  it('of one procedure become one passage in the order of the page, with exact places and the id of the best', () => {
    const second = chunkOf('a', 3, steps(3))
    const { passages, joined } = assemble([second, chunkOf('x', 0, ['Other.']), chunkOf('a', 2, steps(1))])
    const [first] = passages
    expect(first?.chunk.id).toBe(second.id)
    expect(first?.chunk.text).toBe([...steps(1), ...steps(3)].join('\n'))
    expect(first?.chunk.segments.map(({ start, end }) => first.chunk.text.slice(start, end))).toEqual([
      ...steps(1),
      ...steps(3),
    ])
    expect(first?.chunk.segments.map(({ pageStart }) => pageStart)).toEqual([3000, 3100, 4000, 4100])
    expect(joined).toEqual([{ passageId: 'rev_a.2', into: 'rev_a.3' }])
    expect(passages).toHaveLength(2)
  })

  it('of one table become one, with its header once', () => {
    const [first] = assemble([
      chunkOf('a', 0, ['E1 | Stop'], { header: 'Code | Action' }),
      chunkOf('a', 1, ['E2 | Wait'], { header: 'Code | Action' }),
    ]).passages
    expect(first?.chunk.text).toBe('Code | Action\nE1 | Stop\nE2 | Wait')
  })

  it('of one section become one, of two sections or documents do not', () => {
    const prose = (name: string, ordinal: number, heading: string) =>
      chunkOf(name, ordinal, [`Text ${ordinal} of ${heading}.`], { heading })
    expect(assemble([prose('a', 0, 'Oil'), prose('a', 1, 'Oil')]).passages).toHaveLength(1)
    expect(assemble([prose('a', 0, 'Oil'), prose('a', 1, 'Air')]).passages).toHaveLength(2)
    expect(assemble([prose('a', 0, 'Oil'), prose('b', 1, 'Oil')]).passages).toHaveLength(2)
    expect(assemble([prose('a', 0, 'Oil'), prose('a', 2, 'Oil')]).passages).toHaveLength(2)
  })

  it('stay apart where the passage would get too long', () => {
    const long = (ordinal: number) => chunkOf('a', ordinal, [`Text ${ordinal}.`], { heading: 'Oil', tokens: 350 })
    expect(assemble([long(0), long(1), long(2)]).passages).toHaveLength(2)
  })
})
