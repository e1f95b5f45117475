import { describe, expect, it } from 'vitest'
import { isIgnoredPath } from '../../src/watch/ignored-names.ts'

describe('names that are nobody’s documents', () => {
  it.each([
    '.hidden',
    'a/.git/b.txt',
    '~$press.docx',
    'a/b.TMP',
    'film.part',
    'setup.crdownload',
    'Thumbs.db',
    '.DS_Store',
    'Desktop.ini',
    '$RECYCLE.BIN/S-1-5/press.pdf',
    '#recycle/press.pdf',
    'back\\slash\\.x',
  ])('%s is ignored', (path) => expect(isIgnoredPath(path)).toBe(true))

  it.each(['', 'press.pdf', 'a/b/c.txt', 'part.txt', 'template.docx', '~press.docx', '設備/保養.pdf', 'tmp/press.pdf'])(
    '"%s" is not',
    (path) => expect(isIgnoredPath(path)).toBe(false),
  )
})
