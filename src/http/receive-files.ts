/**
 * Takes a multipart request apart while it comes in: fields and files in any order, each file straight to where the caller stores
 * it, so that nothing is held in memory. In: the request's bytes. Out: the fields, and what became of each file.
 * Invariant: a file that can not be taken does not keep the others from being taken, and of a request that is cut off or not
 * right nothing stays.
 */
import { PassThrough, type Readable } from 'node:stream'
import busboy, { type Busboy } from 'busboy'
import { KuraError, wrapError } from '../core/errors.ts'

interface FileOutcome<T> {
  readonly name: string
  readonly result: { readonly stored: T } | { readonly error: unknown }
}

/** A request that has come in whole; disposing disposes what was stored. */
interface ReceivedForm<T> extends AsyncDisposable {
  readonly fields: ReadonlyMap<string, string>
  /** In the order sent; at least one. */
  readonly files: readonly FileOutcome<T>[]
}

/** Reads the stream to its end, or throws. `fields`: those that came before the file. */
type StoreFile<T> = (name: string, stream: Readable, fields: ReadonlyMap<string, string>) => Promise<T>

const maxFieldBytes = 10_000
const maxParts = 1000

const createParser = (contentType: string | undefined): Busboy => {
  if (!contentType?.toLowerCase().startsWith('multipart/form-data')) {
    throw new KuraError('file_missing', 'The body is not multipart/form-data.')
  }
  try {
    return busboy({
      headers: { 'content-type': contentType },
      defParamCharset: 'utf8',
      // the intake makes a label of the name; what it was is for the error message
      preservePath: true,
      limits: { fieldSize: maxFieldBytes, fieldNameSize: 200, fields: 50, parts: maxParts },
    })
  } catch (error) {
    throw new KuraError('file_missing', 'The multipart/form-data header names no boundary.', { cause: error })
  }
}

/**
 * Hands the part on through a stream of its own, and lets the rest of the part run off when the reader has had enough: busboy waits for ever for a part that nobody reads.
 */
const passOn = async <T>(part: Readable, read: (stream: Readable) => Promise<T>): Promise<T> => {
  const stream = new PassThrough()
  // an error must have a listener even when the reader has none yet
  stream.on('error', () => undefined)
  if (part.errored) stream.destroy(part.errored)
  part.on('error', (error) => stream.destroy(error))
  part.pipe(stream)
  try {
    return await read(stream)
  } finally {
    part.unpipe(stream)
    part.resume()
    stream.destroy()
  }
}

/**
 * Not `pipeline`: that would destroy the request, and with it the connection that the answer is to go out on.
 */
const feed = (body: Readable, parser: Busboy, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => fail(signal.reason)
    const fail = (error: unknown): void => {
      signal.removeEventListener('abort', stop)
      reject(error)
      body.unpipe(parser)
      // also destroys the part that is being read, so that its reader gives up
      parser.destroy(error instanceof Error ? error : new Error('The body could not be read.'))
      body.resume()
    }
    body.on('error', fail)
    body.once('close', () => {
      if (!body.readableEnded) fail(new Error('The body ended too early.'))
    })
    parser.on('error', fail)
    parser.once('close', () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    body.pipe(parser)
  })

/** What has come in of one request, part by part. */
class PartReader<T extends AsyncDisposable> implements ReceivedForm<T> {
  readonly fields = new Map<string, string>()
  readonly files: FileOutcome<T>[] = []
  readonly #store: StoreFile<T>
  #isWithoutFile = true
  #refusal: KuraError | undefined
  #last: Promise<void> = Promise.resolve()

  constructor(store: StoreFile<T>) {
    this.#store = store
  }

  addField(name: string, value: string, truncated: boolean): void {
    if (truncated) this.refuse(`${name}: must have at most ${maxFieldBytes} bytes.`)
    else this.fields.set(name, value)
  }

  addFile(field: string, part: Readable, name: string): void {
    part.on('error', () => undefined)
    this.#isWithoutFile = false
    if (field !== 'file') this.refuse('Files are sent in fields named file.')
    if (this.#refusal) part.resume()
    // one after the other, which keeps the order sent
    else this.#last = this.#last.then(() => this.#storeFile(part, name))
  }

  /** The whole request is not right, and nothing of it is to be kept. */
  refuse(reason: string): void {
    this.#refusal ??= new KuraError('invalid_request', reason)
  }

  /** Resolves when no file is being stored any more. */
  settled(): Promise<void> {
    return this.#last
  }

  /** @throws why the request is not right */
  check(): void {
    if (this.#refusal) throw this.#refusal
    if (this.#isWithoutFile) {
      throw new KuraError('file_missing', 'The request has no field named file that holds a file.')
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.files.map(({ result }) => 'stored' in result && result.stored[Symbol.asyncDispose]()))
  }

  async #storeFile(part: Readable, name: string): Promise<void> {
    try {
      const stored = await passOn(part, (stream) => this.#store(name, stream, this.fields))
      this.files.push({ name, result: { stored } })
    } catch (error) {
      this.files.push({ name, result: { error } })
    }
  }
}

const readBody = async <T extends AsyncDisposable>(
  request: { readonly body: Readable; readonly signal: AbortSignal },
  parser: Busboy,
  reader: PartReader<T>,
): Promise<void> => {
  try {
    await feed(request.body, parser, request.signal)
  } catch (error) {
    throw wrapError(error, 'invalid_request', 'The multipart body is cut off or damaged.')
  } finally {
    await reader.settled()
  }
  request.signal.throwIfAborted()
  reader.check()
}

/**
 * Takes the request apart to its end. Where it throws, what was stored is disposed.
 *
 * @param store called for one file after the other
 * @throws file_missing, invalid_request; AbortError
 */
export const receiveFiles = async <T extends AsyncDisposable>(
  request: { readonly body: Readable; readonly contentType: string | undefined; readonly signal: AbortSignal },
  store: StoreFile<T>,
): Promise<ReceivedForm<T>> => {
  const parser = createParser(request.contentType)
  const reader = new PartReader(store)
  parser.on('field', (name, value, { valueTruncated }) => reader.addField(name, value, valueTruncated))
  parser.on('file', (field, part, { filename }) => reader.addFile(field, part, filename ?? ''))
  parser.on('partsLimit', () => reader.refuse(`The request has more than ${maxParts} parts.`))
  try {
    await readBody(request, parser, reader)
    return reader
  } catch (error) {
    await reader[Symbol.asyncDispose]()
    throw error
  }
}
