/**
 * Moments as people give them: an ISO 8601 date or time. What a date alone means is decided here: the appliance stands somewhere, and its days are
 * meant. Used by the API (asOf, effectiveFrom) and the intake.
 */

/** Times are compared as texts of one length: later ones would count as the distant past. */
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

export const isDateAlone = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)

/** Not after the year 9999. */
export const bounded = (time: Date): Date => new Date(Math.min(time.getTime(), latest))

/** A date alone begins at midnight here, not in Greenwich. @returns an invalid date for what is neither */
export const startOfMoment = (text: string): Date => bounded(new Date(isDateAlone(text) ? `${text}T00:00:00` : text))
