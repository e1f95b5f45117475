/** A page that could not be read, as it is told and stored. */

import type { ParsedPage } from '../../src/core/document.ts'
import type { ErrorCode } from '../../src/core/errors.ts'

export const failedPage = (number: number, errorCode: ErrorCode): ParsedPage => ({
  number,
  outcome: { method: 'failed', errorCode },
  text: '',
  blocks: [],
  lines: [],
})
