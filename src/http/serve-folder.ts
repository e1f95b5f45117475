/**
 * Serves files of a folder that comes with the program (page, viewer, API browser). In: a path below the folder. Out: the file
 * with its type and an ETag, or undefined where there is none. Invariant: nothing outside the folder is ever read.
 */
import { readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { HttpContext } from './http-env.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
}

/** For files whose name changes with their content. */
export const immutable = 'public, max-age=31536000, immutable'
/** For the others: kept, but asked about each time. */
export const revalidated = 'no-cache'

/** @param name decoded path below `folder`, without a leading slash */
export const serveFile = async (
  c: HttpContext,
  folder: string,
  name: string,
  cacheControl: string,
): Promise<Response | undefined> => {
  if (name.includes('\0') || name.includes('\\') || name.split('/').some((part) => part === '..' || part === '')) {
    return undefined
  }
  try {
    const root = await realpath(folder)
    const file = await realpath(path.join(root, name))
    if (!file.startsWith(root + path.sep)) return undefined
    const found = await stat(file)
    if (!found.isFile()) return undefined
    const headers = {
      'content-type': types[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
      'cache-control': cacheControl,
      etag: `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`,
    }
    if (c.req.header('if-none-match') === headers.etag) return new Response(null, { status: 304, headers })
    if (c.req.method === 'HEAD') {
      return new Response(null, { status: 200, headers: { ...headers, 'content-length': String(found.size) } })
    }
    return new Response(await readFile(file), { status: 200, headers })
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP'].includes(String(error.code))
    ) {
      return undefined
    }
    throw error
  }
}
