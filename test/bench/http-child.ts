/**
 * Child of the HTTP benches: the API with real stores in a temporary folder and fakes for the models, and beside it a bare server
 * that answers with as many bytes as a search. Prints both ports; ends with stdin.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { localAdministrator } from '../../src/core/principal.ts'
import { startServer } from '../../src/http/server.ts'
import { createFixture, fakePassage } from '../integration/http-fakes.ts'

await using http = await createFixture({ maxFileBytes: 2 ** 30 })
await http.ledger.collections.create(localAdministrator, { name: 'bench' })
const text = 'The hydraulic press is locked out before maintenance. '.repeat(28)
http.retriever.passages = Array.from({ length: 10 }, (_, i) => ({
  ...fakePassage(text),
  segmentBoxes: Array.from({ length: 28 }, (_, line) => [
    { page: 3, x: 0.1, y: (line + i) / 100, width: 0.8, height: 0.01 },
  ]),
}))
await using server = await startServer(http.app, { host: '127.0.0.1', port: 0 })
const response = await http.send('POST', '/api/search', { query: 'size' })
const bareBody = await response.text()
const bare = createServer((request, answer) => {
  request.resume()
  request.on('end', () => answer.end(bareBody))
})
bare.listen(0, '127.0.0.1')
await once(bare, 'listening')
process.stdout.write(`${server.port} ${(bare.address() as AddressInfo).port}\n`)
for await (const _ of process.stdin);
bare.close()
