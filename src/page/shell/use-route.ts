/** The page's address after `#`: which view is open. Unknown addresses are kept as such, so that they can be told. */
import { useEffect, useState } from 'preact/hooks'

export type Route =
  | { readonly view: 'ask' }
  | { readonly view: 'documents' }
  | { readonly view: 'jobs' }
  | { readonly view: 'document'; readonly id: string }
  | { readonly view: 'answers' }
  | { readonly view: 'gaps' }
  | { readonly view: 'gap'; readonly id: string }
  | { readonly view: 'unknown' }

export const askAddress = '#/'
export const documentsAddress = '#/documents'
export const jobsAddress = '#/jobs'
export const answersAddress = '#/answers'
export const gapsAddress = '#/gaps'
export const gapAddress = (id: string): string => `${gapsAddress}/${encodeURIComponent(id)}`
export const documentAddress = (id: string): string => `${documentsAddress}/${encodeURIComponent(id)}`

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export const parseRoute = (hash: string): Route => {
  const parts = hash.replace(/^#\/?/, '').split('/')
  const [view = '', id = ''] = parts
  if (view === '') return { view: 'ask' }
  if (view === 'jobs' && parts.length === 1) return { view: 'jobs' }
  if (view === 'answers' && parts.length === 1) return { view: 'answers' }
  if (parts.length > 2) return { view: 'unknown' }
  if (view === 'gaps') return id === '' ? { view: 'gaps' } : { view: 'gap', id: decode(id) }
  if (view !== 'documents') return { view: 'unknown' }
  return id === '' ? { view: 'documents' } : { view: 'document', id: decode(id) }
}

export const useRoute = (): Route => {
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  useEffect(() => {
    const read = () => setRoute(parseRoute(location.hash))
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  return route
}
