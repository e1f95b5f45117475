/**
 * The text that the model reads: the best quotes with their neighbours, or whole passages, as much as the engine can read in time.
 * In: quotes, best first. Out: numbered source blocks, best first, one for each passage.
 */
import type { Passage } from '../core/answer.ts'
import type { GenerationModelInfo } from '../core/models.ts'
import { isPlantedInstruction } from './planted-instructions.ts'
import { headerBefore, segmentText } from './segment-text.ts'
import type { SelectedQuote } from './select-quotes.ts'

export interface DraftSource {
  readonly passage: Passage
  /** What the model reads of it, locator included. */
  readonly text: string
}

/** Wished time from the question to the first statement: of an engine of the class of a GPU, and of a processor alone. */
const firstStatementSeconds = { fast: 3, slow: 8 }
/** Prompt tokens per second that only a GPU reads. */
const fastFrom = 500
/** What of that time is not for reading the sources: search and quotes, and the writing of the first sentence. */
const quotesSeconds = { fast: 0.3, slow: 1 }
const sentenceTokens = 25
/** Instructions and question. */
const otherPromptTokens = 150
/** An engine that tells no speed is taken as fast. */
const tokenLimits = { min: 200, max: 2400, unknownSpeed: 1800 }

/**
 * An engine that can read so much also runs a model that is not led astray by what stands around the quotes. Measured with the 1.5B: the best
 * sentences alone give more right answers than whole passages.
 */
const wholePassagesFrom = 1500

const readableTokens = (reading: number, writing: number): number => {
  const engine = reading >= fastFrom ? 'fast' : 'slow'
  const seconds = firstStatementSeconds[engine] - quotesSeconds[engine] - sentenceTokens / writing
  return Math.round(seconds * reading - otherPromptTokens)
}

/** How many tokens of sources the engine can read in the wished time. */
export const sourceTokenBudget = (model: GenerationModelInfo): number => {
  const { promptTokensPerSecond: reading, outputTokensPerSecond: writing } = model
  const wished = reading === undefined || !writing ? tokenLimits.unknownSpeed : readableTokens(reading, writing)
  const fitting = Math.floor(model.contextTokens / 2)
  return Math.min(fitting, Math.max(tokenLimits.min, Math.min(tokenLimits.max, wished)))
}

const locatorOf = (passage: Passage): string =>
  [passage.documentName, ...(passage.paginated ? [`page ${passage.pageStart}`] : []), passage.heading]
    .filter((part) => part !== '' && !isPlantedInstruction(part))
    .join(', ')

/** Whitespace of the page is no meaning to the model and costs tokens. */
const plain = (text: string): string => text.replace(/\s+/g, ' ').trim()

/**
 * Takes quotes in order, each with the sentence before and after it, or a row with its table's header, until the budget is spent; a large
 * budget is filled with the rest of the passages. The first quote is always taken.
 * @param countTokens counts of the given texts, in order
 */
export const draftSources = async (
  quotes: readonly SelectedQuote[],
  budget: number,
  countTokens: (texts: readonly string[]) => Promise<number[]>,
): Promise<DraftSource[]> => {
  const passages = [...new Map(quotes.map(({ passage }) => [passage.id, passage])).values()]
  const texts = passages.flatMap((passage) => passage.segments.map((segment) => plain(segmentText(passage, segment))))
  const counts = await countTokens(texts)
  const tokens = new Map<string, number>()
  let next = 0
  for (const passage of passages) {
    for (const index of passage.segments.keys()) tokens.set(`${passage.id}#${index}`, counts[next++] ?? 0)
  }

  const planted = new Set(
    passages.flatMap((passage) =>
      passage.segments.flatMap((segment, i) =>
        isPlantedInstruction(segmentText(passage, segment)) ? [`${passage.id}#${i}`] : [],
      ),
    ),
  )
  const chosen = new Set<string>()
  let spent = 0
  const take = (passage: Passage, index: number) => {
    const key = `${passage.id}#${index}`
    const cost = tokens.get(key)
    if (cost === undefined || planted.has(key) || chosen.has(key) || (spent > 0 && spent + cost > budget)) return
    chosen.add(key)
    spent += cost
  }
  for (const { passage, segment } of quotes) {
    const index = passage.segments.indexOf(segment)
    const header = headerBefore(passage, segment)
    take(passage, index)
    if (segment.kind === 'row') {
      // The rows beside it are about something else: with them a small model gives the remedy of the next alarm.
      if (header) take(passage, passage.segments.indexOf(header))
    } else {
      take(passage, index + 1)
      take(passage, index - 1)
    }
  }
  if (budget >= wholePassagesFrom) {
    for (const passage of passages) {
      for (const index of passage.segments.keys()) take(passage, index)
    }
  }

  return passages.flatMap((passage) => {
    const parts = passage.segments.flatMap((segment, i) =>
      chosen.has(`${passage.id}#${i}`) ? [plain(segmentText(passage, segment))] : [],
    )
    return parts.length === 0 ? [] : [{ passage, text: `(${plain(locatorOf(passage))}) ${parts.join('\n')}` }]
  })
}
