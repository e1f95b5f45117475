/** Sends what a reader thinks of an answer. Sent again with a comment, it replaces or adds to the first. */
import { send } from './request.ts'

export type Rating = 'up' | 'down'

export const sendFeedback = async (answerId: string, rating: Rating, comment: string): Promise<void> => {
  await send(`/api/answers/${encodeURIComponent(answerId)}/feedback`, {
    method: 'POST',
    body: comment === '' ? { rating } : { rating, comment },
  })
}
