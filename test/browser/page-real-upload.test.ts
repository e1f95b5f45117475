/** The built page against the real HTTP API: what tus-js-client sends in Chromium is what the tus server takes, under the real policy. */
import { readFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/http/create-app.ts'
import { startServer } from '../../src/http/server.ts'
import { createFixture } from '../integration/http-fakes.ts'
import { Stage, watchPage } from './open-page.ts'

let stage: Stage

beforeAll(async () => {
  stage = await Stage.open()
})

afterAll(() => stage[Symbol.asyncDispose]())

/** A wire between browser and server that is cut once, after so many bytes to the server. */
const openWire = async (port: number, cutAfterBytes: number) => {
  let left = cutAfterBytes
  let cuts = 0
  const sockets = new Set<Socket>()
  const wire: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    near.on('data', (bytes) => {
      left -= bytes.length
      if (left < 0 && cuts === 0) {
        cuts += 1
        near.destroy()
        far.destroy()
      }
    })
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
  const address = wire.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    cuts: () => cuts,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => wire.close(resolve))
    },
  }
}

describe('an upload through the page', () => {
  it('comes in byte for byte although the connection is cut in the middle', async () => {
    await using http = await createFixture({ maxFileBytes: 50_000_000 })
    await http.send('POST', '/api/collections', { name: 'Presses' })
    const app = createApp(http.deps, { pageFolder: stage.folder })
    await using server = await startServer(app, { host: '127.0.0.1', port: 0, graceMs: 100 })
    await using wire = await openWire(server.port, 6_000_000)
    const { page, faults } = await watchPage(stage.browser, wire.url)
    await page.goto(`${wire.url}/#/documents`)
    const content = Buffer.from(Array.from({ length: 12_000_000 }, (_, index) => (index * 31) % 251))
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([{ name: '壓床 手冊.txt', mimeType: 'text/plain', buffer: content }])
    await page.locator('.upload').getByText('Waiting in line').waitFor()
    expect(wire.cuts()).toBe(1)
    const [document] = (await http.ledger.documents.list(http.principal, {})).documents
    expect(document).toMatchObject({ name: '壓床 手冊.txt', bytes: content.length })
    expect((await readFile(http.originals.pathOf(document?.sha256 ?? ''))).equals(content)).toBe(true)
    expect(faults).toEqual([])
    await page.context().close()
  })
})
