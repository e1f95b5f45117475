/**
 * Resumable uploads by the tus protocol (1.0.0) at /api/uploads: one file each, in as many pieces as the network makes of it. What may be
 * said about the file is said at its creation and checked there. In: pieces; out: when the last one has come, a document and its job, told in
 * the header Upload-Result. Invariant: the same receipt is given however often a client asks, and whichever request finds the file whole
 * takes it in: the last piece, or the look (HEAD) of a client that never got an answer because the server had died.
 */
import { type RouteConfig, z } from '@hono/zod-openapi'
import { Metadata, Server } from '@tus/server'
import { KuraError, wrapError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import { cleanLabel, type Registration } from '../../store/intake.ts'
import { type UploadReceipt, uploadExpiryMs } from '../../store/partial-uploads.ts'
import type { HttpDeps } from '../deps.ts'
import type { HttpApp, HttpContext } from '../http-env.ts'
import { commonProblems, problemOf, problemResponse } from '../problem.ts'
import { parseUploadFields, uploadFieldNames } from '../upload-fields.ts'
import { checkRevised } from './upload-routes.ts'

const path = '/api/uploads'
const protocolVersion = '1.0.0'
const maxMetadataCharacters = 20_000

type UploadDeps = Pick<HttpDeps, 'ledger' | 'intake' | 'partialUploads' | 'settings' | 'logger'>
type UploadMetadata = Readonly<Record<string, string | null>>

/** What an upload says about its file. */
interface Announcement {
  readonly name: string
  readonly registration: Registration
}

const parseMetadata = (header: string | undefined): UploadMetadata => {
  if ((header ?? '').length > maxMetadataCharacters) {
    throw new KuraError('invalid_request', `Upload-Metadata: must have at most ${maxMetadataCharacters} characters.`)
  }
  try {
    return Metadata.parse(header)
  } catch (error) {
    throw new KuraError('invalid_request', 'Upload-Metadata: must be pairs of a key and a value in Base64.', {
      cause: error,
    })
  }
}

/** What the tus server answered instead of doing what was asked, as one of our errors. */
const refusalOf = async (response: Response, maxFileBytes: number, cause: Error | undefined): Promise<Error> => {
  if (cause instanceof KuraError) return cause
  const said = (await response.text()).trim()
  switch (response.status) {
    case 404:
    case 410:
      return new KuraError('upload_not_found', 'There is no upload under this address (any more).')
    case 409:
      return new KuraError('upload_conflict', 'The upload is not at the offset that the request names.')
    case 413:
      return new KuraError('file_too_large', `The file has more than ${maxFileBytes} bytes, or than were announced.`, {
        details: { maxBytes: maxFileBytes },
      })
    default:
      if (/lock/i.test(said)) return new KuraError('upload_conflict', 'Another request is writing to this upload.')
      return response.status < 500
        ? new KuraError('invalid_request', `The request is not as the tus protocol wants it: ${said.slice(0, 200)}.`)
        : wrapError(cause, 'internal', 'The upload could not be served because of an error in the program.')
  }
}

/** Uploads from their announcement to their receipt. */
class ResumableUploads {
  readonly #deps: UploadDeps
  readonly #tus: Server
  /** What the store threw; the tus server tells of it by a status only. */
  readonly #failures = new WeakMap<object, Error>()
  readonly #finishing = new Map<string, Promise<UploadReceipt>>()

  constructor(deps: UploadDeps) {
    this.#deps = deps
    this.#tus = new Server({
      path,
      datastore: deps.partialUploads,
      maxSize: deps.settings.maxFileBytes,
      // a page of another server has been refused before this
      allowedOrigins: () => false,
      // behind a proxy the scheme and the port would be wrong
      relativeLocation: true,
      onResponseError: (request, error) => {
        if (error instanceof Error) this.#failures.set(request, error)
        return undefined
      },
    })
  }

  /** @throws upload_not_found, upload_conflict, file_too_large, disk_full and what the registration of a file throws */
  async serve(c: HttpContext): Promise<Response> {
    const principal = c.get('principal')
    if (c.req.method === 'POST') await this.#check(principal, c)
    const request = c.req.raw
    const response = await this.#tus.handleWeb(request)
    if (response.status >= 400) {
      throw await refusalOf(response, this.#deps.settings.maxFileBytes, this.#failures.get(request))
    }
    const headers = new Headers(response.headers)
    // it may hold a password
    headers.delete('upload-metadata')
    for (const name of response.headers.keys()) if (name.startsWith('access-control-')) headers.delete(name)
    if (c.req.method !== 'DELETE' && c.req.method !== 'OPTIONS') {
      const id = c.req.param('id') ?? headers.get('location')?.split('/').at(-1) ?? ''
      const receipt = await this.#receiptOf(principal, id)
      if (receipt) headers.set('upload-result', JSON.stringify(receipt))
    }
    return new Response(response.body, { status: response.status, headers })
  }

  /** Before a byte is sent: what would be refused at the end is refused now. */
  async #check(principal: Principal, c: HttpContext): Promise<void> {
    await this.#read(principal, parseMetadata(c.req.header('upload-metadata')))
    if (c.req.header('upload-length') === '0') throw new KuraError('file_empty', 'The file has 0 bytes.')
  }

  async #read(principal: Principal, metadata: UploadMetadata): Promise<Announcement> {
    const { filename, collection } = metadata
    const name = cleanLabel(filename ?? '')
    if (!collection) throw new KuraError('invalid_request', 'Upload-Metadata: names no collection.')
    const fields = uploadFieldNames.map((field): [string, string] => [field, metadata[field] ?? ''])
    const registration = parseUploadFields(fields)
    const { id } = await this.#deps.ledger.collections.resolve(principal, collection)
    await checkRevised(this.#deps.ledger.documents, principal, id, registration)
    return { name, registration: { ...registration, collectionId: id } }
  }

  /** The receipt of an upload that is whole, which is taken in now if it was not; undefined where bytes are missing. */
  async #receiptOf(principal: Principal, id: string): Promise<UploadReceipt | undefined> {
    const { partialUploads } = this.#deps
    const known = (await partialUploads.receiptOf(id)) ?? (await this.#finishing.get(id))
    if (known) return known
    const { offset, size, metadata } = await partialUploads.getUpload(id)
    if (size === undefined || offset < size) return undefined
    // another request may have begun while this one was looking
    const running =
      this.#finishing.get(id) ??
      this.#takeIn(principal, { id, size, metadata: metadata ?? {} }).finally(() => this.#finishing.delete(id))
    this.#finishing.set(id, running)
    return running
  }

  async #takeIn(
    principal: Principal,
    upload: { readonly id: string; readonly size: number; readonly metadata: UploadMetadata },
  ): Promise<UploadReceipt> {
    const { intake, partialUploads } = this.#deps
    try {
      const { name, registration } = await this.#read(principal, upload.metadata)
      await using stored = await intake.adopt({ name, path: partialUploads.pathOf(upload.id) })
      const { id, revisionId, jobId, duplicateOf } = await intake.register(principal, stored, registration)
      const receipt: UploadReceipt = { id, revisionId, jobId, ...(duplicateOf ? { duplicateOf } : {}) }
      await partialUploads.finish(upload.id, upload.size, receipt)
      return receipt
    } catch (error) {
      // nothing that is sent later makes it right
      if (error instanceof KuraError && error.kind === 'input') await partialUploads.discard(upload.id)
      throw error
    }
  }
}

