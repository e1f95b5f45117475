/**
 * Reads the header `Range: bytes=…` (RFC 9110, 14.2) against the size of what is served.
 */
import { KuraError } from '../core/errors.ts'

/** Offsets of the first and the last byte, both included. */
interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * The one range that is asked for; undefined where the whole is to be sent: no header, another unit, a list of ranges, or a
 * header that makes no sense (all of which a server may ignore).
 * @throws range_not_satisfiable where nothing of the range exists
 */
export const parseByteRange = (header: string | undefined, bytes: number): ByteRange | undefined => {
  const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '')
  if (!match) return undefined
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return undefined
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from)
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1)
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  if (first >= bytes || (from === '' && Number(to) === 0)) {
    throw new KuraError('range_not_satisfiable', `The file has ${bytes} bytes; the range begins behind them.`, {
      details: { bytes },
    })
  }
  return { first, last }
}
