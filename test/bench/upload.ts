/**
 * Memory of the server process while 500 MB stream in. Target: less than 200 MB over what it had before.
 * Run: node --import tsx test/bench/upload.ts [MEGABYTES]
 */
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { startHttpChild } from './start-http-child.ts'

const megabyte = 1024 * 1024
const boundary = 'kura-bench'

export interface UploadBench {
  readonly megabytes: number
  readonly seconds: number
  readonly startMegabytes: number
  readonly peakMegabytes: number
  readonly overStartMegabytes: number
}

/** A figure of /proc/PID/status, in MiB. */
const memoryOf = async (pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024
}

const send = (port: number, name: string, megabytes: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const upload = request(
      {
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/api/collections/bench/documents',
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
      },
    )
    upload.on('error', reject)
    upload.write(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n`)
    let sent = 0
    const chunk = Buffer.alloc(megabyte, name)
    const write = (): void => {
      while (sent < megabytes) {
        sent += 1
        if (!upload.write(chunk)) {
          upload.once('drain', write)
          return
        }
      }
      upload.end(`\r\n--${boundary}--\r\n`)
    }
    write()
  })

/** @throws when the upload is not taken */
export const benchUpload = async (megabytes: number): Promise<UploadBench> => {
  await using child = await startHttpChild()
  await send(child.port, 'warm-up', 1)
  const startMegabytes = await memoryOf(child.pid, 'VmRSS')
  const start = performance.now()
  const status = await send(child.port, 'large', megabytes)
  if (status !== 202) throw new Error(`The upload was answered with ${status}.`)
  const peakMegabytes = await memoryOf(child.pid, 'VmHWM')
  return {
    megabytes,
    seconds: (performance.now() - start) / 1000,
    startMegabytes,
    peakMegabytes,
    overStartMegabytes: peakMegabytes - startMegabytes,
  }
}

if (process.argv[1] === import.meta.filename) {
  const result = await benchUpload(Number(process.argv[2] ?? 500))
  process.stdout.write(
    `${result.megabytes} MB in ${result.seconds.toFixed(1)} s; server ${result.startMegabytes.toFixed(0)} MB before, ` +
      `${result.peakMegabytes.toFixed(0)} MB at its peak, ${result.overStartMegabytes.toFixed(0)} MB more (target < 200)\n`,
  )
}
