/**
 * Holds the conversation of this page session and runs one question at a time against the API. It lives in the application,
 * above the views, so that an answer goes on arriving while another view is open.
 */
import { useCallback, useMemo, useReducer, useRef } from 'preact/hooks'
import { askQuestion } from '../api/ask-question.ts'
import { problemOf } from '../api/request.ts'
import { type Conversation, emptyConversation, isUnderWay, reduceConversation } from './conversation.ts'

export interface ConversationControl extends Conversation {
  readonly busy: boolean
  /**
   * @param collection id, or empty for all collections
   * @param asOf a day, such as 2026-03-04, or empty for today
   */
  readonly ask: (question: string, collection: string, asOf: string) => void
  readonly stop: () => void
  readonly clear: () => void
}

export const useConversation = (): ConversationControl => {
  const [state, dispatch] = useReducer(reduceConversation, emptyConversation)
  const running = useRef<{ readonly key: number; readonly controller: AbortController } | undefined>(undefined)
  const lastKey = useRef(0)
  const conversationId = useRef('')
  conversationId.current = state.conversationId

  const stop = useCallback(() => {
    if (running.current === undefined) return
    running.current.controller.abort()
    dispatch({ type: 'stopped', key: running.current.key })
    running.current = undefined
  }, [])

  const ask = useCallback((question: string, collection: string, asOf: string) => {
    if (running.current !== undefined) return
    lastKey.current += 1
    const run = { key: lastKey.current, controller: new AbortController() }
    running.current = run
    dispatch({ type: 'asked', key: run.key, question, asOf })
    const request = {
      question,
      ...(collection === '' ? {} : { collections: [collection] }),
      ...(asOf === '' ? {} : { asOf }),
      ...(conversationId.current === '' ? {} : { conversationId: conversationId.current }),
    }
    const read = async () => {
      try {
        for await (const event of askQuestion(request, run.controller.signal)) {
          dispatch({ type: 'received', key: run.key, event })
        }
      } catch (error) {
        if (!run.controller.signal.aborted) dispatch({ type: 'failed', key: run.key, problem: problemOf(error) })
      } finally {
        if (running.current === run) running.current = undefined
      }
    }
    void read()
  }, [])

  const clear = useCallback(() => {
    stop()
    dispatch({ type: 'cleared' })
  }, [stop])

  const busy = isUnderWay(state.turns.at(-1))
  return useMemo(() => ({ ...state, busy, ask, stop, clear }), [state, busy, ask, stop, clear])
}
