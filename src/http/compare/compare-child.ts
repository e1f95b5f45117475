/**
 * The killable process that compares two revisions. In: one message with the pages' texts. Out: one message with the difference. It ends
 * itself when it has answered or the parent is gone. Started by document-comparer.ts.
 */
import { compareDocuments } from './compare-documents.ts'
import { requestSchema } from './compare-messages.ts'

process.once('disconnect', () => process.exit())
process.once('message', (message) => {
  const { from, to } = requestSchema.parse(message)
  process.send?.(compareDocuments(from, to), () => process.disconnect())
})
