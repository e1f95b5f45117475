/**
 * Times that callers of the API give: what is taken, and the end of the day that a date alone means. Neighbours: `core/moment.ts` (its beginning);
 * asOf of questions, effectiveFrom of revisions.
 */
import { z } from '@hono/zod-openapi'
import { bounded, isDateAlone, startOfMoment } from '../core/moment.ts'

/** An ISO 8601 date, or a time with or without its zone. */
export const momentSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })], {
  error: 'must be an ISO 8601 date or time',
})

/** A date alone means the whole day: its end, or now where it is today. */
export const endOfMoment = (text: string, now: Date = new Date()): Date => {
  const start = startOfMoment(text)
  if (!isDateAlone(text)) return start
  const next = new Date(start)
  next.setDate(next.getDate() + 1)
  return start <= now && now < next ? now : bounded(new Date(next.getTime() - 1))
}

/** The field `asOf` of a question. */
export const asOfSchema = momentSchema
  .optional()
  .describe(
    'Asks the revisions that were (or will be) in force at this time: ISO 8601 date or time. A date alone means the end of that day where ' +
      'Kura runs, or now where it is today. Left out: what is in force now.',
  )
