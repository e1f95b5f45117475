/**
 * The API described: /openapi.json, /docs to browse it (Swagger UI, served from here), /docs/errors with every error code.
 * No inline scripts and nothing from elsewhere, so that it works under the strict policy and without a network.
 */
import { createRequire } from 'node:module'
import path from 'node:path'
import { errorCodes } from '../../core/errors.ts'
import { escapeHtml, htmlPage, htmlPageStyle } from '../html-page.ts'
import type { HttpApp } from '../http-env.ts'
import { revalidated, serveFile } from '../serve-folder.ts'

const swaggerFolder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/swagger-ui-bundle.js'))
const swaggerFiles = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'])

/** Starts the API browser; a served file because the policy forbids inline scripts. */
const startScript = `window.addEventListener('load', () => {
  window.ui = SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
  })
})
`

const browserPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kura API</title>
<link rel="icon" href="/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/start.js"></script>
</body>
</html>
`

const whoCanAct = {
  input: 'the caller',
  operator: 'the operator of this server',
  transient: 'nobody: try again',
  bug: 'the makers of Kura',
} as const

const errorsPage = (): string => {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, title, remedy, kind }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escapeHtml(title)}</td>` +
      `<td>${escapeHtml(remedy)}</td><td>${whoCanAct[kind]}</td></tr>`,
  )
  return htmlPage(
    'Kura error codes',
    `<h1>Error codes</h1>
<p>Every error is a problem document with one of these codes. <a href="/docs">API</a></p>
<table>
<thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>What to do</th><th>Who can act</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`,
  )
}

const description =
  'Kura answers questions from the documents of a factory, with citations that are checked by code. ' +
  'Times are ISO 8601 UTC, ids are opaque strings. Errors are `application/problem+json` with a stable `code`; ' +
  'all codes are listed at [/docs/errors](/docs/errors).'

/** Adds the routes; to be called after all that are to be described. */
export const addDocsRoutes = (app: HttpApp): void => {
  let document: string | undefined
  app.get('/openapi.json', (c) => {
    document ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: { title: 'Kura', version: '1', description, license: { name: 'Apache-2.0' } },
        servers: [{ url: '/' }],
      }),
    )
    return c.body(document, 200, { 'content-type': 'application/json', 'cache-control': revalidated })
  })
  app.get('/docs', (c) => c.html(browserPage))
  app.get('/docs/errors', (c) => c.html(errorsPage()))
  app.get('/docs/assets/start.js', (c) =>
    c.body(startScript, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  )
  app.get('/docs/assets/docs.css', (c) => c.body(htmlPageStyle, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get('/docs/assets/:name', async (c) => {
    const name = c.req.param('name')
    const response = swaggerFiles.has(name) ? await serveFile(c, swaggerFolder, name, revalidated) : undefined
    return response ?? c.notFound()
  })
}
