/**
 * The questions and answers of this page session as plain data: what arrived so far of each turn. Pure; the hook
 * `use-conversation.ts` feeds it. Invariant: only the last turn can be under way.
 */
import type { Quote, Statement } from '../../core/answer.ts'
import type { AskEvent, FoundAnswer, FoundPassage } from '../api/parse-answer.ts'
import type { Problem } from '../api/request.ts'

/** `searching`: nothing yet; `reading`: passages are there; `writing`: quotes or statements are there. */
export type TurnPhase = 'searching' | 'reading' | 'writing' | 'done' | 'stopped' | 'failed'

export interface Turn {
  readonly key: number
  readonly question: string
  /** The day whose revisions were asked, such as 2026-03-04; empty for today. */
  readonly asOf: string
  readonly phase: TurnPhase
  readonly passages: readonly FoundPassage[]
  readonly quotes: readonly Quote[]
  readonly statements: readonly Statement[]
  readonly answer: FoundAnswer | undefined
  readonly problem: Problem | undefined
}

export interface Conversation {
  readonly turns: readonly Turn[]
  /** Empty until the first answer has come. */
  readonly conversationId: string
}

export type ConversationAction =
  | { readonly type: 'asked'; readonly key: number; readonly question: string; readonly asOf: string }
  | { readonly type: 'received'; readonly key: number; readonly event: AskEvent }
  | { readonly type: 'stopped'; readonly key: number }
  | { readonly type: 'failed'; readonly key: number; readonly problem: Problem }
  | { readonly type: 'cleared' }

export const emptyConversation: Conversation = { turns: [], conversationId: '' }

export const isUnderWay = (turn: Turn | undefined): boolean =>
  turn !== undefined && (turn.phase === 'searching' || turn.phase === 'reading' || turn.phase === 'writing')

const withEvent = (turn: Turn, event: AskEvent): Turn => {
  switch (event.type) {
    case 'passages':
      return { ...turn, phase: 'reading', passages: event.passages }
    case 'quotes':
      return { ...turn, phase: 'writing', quotes: event.quotes }
    case 'statement':
      return { ...turn, phase: 'writing', statements: [...turn.statements, event.statement] }
    case 'answer':
      return {
        ...turn,
        phase: 'done',
        answer: event.answer,
        passages: event.answer.passages.length > 0 ? event.answer.passages : turn.passages,
        quotes: event.answer.quotes.length > 0 ? event.answer.quotes : turn.quotes,
        statements: event.answer.statements,
      }
  }
}

const withTurn = (state: Conversation, key: number, change: (turn: Turn) => Turn): Conversation => ({
  ...state,
  turns: state.turns.map((turn) => (turn.key === key && isUnderWay(turn) ? change(turn) : turn)),
})

/** The next state. Events of a turn that is no longer under way (stopped, cleared) change nothing. */
export const reduceConversation = (state: Conversation, action: ConversationAction): Conversation => {
  switch (action.type) {
    case 'asked': {
      const { key, question, asOf } = action
      const turn: Turn = {
        key,
        question,
        asOf,
        phase: 'searching',
        passages: [],
        quotes: [],
        statements: [],
        answer: undefined,
        problem: undefined,
      }
      return { ...state, turns: [...state.turns, turn] }
    }
    case 'received': {
      const next = withTurn(state, action.key, (turn) => withEvent(turn, action.event))
      const known = state.turns.some((turn) => turn.key === action.key)
      const id = action.event.type === 'answer' && known ? action.event.answer.conversationId : ''
      return id === '' ? next : { ...next, conversationId: id }
    }
    case 'stopped':
      return withTurn(state, action.key, (turn) => ({ ...turn, phase: 'stopped' }))
    case 'failed':
      return withTurn(state, action.key, (turn) => ({ ...turn, phase: 'failed', problem: action.problem }))
    case 'cleared':
      return emptyConversation
  }
}
