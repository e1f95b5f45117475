/** File names in the header Content-Disposition. */
import { describe, expect, it } from 'vitest'
import { contentDisposition } from '../../src/http/content-disposition.ts'

const decodedName = (header: string): string => decodeURIComponent(header.split("filename*=UTF-8''")[1] ?? '')

describe('contentDisposition', () => {
  it.each(['manual.pdf', '取扱説明書 (改訂).pdf', 'a"b\\c;d.pdf', "it's 100%.pdf", '🦾.docx', 'x\r\nset-cookie: a=b'])(
    'carries %j whole and in ASCII only',
    (name) => {
      const header = contentDisposition('inline', name)
      expect(header).toMatch(/^[\x20-\x7e]+$/)
      expect(decodedName(header)).toBe(name)
    },
  )

  it('keeps quotes and backslashes out of the plain name', () => {
    expect(contentDisposition('attachment', 'a"b\\c.pdf')).toMatch(/^attachment; filename="a_b_c\.pdf"; /)
  })

  it('takes names with a lone surrogate', () => {
    expect(decodedName(contentDisposition('inline', 'a\ud800b'))).toBe('a_b')
  })
})
