import { describe, expect, it } from 'vitest'
import { readModels } from '../../src/page/api/system.ts'
import { sends } from '../../src/page/ask/question-box.tsx'
import { createFormatters } from '../../src/page/shell/use-formatters.ts'
import { parseRoute } from '../../src/page/shell/use-route.ts'

const enter = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 }

describe('the question box', () => {
  it('sends by Enter, not by Shift + Enter', () => {
    expect(sends(enter)).toBe(true)
    expect(sends({ ...enter, shiftKey: true })).toBe(false)
  })

  it('does not send by the Enter that ends a composition', () => {
    expect(sends({ ...enter, isComposing: true })).toBe(false)
    expect(sends({ ...enter, keyCode: 229 })).toBe(false)
  })
})

describe('parseRoute', () => {
  it('reads the views, and keeps unknown addresses apart', () => {
    expect(parseRoute('')).toEqual({ view: 'ask' })
    expect(parseRoute('#/')).toEqual({ view: 'ask' })
    expect(parseRoute('#/documents')).toEqual({ view: 'documents' })
    expect(parseRoute('#/documents/doc_1%20a')).toEqual({ view: 'document', id: 'doc_1 a' })
    expect(parseRoute('#/documents/%')).toEqual({ view: 'document', id: '%' })
    expect(parseRoute('#/jobs')).toEqual({ view: 'jobs' })
    expect(parseRoute('#/nowhere')).toEqual({ view: 'unknown' })
  })
})

describe('createFormatters', () => {
  it('writes sizes and times in the way of the language', () => {
    const english = createFormatters('en')
    expect([english.bytes(950), english.bytes(5_210), english.bytes(18_400_000)]).toEqual(['1 kB', '5.2 kB', '18.4 MB'])
    expect(english.time('never')).toBe('')
    expect(createFormatters('ja').time('2026-03-04T09:30:00Z')).toContain('2026/03/04')
  })
})

describe('readModels', () => {
  it('gives the chosen models in the order of their use, whatever the server leaves out', () => {
    const body = {
      chosen: [
        { role: 'generation', name: null, state: 'off' },
        { role: 'embedding', name: 'e5' },
      ],
    }
    expect(readModels(body).map(({ role, name }) => [role, name])).toEqual([
      ['embedding', 'e5'],
      ['generation', ''],
    ])
    expect(readModels({})).toEqual([])
  })
})
