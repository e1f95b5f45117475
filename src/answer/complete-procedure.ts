/**
 * Keeps procedures whole and in order, whatever the model has written: a statement that rests on step 4 is told after steps 1 to 3, and the steps behind the
 * last one follow it. What the model left out is told in the document's own words. Warnings that stand with cited steps or sentences are added likewise.
 * In: checked statements, one by one. Out: statements in the order in which they are to be told. Neighbours: steps.ts, safety-notes.ts.
 */
import type { Passage, Statement } from '../core/answer.ts'
import type { Segment } from '../core/document.ts'
import { citationOf } from './cite.ts'
import { safetyNotesFor } from './safety-notes.ts'
import { citedSegments, segmentText } from './segment-text.ts'
import { type Procedure, proceduresOf } from './steps.ts'

/** A longer run is a list of something else, or is read in the document. */
const maxSteps = 30

interface Place {
  readonly passage: Passage
  readonly segments: readonly Segment[]
}

export class ProcedureCompleter {
  readonly #passages: readonly Passage[]
  readonly #wantsSteps: boolean
  /** Of each procedure that was begun: how many of its steps are told. */
  readonly #told = new Map<Procedure, { readonly passage: Passage; count: number }>()
  readonly #procedures = new Map<Passage, Procedure[]>()
  readonly #noted = new Set<Segment>()

  /** @param wantsSteps whether the question asks for a procedure; warnings are added always */
  constructor(passages: readonly Passage[], wantsSteps: boolean) {
    this.#passages = passages
    this.#wantsSteps = wantsSteps
  }

  /** What is to be told now that the statement is checked: warnings, the steps before it, and itself, where it was not told yet. */
  add(statement: Statement): Statement[] {
    const places = this.#placesOf(statement)
    const steps = this.#wantsSteps ? places.flatMap((place) => this.#stepsAt(place)) : []
    const [first] = steps
    if (!first) return this.#withNotes(places, [statement])
    const { passage, procedure } = first
    const last = Math.max(...steps.filter((each) => each.procedure === procedure).map(({ index }) => index))
    const progress = this.#told.get(procedure) ?? { passage, count: 0 }
    this.#told.set(procedure, progress)
    const firstTold = Math.min(...steps.filter((each) => each.procedure === procedure).map(({ index }) => index))
    if (last < progress.count) return []
    const before = procedure.slice(progress.count, Math.max(progress.count, firstTold))
    // Told in part already: the rest of it in the document's words, so that nothing is told twice.
    const isOverlapping = firstTold < progress.count
    const own = isOverlapping
      ? procedure.slice(progress.count, last + 1).map((step) => verbatim(passage, step.segments, 'step'))
      : [{ ...statement, kind: 'step' as const }]
    progress.count = last + 1
    const all = procedure.slice(0, last + 1).flatMap(({ segments }) => segments)
    return [
      ...this.#notes({ passage, segments: all }),
      ...before.map((step) => verbatim(passage, step.segments, 'step')),
      ...own,
    ]
  }

  /**
   * Whether a statement rests on a step of another procedure: who asks how the gauge is flushed is not told how the boiler is lit, though the gauge is flushed on the way.
   * @param sought of `soughtProcedure`
   */
  isOfAnother(statement: Statement, sought: Segment | undefined): boolean {
    if (!this.#wantsSteps || sought === undefined) return false
    const steps = this.#placesOf(statement).flatMap((place) => this.#stepsAt(place))
    return steps.length > 0 && steps.every(({ procedure }) => procedure[0]?.segments[0] !== sought)
  }

  /** The steps behind the last one that was told. */
  *rest(): Generator<Statement> {
    for (const [procedure, progress] of this.#told) {
      const { passage } = progress
      const missing = procedure.slice(progress.count)
      progress.count = procedure.length
      yield* this.#notes({ passage, segments: missing.flatMap(({ segments }) => segments) })
      yield* missing.map((step) => verbatim(passage, step.segments, 'step'))
    }
  }

  #placesOf(statement: Statement): Place[] {
    return statement.citations.flatMap((citation) => {
      const passage = this.#passages.find(({ id }) => id === citation.passageId)
      return passage ? [{ passage, segments: citedSegments(passage, citation) }] : []
    })
  }

  #stepsAt({ passage, segments }: Place): { passage: Passage; procedure: Procedure; index: number }[] {
    const procedures = this.#procedures.get(passage) ?? proceduresOf(passage)
    this.#procedures.set(passage, procedures)
    return procedures
      .filter(({ length }) => length <= maxSteps)
      .flatMap((procedure) =>
        procedure.flatMap((step, index) =>
          segments.some((segment) => step.segments.includes(segment)) ? [{ passage, procedure, index }] : [],
        ),
      )
  }

  /** A warning comes before what it warns of. */
  #withNotes(places: readonly Place[], statements: readonly Statement[]): Statement[] {
    return [...places.flatMap((place) => this.#notes(place)), ...statements]
  }

  #notes({ passage, segments }: Place): Statement[] {
    return safetyNotesFor(passage, segments)
      .filter((note) => note.every((each) => !this.#noted.has(each) && !segments.includes(each)))
      .map((note) => {
        for (const each of note) this.#noted.add(each)
        return verbatim(passage, note, 'safety')
      })
  }
}

const verbatim = (passage: Passage, segments: readonly Segment[], kind: 'step' | 'safety'): Statement => ({
  text: segments
    .map((segment) => segmentText(passage, segment).replace(/\s+/g, ' ').trim())
    .join(passage.language === 'en' ? ' ' : ''),
  kind,
  citations: segments.map((segment) => citationOf(passage, segment)),
})
