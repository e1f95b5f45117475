/** Two answers to one question, side by side: which statements and passages stayed, went and came. */
import type { Passage, Statement } from '../core/answer.ts'
import type { StatementChanges } from '../core/replay.ts'
import { foldText } from '../core/search-terms.ts'

const keyOf = ({ text }: Statement): string => foldText(text).replace(/\s+/gu, ' ').trim()

export const compareStatements = (before: readonly Statement[], now: readonly Statement[]): StatementChanges => {
  const [former, current] = [new Set(before.map(keyOf)), new Set(now.map(keyOf))]
  return {
    kept: now.filter((statement) => former.has(keyOf(statement))),
    gone: before.filter((statement) => !current.has(keyOf(statement))),
    added: now.filter((statement) => !former.has(keyOf(statement))),
  }
}

/** By id: a passage of another revision is another passage. */
export const comparePassages = (before: readonly Passage[], now: readonly Passage[]) => {
  const [former, current] = [new Set(before.map(({ id }) => id)), new Set(now.map(({ id }) => id))]
  return {
    kept: now.filter(({ id }) => former.has(id)),
    gone: before.filter(({ id }) => !current.has(id)),
    added: now.filter(({ id }) => !former.has(id)),
  }
}

export const isSameStatements = ({ gone, added }: StatementChanges): boolean => gone.length + added.length === 0
