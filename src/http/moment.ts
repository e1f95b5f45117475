/**
 * Times that callers give: an ISO 8601 date or time. In: the text. Out: the moment that is meant, in the time zone of this machine where the
 * text names none. Neighbours: asOf of questions, effectiveFrom of revisions.
 */
import { z } from '@hono/zod-openapi'

/** Times are compared as texts of one length: later ones would count as the distant past. */
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

const isDateAlone = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)

const bounded = (time: Date): Date => new Date(Math.min(time.getTime(), latest))

/** An ISO 8601 date, or a time with or without its zone. */
export const momentSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })], {
  error: 'must be an ISO 8601 date or time',
})

/** A date alone begins at midnight here, not in Greenwich. */
export const startOfMoment = (text: string): Date => bounded(new Date(isDateAlone(text) ? `${text}T00:00:00` : text))

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
