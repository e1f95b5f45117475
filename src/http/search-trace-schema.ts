/**
 * The shape of a search's trace on the wire, described for /openapi.json, and the function that makes it from the record of `core`.
 */
import { z } from '@hono/zod-openapi'
import type { LaneTraceHit, SearchTrace } from '../core/search-trace.ts'
import { languageSchema } from './answer-schemas.ts'

const passageId = z.string().describe('Id of the passage.')

const laneSchema = (what: string) =>
  z
    .array(
      z.object({
        passageId,
        documentId: z.string().describe('Id of the document.'),
        revisionId: z.string().describe("Id of the document's revision."),
        documentName: z.string().describe('Name that the document was uploaded under.'),
        page: z.number().int().describe('First page of the passage, from 1.'),
        rank: z.number().int().describe('Place in the lane, from 1.'),
        score: z.number().describe('Raw score.'),
      }),
    )
    .describe(what)

const movedSchema = (what: string) =>
  z.array(z.object({ passageId, into: z.string().describe('Id of the passage that it went into.') })).describe(what)

export const searchTraceSchema = z
  .object({
    ranking: z.string().describe('Id of the tuning that was applied; `built-in` where there is none.'),
    terms: z.array(z.string()).describe('Words and pairs of characters that were looked for; `~` begins a stem.'),
    identifiers: z.array(z.string()).describe('Part numbers and codes in the query that a passage holds.'),
    language: languageSchema,
    lanes: z
      .object({
        vector: laneSchema('By meaning; scores are cosines.'),
        text: laneSchema('By words; scores are BM25.'),
        heading: laneSchema("By words of the document's name and headings; scores are BM25."),
        identifier: laneSchema('By part numbers and codes; scores are BM25.'),
      })
      .describe('What each lane found, best first.'),
    coverage: z.number().describe('Share of the terms in the best hit by words, 0 to 1.'),
    weights: z
      .object({
        vector: z.number().describe('By meaning.'),
        text: z.number().describe('By words.'),
        heading: z.number().describe('By name and headings.'),
        identifier: z.number().describe('By part numbers and codes.'),
      })
      .describe('What each lane counted for this query.'),
    ranked: z
      .array(
        z.object({
          passageId,
          fused: z.number().describe('What it is ordered by.'),
          vector: z.number().optional().describe('Its cosine.'),
          languageBonus: z.number().describe('Added to the cosine before languages are compared.'),
          text: z.number().optional().describe('BM25 by words.'),
          heading: z.number().optional().describe('BM25 by name and headings.'),
          identifier: z.number().optional().describe('How well it holds the codes, 0 to 1.'),
        }),
      )
      .describe('All candidates, best first, before copies were folded and neighbours joined.'),
    reranked: z
      .array(z.object({ passageId, score: z.number().describe('0 to 1.') }))
      .describe('What the reranking model said, of those that it was shown.'),
    folded: movedSchema('Copies of a text that is shown once.'),
    joined: movedSchema('Passages that run on in another one.'),
    hiddenHits: z
      .number()
      .int()
      .describe('Hits that were left out: deleted, not in force at that time, or not readable.'),
  })
  .openapi('SearchTrace')

const presentHit = ({ passageId, documentId, revisionId, documentName, page, rank, score }: LaneTraceHit) => ({
  passageId,
  documentId,
  revisionId,
  documentName,
  page,
  rank,
  score,
})

export const presentTrace = (trace: SearchTrace): z.infer<typeof searchTraceSchema> => {
  const { vector, text, heading, identifier } = trace.lanes
  return {
    ranking: trace.ranking ?? 'built-in',
    terms: [...trace.terms],
    identifiers: [...trace.identifiers],
    language: trace.language,
    lanes: {
      vector: vector.map(presentHit),
      text: text.map(presentHit),
      heading: heading.map(presentHit),
      identifier: identifier.map(presentHit),
    },
    coverage: trace.coverage,
    weights: { ...trace.weights },
    ranked: trace.ranked.map((each) => ({ ...each })),
    reranked: trace.reranked.map((each) => ({ ...each })),
    folded: trace.folded.map((each) => ({ ...each })),
    joined: trace.joined.map((each) => ({ ...each })),
    hiddenHits: trace.hiddenHits,
  }
}
