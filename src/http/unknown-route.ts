/**
 * What an address gets that no route serves: 405 with the methods that are served there, else 404.
 */
import { KuraError } from '../core/errors.ts'
import type { HttpApp, HttpContext } from './http-env.ts'

const toPattern = (routePath: string): RegExp =>
  new RegExp(
    `^${routePath
      .split('/')
      .map((part) => {
        if (part === '*') return '.*'
        const constraint = /^:\w+(?:\{(.*)\})?$/.exec(part)
        if (constraint) return constraint[1] ?? '[^/]+'
        return part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      })
      .join('/')}$`,
  )

/** @returns the handler for `app.notFound`; to be made after all routes were added */
export const createUnknownRouteError = (app: HttpApp): ((c: HttpContext) => KuraError) => {
  const served = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>()
  for (const { path, method } of app.routes) {
    if (method === 'ALL') continue
    const entry = served.get(path) ?? { pattern: toPattern(path), methods: new Set<string>() }
    entry.methods.add(method)
    if (method === 'GET') entry.methods.add('HEAD')
    served.set(path, entry)
  }
  return (c) => {
    const methods = new Set<string>()
    for (const entry of served.values()) {
      if (entry.pattern.test(c.req.path)) for (const method of entry.methods) methods.add(method)
    }
    if (methods.size === 0 || methods.has(c.req.method)) {
      return new KuraError('not_found', 'There is nothing under this address.')
    }
    const allow = [...methods].sort().join(', ')
    return new KuraError('method_not_allowed', `Only ${allow} is served here.`, { details: { allow } })
  }
}
