import { mkdir, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ApiClient } from '../../src/cli/api-client.ts'
import { addWatch, listWatches, removeWatch, showWatch } from '../../src/cli/manage-watches.ts'
import { Output } from '../../src/cli/output.ts'
import { createApp } from '../../src/http/create-app.ts'
import { Intake } from '../../src/store/intake.ts'
import { FolderWatcher } from '../../src/watch/folder-watcher.ts'
import { createFixture } from './http-fakes.ts'
import { until } from './watch-fixtures.ts'

const cleanups: AsyncDisposable[] = []
afterEach(async () => {
  for (const part of cleanups.splice(0).reverse()) await part[Symbol.asyncDispose]()
})

/** Keeps the results in place of printing them. */
class KeptOutput extends Output {
  readonly results: { value: unknown; text: string }[] = []

  constructor() {
    super({ json: true })
  }

  override result(value: unknown, text: string): void {
    this.results.push({ value, text })
  }
}

const open = async (options: { start: boolean }) => {
  const fixture = await createFixture()
  cleanups.push(fixture)
  const root = join(fixture.folder, 'share')
  await mkdir(root)
  const { ledger, deps } = fixture
  const data = join(fixture.folder, 'originals')
  const watches = new FolderWatcher({
    ledger,
    intake: new Intake({ ledger, originals: fixture.originals, maxFileBytes: 1_000_000 }),
    logger: deps.logger,
    dataFolder: data,
    maxFileBytes: 1_000_000,
    timing: { steadyMs: 60, goneMs: 250, lookMs: 80 },
  })
  cleanups.push(watches)
  if (options.start) watches.start()
  const app = createApp({ ...deps, watches })
  const send = async (method: string, address: string, body?: unknown) => {
    const init =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await app.request(address, { method, ...init })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) }
  }
  await send('POST', '/api/collections', { name: 'Press shop' })
  const api = new ApiClient(async (address, init) => app.request(`http://127.0.0.1${address}`, init))
  return { ...fixture, root: await realpath(root), data, send, api }
}

describe('the API of watched folders', () => {
  it('adds a folder, shows its files, and stops watching it', async () => {
    const { root, send } = await open({ start: true })
    await writeFile(join(root, 'good.txt'), 'good')
    await writeFile(join(root, 'empty.txt'), '')
    const added = await send('POST', '/api/watched-folders', {
      path: root,
      collection: 'Press shop',
      whenRemoved: 'withdraw',
    })
    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({ path: root, whenRemoved: 'withdraw', reason: null })
    const address = `/api/watched-folders/${added.body?.id}`
    const shown = await until('both files are known', async () => {
      const { body } = await send('GET', address)
      const files = z.array(z.object({ path: z.string(), documentId: z.string().nullable() })).parse(body?.files)
      return files.length === 2 && files.some(({ documentId }) => documentId) && body
    })
    expect(shown).toMatchObject({ state: 'watching', fileCount: 2, failedCount: 1 })
    expect(shown.files).toMatchObject([
      { path: 'empty.txt', documentId: null, error: { code: 'file_empty' } },
      { path: 'good.txt', bytes: 4, error: null },
    ])
    expect((await send('GET', '/api/watched-folders')).body).toMatchObject({ watchedFolders: [{ path: root }] })
    expect((await send('DELETE', address)).status).toBe(204)
    expect((await send('GET', address)).body).toMatchObject({ code: 'watch_not_found' })
    expect((await send('DELETE', address)).status).toBe(404)
    expect((await send('GET', '/api/documents')).body).toMatchObject({ documents: [{ name: 'good.txt' }] })
  })

  it('refuses what is not right with its code', async () => {
    const { root, data, send } = await open({ start: false })
    const codeOf = async (body: object) => (await send('POST', '/api/watched-folders', body)).body?.code
    expect(await codeOf({ path: root, collection: 'unknown' })).toBe('collection_not_found')
    expect(await codeOf({ path: 'share', collection: 'Press shop' })).toBe('watch_path_invalid')
    expect(await codeOf({ path: data, collection: 'Press shop' })).toBe('watch_path_invalid')
    expect(await codeOf({ path: root })).toBe('invalid_request')
    expect(await codeOf({ path: root, collection: 'Press shop', whenRemoved: 'forget' })).toBe('invalid_request')
    expect(await codeOf({ path: root, collection: 'Press shop' })).toBeUndefined()
    expect(await codeOf({ path: root, collection: 'Press shop' })).toBe('watch_exists')
    const { body } = await send('GET', '/api/watched-folders')
    expect(body).toMatchObject({ watchedFolders: [{ state: 'off', whenRemoved: 'keep' }] })
  })

  it('gives many files in parts, each once', async () => {
    const { root, send, ledger, principal } = await open({ start: false })
    const { body } = await send('POST', '/api/watched-folders', { path: root, collection: 'Press shop' })
    const [folder] = await ledger.watchedFolders.list(principal)
    if (!folder) throw new Error('There is no watched folder.')
    const paths = Array.from({ length: 25 }, (_, index) => `部品/${index}.txt`)
    for (const path of paths) {
      const file = { path, documentId: null, sha256: null, bytes: 1, modifiedAt: new Date().toISOString(), error: null }
      await ledger.watchedFolders.record(folder.id, file)
    }
    const found: string[] = []
    let query = '?limit=10'
    for (let part = 0; part < 3; part += 1) {
      const shown = (await send('GET', `/api/watched-folders/${body?.id}${query}`)).body
      found.push(
        ...z
          .array(z.object({ path: z.string() }))
          .parse(shown?.files)
          .map(({ path }) => path),
      )
      query = `?limit=10&cursor=${shown?.nextCursor}`
      expect(shown?.nextCursor === undefined).toBe(part === 2)
    }
    expect(found.sort()).toEqual(paths.sort())
  })
})

describe('kura watch', () => {
  it('adds, lists, shows and removes', async () => {
    const { root, api, send } = await open({ start: true })
    const output = new KeptOutput()
    const last = () => output.results.at(-1)
    await writeFile(join(root, 'a.txt'), 'a')
    await addWatch(api, root, { collection: 'New collection', whenRemoved: 'keep' }, output)
    const { id } = z.object({ id: z.string() }).parse(last()?.value)
    expect((await send('GET', '/api/collections')).body).toMatchObject({
      collections: [{ name: 'New collection' }, {}],
    })
    await until('the file is shown with its document', async () => {
      await showWatch(api, id, output)
      return /doc_\w+ +a\.txt/.test(last()?.text ?? '')
    })
    expect(last()?.value).toMatchObject({ id, files: [{ path: 'a.txt', error: null }] })
    await listWatches(api, output)
    expect(last()?.text).toContain(root)
    await removeWatch(api, id, output)
    await listWatches(api, output)
    expect(last()?.value).toEqual({ watchedFolders: [] })
  })
})
