/** Shapes of gaps and verified answers on the wire, described for /openapi.json, and the functions that make them from the store's records. */
import { z } from '@hono/zod-openapi'
import type { CitedPlace, GapDetail, GapExample, GapRecord, VerifiedAnswerRecord } from '../store/gap-records.ts'
import { gapReasons, gapStates } from '../store/gap-records.ts'
import { documentStatuses } from '../store/records.ts'
import { languageSchema, passageSchema, presentPassage } from './answer-schemas.ts'

const gapStateSchema = z
  .enum(gapStates)
  .describe(
    '`answered`: by a verified answer; `expired`: what that cites is not in force any more; `document_missing`: a document is to be had first.',
  )

const gapShape = {
  id: z.string().describe('Id of the gap.'),
  collectionId: z.string().describe('Collection that was asked.'),
  question: z.string().describe('The question as it was first asked; like ones are grouped with it.'),
  language: languageSchema,
  state: gapStateSchema,
  note: z.string().nullable().describe('Which document is missing, or why it was dismissed.'),
  asked: z.number().int().describe('How often it was asked without an answer that helped, in whatever words.'),
  votedDown: z.number().int().describe('Of these, answers that were voted down.'),
  lastAskedAt: z.string().describe('When it was last asked, ISO 8601 UTC.'),
  createdAt: z.string().describe('When it was first asked, ISO 8601 UTC.'),
  answerDocumentId: z.string().nullable().describe('The document that its verified answer is; null where it has none.'),
}

const gapSchema = z.object(gapShape).openapi('Gap')

const citedPlaceSchema = z
  .object({
    documentId: z.string().describe('Id of the cited document.'),
    documentName: z.string().describe('Its name.'),
    revisionId: z.string().describe('The revision that is cited.'),
    revision: z.string().describe('Its label.'),
    passageId: z.string().describe('Id of the passage that holds the quote.'),
    page: z.number().int().describe('Page that the quote stands on, from 1.'),
    quote: z.string().describe('Text of the page, verbatim.'),
    inForce: z.boolean().describe('Whether this revision is in force now; the answer holds while all are.'),
  })
  .openapi('CitedPlace')

const verifiedAnswerSchema = z
  .object({
    documentId: z.string().describe('The document that it is.'),
    revisionId: z.string().describe('Its newest revision.'),
    text: z.string().describe('The answer; each line becomes a statement.'),
    language: languageSchema,
    questions: z.array(z.string()).describe('The wordings that it was given for.'),
    by: z.string().describe('Name of who answers for it.'),
    at: z.string().describe('When it was given, ISO 8601 UTC.'),
    signed: z.boolean().describe('Somebody has signed it: it may have no citation.'),
    citations: z.array(citedPlaceSchema).describe('What it stands on.'),
    status: z.enum(documentStatuses).describe('How far its document is; it is found when that is `ready`.'),
    inForce: z.boolean().describe('Whether it may answer now.'),
  })
  .openapi('VerifiedAnswer')

export const gapDetailSchema = z
  .object({
    ...gapShape,
    examples: z
      .array(
        z.object({
          answerId: z.string().describe('The answer that did not help.'),
          question: z.string().describe('The question, as it was searched for.'),
          language: languageSchema,
          reason: z.enum(gapReasons).describe('Whether nothing was found, or the answer was voted down.'),
          comment: z.string().nullable().describe('What the reader said of the answer.'),
          correction: z.string().nullable().describe('What the reader says that the right answer is.'),
          askedAt: z.string().describe('When, ISO 8601 UTC.'),
        }),
      )
      .describe('The wordings, newest first; those with a comment or correction are all there.'),
    nearest: z.array(passageSchema).describe('What was found when it was last asked, as far as it may answer now.'),
    answer: verifiedAnswerSchema.nullable().describe('Its verified answer, also one that has expired.'),
  })
  .openapi('GapDetail')

export const gapListSchema = z
  .object({
    gaps: z.array(gapSchema).describe('The gaps, those asked most often first.'),
    counts: z
      .object(
        Object.fromEntries(gapStates.map((state) => [state, z.number().int().describe('In this state.')])) as Record<
          (typeof gapStates)[number],
          z.ZodNumber
        >,
      )
      .describe('How many there are in each state, whatever state was asked for.'),
    nextCursor: z.string().optional().describe('Send it as `cursor` for more; missing on the last page.'),
  })
  .openapi('GapList')

export const gapAnsweredSchema = z
  .object({
    gap: gapDetailSchema,
    jobId: z.string().nullable().describe('The job that makes the answer searchable.'),
  })
  .openapi('GapAnswered')

export const presentGap = (r: GapRecord): z.infer<typeof gapSchema> => ({
  id: r.id,
  collectionId: r.collectionId,
  question: r.question,
  language: r.language,
  state: r.state,
  note: r.note,
  asked: r.asked,
  votedDown: r.votedDown,
  lastAskedAt: r.lastAskedAt,
  createdAt: r.createdAt,
  answerDocumentId: r.answerDocumentId,
})

const presentExample = (e: GapExample) => ({
  answerId: e.answerId,
  question: e.question,
  language: e.language,
  reason: e.reason,
  comment: e.comment,
  correction: e.correction,
  askedAt: e.askedAt,
})

const presentPlace = (c: CitedPlace): z.infer<typeof citedPlaceSchema> => ({
  documentId: c.documentId,
  documentName: c.documentName,
  revisionId: c.revisionId,
  revision: c.revision,
  passageId: c.passageId,
  page: c.page,
  quote: c.quote,
  inForce: c.inForce,
})

const presentVerifiedAnswer = (a: VerifiedAnswerRecord): z.infer<typeof verifiedAnswerSchema> => ({
  documentId: a.documentId,
  revisionId: a.revisionId,
  text: a.text,
  language: a.language,
  questions: [...a.questions],
  by: a.by,
  at: a.at,
  signed: a.signed,
  citations: a.citations.map(presentPlace),
  status: a.status,
  inForce: a.inForce,
})

export const presentGapDetail = (r: GapDetail): z.infer<typeof gapDetailSchema> => ({
  ...presentGap(r),
  examples: r.examples.map(presentExample),
  nearest: r.nearest.map(presentPassage),
  answer: r.answer && presentVerifiedAnswer(r.answer),
})
