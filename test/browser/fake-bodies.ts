/** What the fake API sends that is no record: the policy of the real server, problems, page ledgers, readiness, models. */
import type { IncomingMessage } from 'node:http'
import { type document, manual } from './fake-records.ts'

export const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

export const problem = (status: number, code: string) => ({
  type: `/docs/errors#${code}`,
  title: `Title of ${code}`,
  status,
  code,
  detail: `Detail of ${code}.`,
  remedy: `Remedy of ${code}.`,
  requestId: 'req-1',
})

export const ledgerOf = (known: ReturnType<typeof document>) => {
  const { text, blank, failed } = known.pages
  return Array.from({ length: text + blank + failed }, (_, index) => ({
    number: index + 1,
    characters: index % 47 === 46 ? 0 : 1_240 + index,
    outcome:
      known.id === manual.id || blank + failed === 0
        ? { method: 'text' }
        : index % 47 === 46
          ? { method: 'blank' }
          : index === 30 || index === 99
            ? { method: 'failed', errorCode: 'page_has_no_text' }
            : { method: 'text' },
  }))
}

export const readiness = {
  ready: true,
  components: [
    { name: 'ledger', state: 'ok', detail: '' },
    { name: 'index', state: 'ok', detail: '1,204 rows.' },
    { name: 'embedding', state: 'ok', detail: 'multilingual-e5-small: it comes with the project.' },
    { name: 'generation', state: 'ok', detail: 'qwen2.5-coder-1.5b-instruct: no GPU was found.' },
    { name: 'worker', state: 'ok', detail: '' },
  ],
  degraded: [],
}

export const models = {
  chosen: [
    { role: 'embedding', name: 'multilingual-e5-small', state: 'ready', reason: 'bundled' },
    { role: 'generation', name: 'qwen2.5-coder-1.5b-instruct', state: 'ready', reason: 'no GPU was found' },
    { role: 'reranking', name: null, state: 'off', reason: 'none was chosen' },
  ],
  catalog: [],
}

export const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
