/** How many questions wait for an answer: open ones, and those whose verified answer has expired. Looked at now and then. */
import { useEffect, useState } from 'preact/hooks'
import { countWaitingGaps } from '../api/gaps.ts'
import type { Route } from './use-route.ts'

const lookEveryMs = 60_000

/** 0 until it is known. A change of the view looks again. */
export const useGapCount = (route: Route): number => {
  const [count, setCount] = useState(0)
  // `route` stands for "look again"
  useEffect(() => {
    const controller = new AbortController()
    const look = () => {
      if (!document.hidden) countWaitingGaps(controller.signal).then(setCount, () => undefined)
    }
    look()
    const timer = setInterval(look, lookEveryMs)
    return () => {
      controller.abort()
      clearInterval(timer)
    }
  }, [route])
  return count
}
