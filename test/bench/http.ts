/**
 * The API's own part of a search: time of a request whose retriever answers at once with ten passages of 1,500 characters, beside a bare
 * server of Node in turn, so that a busy machine weighs on both. Target: p95 under 10 ms over the bare server's. Run: node --import tsx test/bench/http.ts [REQUESTS]
 */
import { Agent, request } from 'node:http'
import { startHttpChild } from './start-http-child.ts'

export interface HttpBench {
  readonly requests: number
  readonly responseBytes: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly bareP50Ms: number
  readonly bareP95Ms: number
}

const body = JSON.stringify({ query: 'How is the press locked out?', limit: 10 })

const search = (port: number, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(
      {
        port,
        agent,
        host: '127.0.0.1',
        method: 'POST',
        path: '/api/search',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
        })
        response.on('end', () => {
          if (response.statusCode === 200) resolve(bytes)
          else reject(new Error(`The search was answered with ${response.statusCode}.`))
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

export const benchHttp = async (requests: number): Promise<HttpBench> => {
  await using child = await startHttpChild()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let responseBytes = 0
  const times: number[] = []
  const bareTimes: number[] = []
  for (let i = -200; i < requests; i += 1) {
    const start = performance.now()
    responseBytes = await search(child.port, agent)
    const middle = performance.now()
    await search(child.barePort, agent)
    const end = performance.now()
    // the first 200 warm the machine up
    if (i < 0) continue
    times.push(middle - start)
    bareTimes.push(end - middle)
  }
  agent.destroy()
  times.sort((a, b) => a - b)
  bareTimes.sort((a, b) => a - b)
  return {
    requests,
    responseBytes,
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    bareP50Ms: percentile(bareTimes, 0.5),
    bareP95Ms: percentile(bareTimes, 0.95),
  }
}

if (process.argv[1] === import.meta.filename) {
  const result = await benchHttp(Number(process.argv[2] ?? 2000))
  const { p50Ms, p95Ms, bareP50Ms, bareP95Ms } = result
  process.stdout.write(
    `${result.requests} searches of ${result.responseBytes} bytes: p50 ${p50Ms.toFixed(2)} ms, p95 ${p95Ms.toFixed(2)} ms; ` +
      `bare server p50 ${bareP50Ms.toFixed(2)} ms, p95 ${bareP95Ms.toFixed(2)} ms; ` +
      `the API's own p95 ${(p95Ms - bareP95Ms).toFixed(2)} ms (target < 10)\n`,
  )
}
