import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findEntry } from '../../src/models/catalog.ts'
import { bundledModelsFolder, presentModels, resolveModelFile } from '../../src/models/model-file.ts'
import { makeModel } from './pull-fixtures.ts'

const bundledName = 'multilingual-e5-small'
const bundled = findEntry(bundledName)
const bundledPath = path.join(bundledModelsFolder, bundled?.file ?? '')

let base: string
let settings: { modelsFolder: string }

beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'kura-model-'))
  settings = { modelsFolder: base }
})

afterEach(async () => {
  await chmod(base, 0o755)
  await rm(base, { recursive: true, force: true })
})

describe('finding the file of a model', () => {
  it('finds the bundled model by its catalog name and has checked its sha256', async () => {
    const found = await resolveModelFile(bundledName, settings)
    expect(found).toMatchObject({
      path: bundledPath,
      name: bundledName,
      sha256: bundled?.sha256,
      bytes: bundled?.bytes,
    })
    expect(found.entry?.dimensions).toBe(384)
  })

  it('prefers a copy in the models folder, under the path of a file too, and knows it by its content', async () => {
    const copy = path.join(base, bundled?.file ?? '')
    await copyFile(bundledPath, copy)
    expect((await resolveModelFile(bundledName, settings)).path).toBe(copy)

    const renamed = path.join(base, 'mine.gguf')
    await copyFile(bundledPath, renamed)
    for (const name of [renamed, 'mine.gguf', path.relative(process.cwd(), renamed)]) {
      expect(await resolveModelFile(name, settings)).toMatchObject({ path: renamed, name: bundledName })
    }
  })

  it('takes the bundled model where the copy in the models folder is broken', async () => {
    await writeFile(path.join(base, bundled?.file ?? ''), 'GGUF')
    expect((await resolveModelFile(bundledName, settings)).path).toBe(bundledPath)
  })

  it('remembers the check until the file changes', async () => {
    const file = path.join(base, 'mine.gguf')
    await copyFile(bundledPath, file)
    await resolveModelFile(file, settings)
    const sidecar = JSON.parse(await readFile(`${file}.ok.json`, 'utf8'))
    expect(sidecar.sha256).toBe(bundled?.sha256)

    await writeFile(`${file}.ok.json`, JSON.stringify({ ...sidecar, sha256: 'f'.repeat(64) }))
    expect((await resolveModelFile(file, settings)).sha256).toBe('f'.repeat(64))
    await utimes(file, new Date(), new Date())
    expect((await resolveModelFile(file, settings)).sha256).toBe(bundled?.sha256)
  })

  it('works in a folder where nothing can be written', async () => {
    const file = path.join(base, 'mine.gguf')
    await copyFile(bundledPath, file)
    // A folder in place of the sidecar stops the root user of a container too.
    await mkdir(`${file}.ok.json`)
    await chmod(base, 0o555)
    expect((await resolveModelFile(file, settings)).sha256).toBe(bundled?.sha256)
  })

  it('lists the models that are here by name', async () => {
    expect([...presentModels(settings)]).toContain(bundledName)
    expect([...presentModels(settings)]).not.toContain('bge-m3')
  })
})

describe('a model that is not as it should be', () => {
  const failure = (name: string) => resolveModelFile(name, settings).catch((error: unknown) => error)

  it('is missing with the command that pulls it', async () => {
    expect(await failure('bge-m3')).toMatchObject({
      code: 'model_missing',
      message: expect.stringContaining('kura models pull bge-m3'),
    })
    expect(await failure('/no/such/model.gguf')).toMatchObject({ code: 'model_missing' })
  })

  it('is unknown with the names that are known', async () => {
    expect(await failure('gpt-5')).toMatchObject({
      code: 'model_unknown',
      message: expect.stringContaining('llama-3.1-8b-instruct'),
    })
  })

  it('is invalid with the size or sha256 that was expected', async () => {
    const entry = findEntry('bge-m3')
    const file = path.join(base, entry?.file ?? '')
    await writeFile(file, makeModel(1000))
    expect(await failure('bge-m3')).toMatchObject({
      code: 'model_invalid',
      message: expect.stringContaining('expected 634,553,760 bytes'),
    })
  })

  it('is invalid where it is no GGUF, empty, a folder, or of another version', async () => {
    const contents = { 'text.gguf': 'This is a letter, not a model.', 'empty.gguf': '', 'short.gguf': 'GGUF' }
    for (const [name, content] of Object.entries(contents)) {
      await writeFile(path.join(base, name), content)
      expect(await failure(path.join(base, name)), name).toMatchObject({ code: 'model_invalid' })
    }
    const old = makeModel(1000)
    old.writeUInt32LE(1, 4)
    await writeFile(path.join(base, 'old.gguf'), old)
    expect(await failure(path.join(base, 'old.gguf'))).toMatchObject({ code: 'model_invalid' })
    expect(await failure(`${base}/`)).toMatchObject({ code: 'model_invalid' })
  })

  it('is invalid where it is cut off, whether in its header or in its tensors', async () => {
    const whole = await readFile(bundledPath)
    for (const bytes of [100, 100_000, 60_000_000]) {
      const file = path.join(base, `cut-${bytes}.gguf`)
      await writeFile(file, whole.subarray(0, bytes))
      expect(await failure(file), String(bytes)).toMatchObject({ code: 'model_invalid' })
    }
    expect((await readdir(base)).filter((name) => name.endsWith('.ok.json'))).toEqual([])
  })

  it('stops reading when it is told to', async () => {
    await copyFile(bundledPath, path.join(base, 'mine.gguf'))
    const signal = AbortSignal.abort()
    await expect(resolveModelFile(path.join(base, 'mine.gguf'), settings, { signal })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })
})
