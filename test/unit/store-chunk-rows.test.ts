import { describe, expect, it } from 'vitest'
import { KuraError } from '../../src/core/errors.ts'
import { checkVector, inFilter, tableNameOf } from '../../src/store/chunk-table.ts'

const codeOf = (vector: Float32Array): string => {
  try {
    checkVector(vector, 3)
    return 'accepted'
  } catch (error) {
    return error instanceof KuraError ? error.code : 'foreign error'
  }
}

describe('what goes into the index', () => {
  it('is a vector of the model length with finite numbers and a direction', () => {
    expect(codeOf(Float32Array.of(0, 1, 0))).toBe('accepted')
    expect(codeOf(Float32Array.of(0, 1))).toBe('embedding_mismatch')
    expect(codeOf(Float32Array.of(0, 1, 0, 0))).toBe('embedding_mismatch')
    expect(codeOf(Float32Array.of(0, Number.NaN, 0))).toBe('internal')
    expect(codeOf(Float32Array.of(0, Number.POSITIVE_INFINITY, 0))).toBe('internal')
    expect(codeOf(new Float32Array(3))).toBe('internal')
  })
})

describe('filters', () => {
  it('can not be left by a quote in a value', () => {
    expect(inFilter('id', ["x') OR ('1'='1", 'b\\'])).toBe("id IN ('x'') OR (''1''=''1', 'b\\')")
  })
})

describe('the name of the table', () => {
  it('is the same for the same fingerprint only, and safe as a folder', () => {
    expect(tableNameOf('a')).toBe(tableNameOf('a'))
    expect(tableNameOf('a')).not.toBe(tableNameOf('b'))
    expect(tableNameOf('../../evil model/prompts')).toMatch(/^chunks_[0-9a-f]{12}$/)
  })
})
