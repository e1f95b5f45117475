/**
 * The page: what vite built into dist/page, and the files that pdf.js loads while it shows a document (character maps, fonts,
 * decoders), straight from its package. Where the page has not been built, a page that says so.
 */
import { createRequire } from 'node:module'
import path from 'node:path'
import { htmlPage } from '../html-page.ts'
import type { HttpApp } from '../http-env.ts'
import { immutable, revalidated, serveFile } from '../serve-folder.ts'

const pdfjsFolder = path.dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
const pdfjsParts = new Set(['build', 'web', 'cmaps', 'standard_fonts', 'wasm', 'iccs'])

const notBuilt = htmlPage(
  'Kura',
  `<h1>Kura is running, but its page has not been built</h1>
<p>Run <code>npm run build</code> in the project folder and load this page again.</p>
<p>The API works without it: <a href="/docs">API</a>, <a href="/readyz">state of the parts</a>.</p>`,
)

/** @param pageFolder what vite built; looked at for each request, so that a build needs no restart */
export const addPageRoutes = (app: HttpApp, pageFolder: string): void => {
  app.get('/', async (c) => {
    return (await serveFile(c, pageFolder, 'index.html', revalidated)) ?? c.html(notBuilt, 503)
  })
  app.get('/assets/pdfjs/*', async (c) => {
    const name = c.req.path.slice('/assets/pdfjs/'.length)
    const served = pdfjsParts.has(name.split('/')[0] ?? '')
    return (served ? await serveFile(c, pdfjsFolder, name, revalidated) : undefined) ?? c.notFound()
  })
  app.get('/assets/*', async (c) => {
    return (await serveFile(c, pageFolder, c.req.path.slice(1), immutable)) ?? c.notFound()
  })
  // icons and the like that lie beside index.html
  app.get('/:name{[\\w-]+\\.[a-z0-9]+}', async (c) => {
    return (await serveFile(c, pageFolder, c.req.param('name'), revalidated)) ?? c.notFound()
  })
}
