/**
 * The HTTP API as one app: middleware, routes, errors. In: the parts of Kura behind ports. Out: an app that works behind
 * `startServer` and in-process through `app.request`. Invariant: whatever is thrown leaves as one problem document.
 */
import { fileURLToPath } from 'node:url'
import { OpenAPIHono } from '@hono/zod-openapi'
import { checkOrigin } from './check-origin.ts'
import type { HttpDeps } from './deps.ts'
import type { HttpApp, HttpEnv } from './http-env.ts'
import { HttpMetrics } from './http-metrics.ts'
import { limitBody } from './limit-body.ts'
import { problemResponse } from './problem.ts'
import { requestContext } from './request-context.ts'
import { addAnswerRoutes } from './routes/answer-routes.ts'
import { addAskRoutes } from './routes/ask-routes.ts'
import { addCollectionRoutes } from './routes/collection-routes.ts'
import { addDocsRoutes } from './routes/docs-routes.ts'
import { addDocumentRoutes } from './routes/document-routes.ts'
import { addGapRoutes } from './routes/gap-routes.ts'
import { addHealthRoutes } from './routes/health-routes.ts'
import { addJobRoutes } from './routes/job-routes.ts'
import { addModelRoutes } from './routes/model-routes.ts'
import { addOpenaiRoutes } from './routes/openai-routes.ts'
import { addPageRoutes } from './routes/page-routes.ts'
import { addReplayRoutes } from './routes/replay-routes.ts'
import { addResumableUploadRoutes } from './routes/resumable-upload-routes.ts'
import { addRevisionRoutes } from './routes/revision-routes.ts'
import { addSearchRoutes } from './routes/search-routes.ts'
import { addTuningRoutes } from './routes/tuning-routes.ts'
import { addUploadRoutes } from './routes/upload-routes.ts'
import { addWatchRoutes } from './routes/watch-routes.ts'
import { securityHeaders } from './security-headers.ts'
import { createUnknownRouteError } from './unknown-route.ts'
import { validationHook } from './validation-hook.ts'

interface AppOptions {
  /** Folder of the built page. @default dist/page of the project */
  readonly pageFolder?: string
}

export const createApp = (deps: HttpDeps, options: AppOptions = {}): HttpApp => {
  const app: HttpApp = new OpenAPIHono<HttpEnv>({ defaultHook: validationHook })
  const metrics = new HttpMetrics(deps)

  app.use(requestContext(deps.logger, metrics), securityHeaders(), checkOrigin(deps.settings.host), limitBody())

  addAskRoutes(app, deps)
  addSearchRoutes(app, deps)
  addAnswerRoutes(app, deps)
  addReplayRoutes(app, deps)
  addCollectionRoutes(app, deps)
  addUploadRoutes(app, deps)
  addResumableUploadRoutes(app, deps)
  addDocumentRoutes(app, deps)
  addRevisionRoutes(app, deps)
  addJobRoutes(app, deps)
  addWatchRoutes(app, deps)
  addGapRoutes(app, deps)
  addModelRoutes(app, deps)
  addTuningRoutes(app, deps)
  addOpenaiRoutes(app, deps)
  addHealthRoutes(app, deps, metrics)
  addDocsRoutes(app)
  addPageRoutes(app, options.pageFolder ?? fileURLToPath(new URL('../../dist/page', import.meta.url)))

  const unknownRouteError = createUnknownRouteError(app)
  app.notFound((c) => problemResponse(c, deps.logger, unknownRouteError(c)))
  app.onError((error, c) => problemResponse(c, deps.logger, error))
  return app
}
