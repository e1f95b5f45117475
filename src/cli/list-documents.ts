/** `kura documents`, `kura document remove`, `kura collections`. */
import type { ApiClient } from './api-client.ts'
import { collectionsSchema, type DocumentView, documentsSchema } from './api-views.ts'
import type { Output } from './output.ts'

const documentText = ({ id, name, status, pages, chunks, error }: DocumentView): string => {
  const gaps = pages.failed > 0 ? `, ${pages.failed} failed` : ''
  return `${id}  ${status.padEnd(15)} ${name}  (${pages.text + pages.ocr} pages${gaps}, ${chunks} chunks)${error ? ` [${error.code}]` : ''}`
}

export const listDocuments = async (api: ApiClient, collection: string | undefined, output: Output): Promise<void> => {
  const documents: DocumentView[] = []
  let cursor: string | undefined
  do {
    const query = new URLSearchParams({ ...(collection ? { collection } : {}), ...(cursor ? { cursor } : {}) })
    const page = await api.get(`/api/documents?${query}`, documentsSchema)
    documents.push(...page.documents)
    cursor = page.nextCursor
  } while (cursor)
  output.result(
    { documents },
    documents.length > 0 ? documents.map(documentText).join('\n') : 'There are no documents.',
  )
}

export const removeDocument = async (api: ApiClient, id: string, output: Output): Promise<void> => {
  await api.request(`/api/documents/${encodeURIComponent(id)}`, { method: 'DELETE' })
  output.result({ removed: id }, `${id} is deleted and answers no more.`)
}

export const listCollections = async (api: ApiClient, output: Output): Promise<void> => {
  const result = await api.get('/api/collections', collectionsSchema)
  const lines = result.collections.map(
    ({ id, name, documents, description }) =>
      `${id}  ${name}  (${documents} documents)${description ? `  ${description}` : ''}`,
  )
  output.result(result, lines.length > 0 ? lines.join('\n') : 'There are no collections.')
}
