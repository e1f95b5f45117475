/** OpenAI's error body with our code in it. */
import type { KuraError } from '../../core/errors.ts'

/** `details` is ours: the limit that was passed, for programs. */
export const errorBody = (failure: KuraError) => ({
  error: {
    message: failure.message,
    type: failure.kind === 'input' ? 'invalid_request_error' : 'server_error',
    param: null,
    code: failure.code,
    details: failure.details,
  },
})
