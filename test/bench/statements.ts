/**
 * True and false statements on passages of manuals (../data/statements): how many true ones are dropped, how many false ones shown, by set and kind.
 * Run: node --import tsx test/bench/statements.ts. No model: sentences are checked in their own language.
 */
import { judgeSet, statementSets } from '../data/statements/read-statements.ts'

for (const set of statementSets) {
  const judged = await judgeSet(set)
  const wrong = judged.filter(({ isTrue, isShown }) => isTrue !== isShown)
  const count = (isTrue: boolean): string =>
    `${wrong.filter((each) => each.isTrue === isTrue).length} of ${judged.filter((each) => each.isTrue === isTrue).length}`
  process.stdout.write(`set ${set}: ${count(true)} true statements dropped, ${count(false)} false ones shown\n`)
  for (const { text, kind, isTrue } of wrong)
    process.stdout.write(`  ${isTrue ? 'dropped' : 'shown'} (${kind}): ${text}\n`)
}
