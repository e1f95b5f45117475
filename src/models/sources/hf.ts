/**
 * Source `hf:`: an ungated repository on Hugging Face, fetched by node-llama-cpp's own downloader, which resumes. That downloader
 * retries for minutes where nothing answers, so a short request asks first whether the file can be had at all, and a download that
 * stands still is given up.
 */
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAbort, KuraError } from '../../core/errors.ts'
import type { SourceContext, SourceTools } from './source.ts'

const defaultUrl = 'https://huggingface.co/'
const reachMs = 5000
const stallCheckMs = 500
const letGoMs = 2000

interface HfFile {
  readonly repository: string
  readonly file: string
  readonly revision: string
}

const parseUri = (uri: string): HfFile => {
  const match = /^hf:([^/]+\/[^/]+)\/([^#]+)(?:#(.+))?$/.exec(uri)
  if (match === null) throw new KuraError('internal', `"${uri}" is not hf:owner/repository/file#revision.`)
  const [, repository = '', file = '', revision = 'main'] = match
  return { repository, file, revision }
}

/** HEAD without following: the answer to a large file is a redirect, with its size in `x-linked-size`. */
const ask = async (url: string, signal: AbortSignal): Promise<{ status: number; bytes: number | undefined }> => {
  try {
    const response = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(reachMs)]),
    })
    const linked = response.headers.get('x-linked-size')
    return { status: response.status, bytes: linked === null ? undefined : Number(linked) }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const host = new URL(url).host
    const why = isAbort(error) ? `did not answer within ${reachMs / 1000} s` : 'can not be reached'
    throw new KuraError('model_download_failed', `${host} ${why}`, { cause: error })
  }
}

/** A repository that was rewritten has lost the pinned revision; its newest may still carry the very file. */
const findRevision = async (base: string, wanted: HfFile, totalBytes: number, signal: AbortSignal): Promise<string> => {
  let answer = { status: 0, bytes: undefined as number | undefined }
  for (const revision of new Set([wanted.revision, 'main'])) {
    answer = await ask(`${base}${wanted.repository}/resolve/${revision}/${wanted.file}`, signal)
    if (answer.status === 404) continue
    if (answer.status >= 400) break
    if (answer.bytes === undefined || answer.bytes === totalBytes) return revision
  }
  const host = new URL(base).host
  throw new KuraError(
    'model_download_failed',
    answer.status >= 400
      ? `${host} answers ${answer.status} for ${wanted.repository}/${wanted.file}`
      : `${wanted.repository}/${wanted.file} has ${answer.bytes} bytes there, expected ${totalBytes}`,
  )
}

/** Aborts when the count of bytes has not changed for the given time. */
class StallWatch implements Disposable {
  readonly #timer: NodeJS.Timeout
  readonly #controller = new AbortController()
  #changedAt = Date.now()
  #bytes = -1

  constructor(stallMs: number) {
    this.#timer = setInterval(
      () => {
        if (Date.now() - this.#changedAt > stallMs) this.#controller.abort()
      },
      Math.min(stallCheckMs, stallMs),
    )
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  update(bytes: number): void {
    if (bytes === this.#bytes) return
    this.#bytes = bytes
    this.#changedAt = Date.now()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}

/** @throws model_download_failed */
export const fetchFromHuggingFace = async (
  uri: string,
  { workFolder, totalBytes, signal, report }: SourceContext,
  { huggingFaceUrl = defaultUrl, stallMs = 60_000 }: SourceTools,
): Promise<string> => {
  const wanted = parseUri(uri)
  const revision = await findRevision(huggingFaceUrl, wanted, totalBytes, signal)
  const { createModelDownloader } = await import('node-llama-cpp')
  using watch = new StallWatch(stallMs)
  const stop = AbortSignal.any([signal, watch.signal])
  const stopped = new Promise<never>((_, reject) => {
    stop.addEventListener('abort', () => reject(stop.reason), { once: true })
  })
  stopped.catch(() => {})
  const download = async (): Promise<string> => {
    const downloader = await createModelDownloader({
      modelUri: `hf:${wanted.repository}/${wanted.file}#${revision}`,
      dirPath: workFolder,
      fileName: 'download.gguf',
      endpoints: { huggingFace: huggingFaceUrl },
      deleteTempFileOnCancel: false,
      onProgress: ({ downloadedSize }) => {
        watch.update(downloadedSize)
        report(downloadedSize)
      },
    })
    if (stop.aborted) await downloader.cancel()
    return await downloader.download({ signal: stop })
  }
  const running = download()
  try {
    await Promise.race([running, stopped])
    stop.throwIfAborted()
  } catch (error) {
    // It is to have let go of its file, but it does not always return once it is cancelled.
    await Promise.race([running.catch(() => {}), sleep(letGoMs)])
    if (signal.aborted) throw signal.reason
    const why = watch.signal.aborted ? `sent nothing for ${stallMs / 1000} s` : 'broke the download off'
    throw new KuraError('model_download_failed', `${new URL(huggingFaceUrl).host} ${why}`, { cause: error })
  }
  return path.join(workFolder, 'download.gguf')
}