export const addResumableUploadRoutes = (app: HttpApp, deps: UploadDeps): void => {
  const uploads = new ResumableUploads(deps)
  const serve = async (c: HttpContext): Promise<Response> => {
    try {
      return await uploads.serve(c)
    } catch (error) {
      const response = problemResponse(c, deps.logger, error)
      response.headers.set('tus-resumable', protocolVersion)
      return response
    }
  }
  app.on(['POST', 'OPTIONS'], path, serve)
  app.on(['PATCH', 'DELETE', 'OPTIONS'], `${path}/:id`, serve)
  // the router knows HEAD as GET
  app.get(`${path}/:id`, (c) => {
    if (c.req.raw.method === 'HEAD') return serve(c)
    const allow = 'DELETE, HEAD, OPTIONS, PATCH'
    throw new KuraError('method_not_allowed', `Only ${allow} is served here.`, { details: { allow } })
  })
  for (const route of describedRoutes) app.openAPIRegistry.registerPath(route)
}

const header = (description: string) => ({ description, schema: { type: 'string' as const } })
const offsetHeader = { 'Upload-Offset': header('Bytes that have come so far.') }
const resultHeader = {
  'Upload-Result': header('Once the file is whole: `{id, revisionId, jobId, duplicateOf?}` of the document as JSON.'),
}
const uploadParams = z.object({ id: z.string().describe('Last part of the address that the creation gave.') })
const finishProblems = {
  404: problemOf('upload_not_found', 'collection_not_found', 'document_not_found'),
  409: problemOf('upload_conflict', 'revision_exists'),
  ...commonProblems,
}
const tags = ['Documents']

const describedRoutes: readonly RouteConfig[] = [
  {
    method: 'post',
    path,
    tags,
    summary: 'Begin a resumable upload',
    description: `The tus protocol, version ${protocolVersion}: the headers are those of its creation extension. Upload-Metadata holds \`filename\` and \`collection\` (id or name), and may hold ${uploadFieldNames.map((name) => `\`${name}\``).join(', ')} as in the upload of forms. An upload is removed when no byte has come for ${uploadExpiryMs / 3_600_000} hours.`,
    responses: {
      201: {
        description: 'It may be sent to the address named.',
        headers: { Location: header('Where to send it.'), ...offsetHeader, ...resultHeader },
      },
      400: problemOf('invalid_request', 'file_name_invalid'),
      404: problemOf('collection_not_found', 'document_not_found'),
      413: problemOf('file_too_large'),
      422: problemOf('file_empty'),
      ...commonProblems,
    },
  },
  {
    method: 'head',
    path: `${path}/{id}`,
    tags,
    summary: 'Ask how much of an upload has come',
    request: { params: uploadParams },
    responses: {
      200: { description: 'It is known.', headers: { ...offsetHeader, ...resultHeader } },
      ...finishProblems,
    },
  },
  {
    method: 'patch',
    path: `${path}/{id}`,
    tags,
    summary: 'Send the next piece of an upload',
    request: { params: uploadParams },
    responses: {
      204: { description: 'It has come.', headers: { ...offsetHeader, ...resultHeader } },
      400: problemOf('invalid_request'),
      413: problemOf('file_too_large'),
      ...finishProblems,
    },
  },
  {
    method: 'delete',
    path: `${path}/{id}`,
    tags,
    summary: 'Give an upload up',
    request: { params: uploadParams },
    responses: {
      204: { description: 'It is removed.' },
      404: problemOf('upload_not_found'),
      ...commonProblems,
    },
  },
]
