/** The API behind a real port: taken ports, callers who leave, stopping. */
import { readdir } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../src/http/server.ts'
import { createFixture, type HttpFixture } from './http-fakes.ts'

let http: HttpFixture
let server: RunningServer
beforeEach(async () => {
  http = await createFixture({ maxFileBytes: 50_000_000 })
  await http.ledger.collections.create(http.principal, { name: 'Presses' })
  server = await startServer(http.app, { host: '127.0.0.1', port: 0, graceMs: 2000 })
})
afterEach(async () => {
  await server.close()
  await http[Symbol.asyncDispose]()
})

const ask = (question: string, signal?: AbortSignal, stream = true) =>
  fetch(`${server.url}/api/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question, stream }),
    ...(signal ? { signal } : {}),
  })

const incoming = () => readdir(path.join(http.folder, 'originals', 'incoming'))
const documents = async () => (await http.ledger.documents.list(http.principal, {})).documents

/** Sends raw text (no half-close: Node takes that for a caller who left) and gives what comes back until the server closes. */
const exchange = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text))
    let received = ''
    socket.on('data', (chunk) => {
      received += String(chunk)
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
  })

/** Begins an upload and leaves it open. */
const beginUpload = async (declaredBytes: number): Promise<Socket> => {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(
    `POST /api/collections/Presses/documents HTTP/1.1\r\nhost: localhost:${server.port}\r\n` +
      `content-type: multipart/form-data; boundary=b\r\ncontent-length: ${declaredBytes}\r\n\r\n` +
      `--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n${'x'.repeat(100_000)}`,
  )
  await expect.poll(async () => (await incoming()).length).toBe(1)
  return socket
}

describe('startServer', () => {
  it('says that a port is taken', async () => {
    await expect(startServer(http.app, { host: '127.0.0.1', port: server.port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining(String(server.port)),
    })
  })

  it('says that an address is not of this machine', async () => {
    await expect(startServer(http.app, { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
      code: 'setting_invalid',
    })
  })

  it('answers a request whose Host is no host with a problem', async () => {
    const answer = await exchange('GET / HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer).toContain('application/problem+json')
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })

  it('refuses a name that was re-bound to this address', async () => {
    const answer = await exchange('GET /api/collections HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1.1 403 /)
    expect(answer).toContain('host_not_allowed')
  })

  it('takes an upload from the socket', async () => {
    const form = new FormData()
    form.append('file', new File(['x'.repeat(3_000_000)], '大きい.txt'))
    const response = await fetch(`${server.url}/api/collections/Presses/documents`, { method: 'POST', body: form })
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({ documents: [{ name: '大きい.txt' }], errors: [] })
    expect((await documents())[0]).toMatchObject({ bytes: 3_000_000 })
  })

  it('answers an upload that is malformed in its middle', async () => {
    const body = `--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n--b\r\nbroken header\r\n\r\n${'y'.repeat(200_000)}\r\n--b--\r\n`
    const answer = await exchange(
      `POST /api/collections/Presses/documents HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n` +
        `content-type: multipart/form-data; boundary=b\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer).toContain('invalid_request')
    expect(await documents()).toEqual([])
  })

  it('keeps nothing of an upload whose sender leaves', async () => {
    const socket = await beginUpload(10_000_000)
    socket.destroy()
    await expect.poll(incoming).toEqual([])
    expect(await documents()).toEqual([])
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })

  it.each([true, false])('stops the work when the caller leaves, stream: %s', async (stream) => {
    const controller = new AbortController()
    const response = ask('wait', controller.signal, stream)
    response.catch(() => undefined)
    await expect.poll(() => http.answerer.requests.length).toBe(1)
    if (stream) await (await response).body?.getReader().read()
    controller.abort()
    await expect.poll(() => http.answerer.stopped).toEqual(['wait'])
  })

  it('sends the first event before the answer is whole', async () => {
    const controller = new AbortController()
    const response = await ask('wait', controller.signal)
    const chunk = await response.body?.getReader().read()
    expect(new TextDecoder().decode(chunk?.value)).toMatch(/^event: passages\n/)
    controller.abort()
  })
})

describe('closing', () => {
  it('ends streams with an error event and waiting answers with a problem', async () => {
    const streamed = await ask('wait')
    const waiting = ask('wait', undefined, false)
    await expect.poll(() => http.answerer.requests.length).toBe(2)
    const events = streamed.text()
    await server.close()
    expect(await events).toMatch(/event: error\ndata: \{.*"code":"server_stopping"/)
    const response = await waiting
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'server_stopping' })
    expect(http.answerer.stopped).toEqual(['wait', 'wait'])
  })

  it('does not wait for idle connections or for senders that stall', async () => {
    await fetch(`${server.url}/healthz`)
    const socket = await beginUpload(10_000_000)
    await server.close()
    await expect.poll(incoming).toEqual([])
    expect(await documents()).toEqual([])
    socket.destroy()
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
  })
})
