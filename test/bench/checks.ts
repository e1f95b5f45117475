/**
 * Statement checks on people's texts: each sentence as it stands must be shown, and with one number, code or denial changed must be dropped. Prints shares by
 * set, language and kind: `node --import tsx test/bench/checks.ts [SETS_FOLDER] [SENTENCES]`. No model: sentences are checked in their own language.
 */
import path from 'node:path'
import { checkStatement } from '../../src/answer/check-statement.ts'
import { detectLanguage } from '../../src/core/detect-language.ts'
import { drawSample, readQuestionSet } from '../../src/eval/question-set.ts'
import { alterWords } from '../unit/alter-draft.ts'
import { passageOf, TermEmbedder } from '../unit/fakes.ts'

const seed = 20_261_122
const sets = ['xquad-en', 'xquad-zh', 'jsquad', 'mtrag']
const sentenceEnd = /(?<=[。！？])|(?<=[.!?])\s+(?=[A-Z"“])/u

const [folder = '../shared/eval', limit = '150'] = process.argv.slice(2)
const embedder = new TermEmbedder()
const lines: string[] = []
for (const set of sets) {
  const { corpus } = await readQuestionSet(path.join(folder, set))
  const counts = new Map<string, { shown: number; dropped: number }>()
  let elapsed = 0
  let checks = 0
  for (const { title, text } of drawSample(corpus, Number(limit), seed)) {
    const sentences = text
      .split(sentenceEnd)
      .map((each) => each.trim())
      .filter((each) => each.length > 8)
    const [first] = sentences
    if (first === undefined) continue
    const language = detectLanguage(text)
    const passages = [passageOf(title, sentences, { language })]
    const told = sentences[Math.min(1, sentences.length - 1)] ?? first
    const said = new Set(sentences)
    for (const { text: draft, kind } of [
      { text: told, kind: 'verbatim' },
      ...alterWords(told).filter((each) => !said.has(each.text)),
    ]) {
      const startedAt = performance.now()
      const { supported } = await checkStatement(draft, passages, { embedder })
      elapsed += performance.now() - startedAt
      checks += 1
      const count = counts.get(kind) ?? { shown: 0, dropped: 0 }
      count[supported ? 'shown' : 'dropped'] += 1
      counts.set(kind, count)
    }
  }
  const kinds = [...counts].map(([kind, { shown, dropped }]) => `${kind} ${shown} of ${shown + dropped} shown`)
  lines.push(`${set}: ${kinds.join(', ')}; ${(elapsed / Math.max(1, checks)).toFixed(1)} ms a check`)
}
process.stdout.write(`${lines.join('\n')}\n`)
