/** The header Range. */
import { describe, expect, it } from 'vitest'
import { parseByteRange } from '../../src/http/byte-range.ts'

describe('parseByteRange', () => {
  it('reads a closed range, an open one and the last bytes', () => {
    expect(parseByteRange('bytes=0-99', 1000)).toEqual({ first: 0, last: 99 })
    expect(parseByteRange('bytes=900-', 1000)).toEqual({ first: 900, last: 999 })
    expect(parseByteRange('bytes=-10', 1000)).toEqual({ first: 990, last: 999 })
  })

  it('cuts a range at the end of the file', () => {
    expect(parseByteRange('bytes=990-5000', 1000)).toEqual({ first: 990, last: 999 })
    expect(parseByteRange('bytes=-5000', 1000)).toEqual({ first: 0, last: 999 })
  })

  it.each([undefined, '', 'lines=1-2', 'bytes=', 'bytes=-', 'bytes=5-2', 'bytes=a-b', 'bytes=0-1,5-6'])(
    'sends the whole file for %s',
    (header) => {
      expect(parseByteRange(header, 1000)).toBeUndefined()
    },
  )

  it.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])('refuses %s of 1000 bytes', (header) => {
    expect(() => parseByteRange(header, 1000)).toThrow(expect.objectContaining({ code: 'range_not_satisfiable' }))
  })

  it('refuses every range of an empty file', () => {
    expect(() => parseByteRange('bytes=0-', 0)).toThrow(expect.objectContaining({ code: 'range_not_satisfiable' }))
  })
})
