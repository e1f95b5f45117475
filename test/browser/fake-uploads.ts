/**
 * The server's side of the tus protocol, as far as the page uses it. Files whose name begins with "flaky" lose their connection once, in the
 * middle. It remembers where each piece began.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cue } from './cue.ts'

interface Receipt {
  readonly id: string
  readonly revisionId: string
  readonly jobId: string | null
  readonly duplicateOf?: string
}

interface FakeUpload {
  readonly length: number
  readonly fields: Readonly<Record<string, string>>
  offset: number
  receipt: Receipt | undefined
  cuts: number
}

const parseMetadata = (header: string): Record<string, string> =>
  Object.fromEntries(
    header.split(',').map((pair) => {
      const [key = '', value = ''] = pair.split(' ')
      return [key, Buffer.from(value, 'base64').toString('utf8')]
    }),
  )

export class FakeUploads {
  /** Where the pieces of each file began, in order. */
  readonly pieces: { name: string; offset: number }[] = []
  /** What was said about each file, in order. */
  readonly received: Readonly<Record<string, string>>[] = []
  /** How many pieces came in side by side at most. */
  mostAtOnce = 0
  #underWay = 0
  /** Names of the files whose upload was given up. */
  readonly givenUp: string[] = []
  /** While true no piece gets through: the connection is closed at once. */
  offline = false
  readonly #take: (fields: Readonly<Record<string, string>>) => Receipt
  readonly #uploads = new Map<string, FakeUpload>()
  readonly #cue: Cue

  /** @param cue holds every file at "uploading" */
  constructor(take: (fields: Readonly<Record<string, string>>) => Receipt, cue: Cue) {
    this.#take = take
    this.#cue = cue
  }

  /** @returns the code of a problem, if there is one */
  async handle(request: IncomingMessage, response: ServerResponse, id: string): Promise<string | undefined> {
    response.setHeader('tus-resumable', '1.0.0')
    if (this.offline) {
      request.socket.destroy()
      return undefined
    }
    if (request.method === 'POST') return this.#create(request, response)
    const upload = this.#uploads.get(id)
    if (upload === undefined) return 'upload_not_found'
    if (request.method === 'DELETE') {
      this.#uploads.delete(id)
      this.givenUp.push(upload.fields.filename ?? '')
      response.writeHead(204).end()
      return undefined
    }
    if (request.method === 'PATCH') {
      if (Number(request.headers['upload-offset']) !== upload.offset) return 'upload_conflict'
      this.#underWay += 1
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay)
      const whole = await this.#receive(request, upload)
      this.#underWay -= 1
      if (!whole) return undefined
    }
    if (upload.receipt !== undefined) response.setHeader('upload-result', JSON.stringify(upload.receipt))
    response.writeHead(request.method === 'HEAD' ? 200 : 204, {
      'upload-offset': String(upload.offset),
      'upload-length': String(upload.length),
    })
    response.end()
    return undefined
  }

  #create(request: IncomingMessage, response: ServerResponse): string | undefined {
    const fields = parseMetadata(String(request.headers['upload-metadata']))
    if (fields.filename?.endsWith('.exe')) return 'format_unsupported'
    const id = String(this.#uploads.size + 1).padStart(32, '0')
    this.received.push(fields)
    const length = Number(request.headers['upload-length'])
    this.#uploads.set(id, {
      length,
      fields,
      offset: 0,
      receipt: undefined,
      cuts: fields.filename?.startsWith('flaky') ? 1 : 0,
    })
    response.writeHead(201, { location: `/api/uploads/${id}` }).end()
    return undefined
  }

  /** False where the connection was cut. */
  async #receive(request: IncomingMessage, upload: FakeUpload): Promise<boolean> {
    const name = upload.fields.filename ?? ''
    this.pieces.push({ name, offset: upload.offset })
    try {
      for await (const chunk of request) {
        upload.offset += (chunk as Buffer).length
        if (this.offline || (upload.cuts > 0 && upload.offset > upload.length / 2)) {
          upload.cuts -= 1
          request.socket.destroy()
          return false
        }
        await sleep(1)
        await this.#cue.reach('uploading')
      }
    } catch {
      return false
    }
    if (upload.offset === upload.length) upload.receipt ??= this.#take(upload.fields)
    return true
  }
}
