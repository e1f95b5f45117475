import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, truncate, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createEmbedder, createGenerator } from '../../src/models/model-client.ts'
import { ModelHost, modelHostSocket } from '../../src/models/model-host.ts'
import { createTempFolder, embeddingModel, generationMissing, generationModel } from './model-host-fixture.ts'

const passages = Array.from({ length: 100 }, (_, index) => ({
  title: '',
  text: `${index} ${'hydraulic oil press valve '.repeat(70)}`,
}))

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50))

const untilDead = async (pid: number): Promise<void> => {
  while (isAlive(pid)) await pause()
}

describe('the supervisor of the model host', () => {
  it('returns at once, and tells a caller that comes too early that the engine is not up', async () => {
    await using temp = await createTempFolder()
    const socket = path.join(temp.folder, 'host.sock')
    await using host = await ModelHost.start({ models: { embedding: embeddingModel }, socket })
    expect(host.status()).toMatchObject({ state: 'starting', restarts: 0 })
    await using embedder = createEmbedder({ baseUrl: host.baseUrl })
    await expect(embedder.embedQueries(['early'])).rejects.toMatchObject({ code: 'model_unavailable' })
    await host.ready
    expect(host.status().state).toBe('ready')
    await expect(embedder.embedQueries(['in time'])).resolves.toHaveLength(1)
  })

  it('fails what is in flight when the host is killed, starts it again, and serves the next call', async () => {
    await using temp = await createTempFolder()
    const socket = path.join(temp.folder, 'host.sock')
    await using host = await ModelHost.start({ models: { embedding: embeddingModel }, socket })
    await host.ready
    await using embedder = createEmbedder({ baseUrl: host.baseUrl })
    const before = await embedder.info()
    const inFlight = embedder.embedPassages(passages)
    await embedder.embedQueries(['it works on them now'])
    const { pid } = host.status()
    if (pid === undefined) throw new Error('the host has no process')
    process.kill(pid, 'SIGKILL')
    await expect(inFlight).rejects.toMatchObject({ code: 'model_unavailable' })
    await untilDead(pid)
    while (host.status().restarts === 0) await pause()
    await host.untilReady()
    expect(host.status()).toMatchObject({ state: 'ready', restarts: 1 })
    expect(host.status().pid).not.toBe(pid)
    await expect(embedder.embedQueries(['again'])).resolves.toHaveLength(1)
    expect((await embedder.info()).fingerprint).toBe(before.fingerprint)
  })

  it('ends the child on dispose, and the next host takes the socket over', async () => {
    await using temp = await createTempFolder()
    const socket = path.join(temp.folder, 'host.sock')
    const host = await ModelHost.start({ models: { embedding: embeddingModel }, socket })
    await host.ready
    const { pid } = host.status()
    await host[Symbol.asyncDispose]()
    expect(isAlive(pid ?? 0)).toBe(false)
    expect(host.status().state).toBe('stopped')
    await using next = await ModelHost.start({ models: { embedding: embeddingModel }, socket })
    await expect(next.ready).resolves.toBeUndefined()
  })

  it('refuses to take the socket of a host that lives', async () => {
    await using temp = await createTempFolder()
    const socket = path.join(temp.folder, 'host.sock')
    await using first = await ModelHost.start({ models: { embedding: embeddingModel }, socket })
    await first.ready
    await using second = await ModelHost.start({ models: { embedding: embeddingModel }, socket })
    await expect(second.ready).rejects.toMatchObject({ code: 'model_unavailable' })
    await using embedder = createEmbedder({ baseUrl: first.baseUrl })
    await expect(embedder.embedQueries(['still mine'])).resolves.toHaveLength(1)
  })

  it('does not leave the child behind when its own process is killed', async () => {
    await using temp = await createTempFolder()
    const script = path.join(temp.folder, 'parent.mts')
    const supervisor = fileURLToPath(new URL('../../src/models/model-host.ts', import.meta.url))
    const options = { models: { embedding: embeddingModel }, socket: path.join(temp.folder, 'host.sock') }
    await writeFile(
      script,
      `import { ModelHost } from ${JSON.stringify(supervisor)}
      const host = await ModelHost.start(${JSON.stringify(options)})
      await host.ready
      console.log(host.status().pid)
      setInterval(() => undefined, 1000)`,
    )
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
    const parent = spawn(process.execPath, ['--import', tsx, script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(parent.stdout, 'data')
    const pid = Number(String(line))
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await untilDead(pid)
  })

  it.each([
    ['no GGUF at all', async (file: string) => writeFile(file, 'GGUF? No, a letter.'.repeat(1_000))],
    [
      'cut off in the middle',
      async (file: string) => {
        await copyFile(embeddingModel.path, file)
        await truncate(file, 30_000_000)
      },
    ],
  ])('says that a model file is not valid when it is %s, and stays up', async (_, damage) => {
    await using temp = await createTempFolder()
    const file = path.join(temp.folder, 'broken.gguf')
    await damage(file)
    const broken = { name: 'broken', role: 'generation', path: file } as const
    const socket = path.join(temp.folder, 'host.sock')
    await using host = await ModelHost.start({ models: { embedding: embeddingModel, generation: broken }, socket })
    await expect(host.ready).rejects.toMatchObject({ code: 'model_invalid' })
    await using embedder = createEmbedder({ baseUrl: host.baseUrl })
    await using generator = createGenerator({ baseUrl: host.baseUrl })
    await expect(embedder.embedQueries(['the other model works'])).resolves.toHaveLength(1)
    await expect(generator.info()).rejects.toMatchObject({ code: 'model_invalid' })
  })

  it('says that a model file is missing', async () => {
    await using temp = await createTempFolder()
    const missing = { ...embeddingModel, path: path.join(temp.folder, 'none.gguf') }
    await using host = await ModelHost.start({
      models: { embedding: missing },
      socket: path.join(temp.folder, 'host.sock'),
    })
    await expect(host.ready).rejects.toMatchObject({ code: 'model_missing' })
  })

  it.skipIf(generationMissing !== '')(
    `serves the embedding model while the larger one is loaded${generationMissing}`,
    async () => {
      await using temp = await createTempFolder()
      const models = { embedding: embeddingModel, generation: generationModel }
      await using host = await ModelHost.start({ models, socket: path.join(temp.folder, 'host.sock') })
      await host.untilReady({ roles: ['embedding'] })
      await using embedder = createEmbedder({ baseUrl: host.baseUrl })
      await expect(embedder.embedQueries(['early'])).resolves.toHaveLength(1)
      await expect(host.ready).resolves.toBeUndefined()
    },
  )

  it('finds a socket path that fits however deep the data folder is', async () => {
    const deep = modelHostSocket(`/data/${'folder/'.repeat(40)}`)
    expect(Buffer.byteLength(deep)).toBeLessThanOrEqual(103)
    expect(modelHostSocket('/data')).toBe(`/data/model-host-${process.pid}.sock`)
    await expect(ModelHost.start({ models: {}, socket: `/${'x'.repeat(200)}` })).rejects.toMatchObject({
      code: 'setting_invalid',
    })
  })
})
