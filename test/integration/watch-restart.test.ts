import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { DocumentId } from '../../src/core/ids.ts'
import { localAdministrator } from '../../src/core/principal.ts'
import type { Intake } from '../../src/store/intake.ts'
import { closeAfterTest } from './store-fixtures.ts'
import { leftovers, openFixture, until, waitALittle } from './watch-fixtures.ts'

/** Registers, and then is as if the process had ended. */
class BreaksOff implements Pick<Intake, 'store' | 'register'> {
  readonly #intake: Intake
  #onRegistered: () => void = () => undefined
  readonly registered = new Promise<void>((resolve) => {
    this.#onRegistered = resolve
  })

  constructor(intake: Intake) {
    this.#intake = intake
  }

  store(...args: Parameters<Intake['store']>) {
    return this.#intake.store(...args)
  }

  async register(...args: Parameters<Intake['register']>): ReturnType<Intake['register']> {
    await this.#intake.register(...args)
    this.#onRegistered()
    return new Promise(() => undefined)
  }
}

describe('a watched folder after a restart', () => {
  it('is compared with what was known: new, changed, renamed and deleted files are found', async () => {
    const { root, write, watch, start, untilDocuments, revisions, ledger } = await openFixture()
    for (const name of ['same', 'changed', 'renamed', 'deleted']) await write(`${name}.txt`, `text of ${name}`)
    const { watcher, id } = await watch('remove')
    const before = await untilDocuments('changed.txt', 'deleted.txt', 'renamed.txt', 'same.txt')
    await until('all are recorded', async () => (await ledger.watchedFolders.counts(id)).present === 4)
    await watcher[Symbol.asyncDispose]()
    await write('new.txt', 'new')
    await write('changed.txt', 'another text')
    await rename(join(root, 'renamed.txt'), join(root, 'moved.txt'))
    await rm(join(root, 'deleted.txt'))
    start()
    const after = await untilDocuments('changed.txt', 'moved.txt', 'new.txt', 'same.txt')
    const idOf = (documents: typeof after, name: string): DocumentId => {
      const document = documents.find((each) => each.name === name)
      if (!document) throw new Error(`There is no document ${name}.`)
      return document.id
    }
    expect(idOf(after, 'moved.txt')).toBe(idOf(before, 'renamed.txt'))
    expect(idOf(after, 'same.txt')).toBe(idOf(before, 'same.txt'))
    expect(idOf(after, 'changed.txt')).toBe(idOf(before, 'changed.txt'))
    const changed = idOf(after, 'changed.txt')
    await until('there are two revisions', async () => (await revisions(changed)).length === 2)
    expect(await revisions(idOf(after, 'same.txt'))).toHaveLength(1)
  })

  /** What is there after the program has ended between making a document of `a.txt` and recording it. */
  const breakOff = async () => {
    const fixture = await openFixture()
    await fixture.write('a.txt', 'a')
    const broken = new BreaksOff(fixture.intake)
    const { watcher, id } = await fixture.watch('remove', { intake: broken })
    await broken.registered
    await watcher[Symbol.asyncDispose]()
    expect((await fixture.ledger.watchedFolders.file(id, 'a.txt'))?.documentId).toBeNull()
    const document = await fixture.untilDocument('a.txt')
    const untilRecorded = (path: string) =>
      until('it is recorded', async () => {
        const file = await fixture.ledger.watchedFolders.file(id, path)
        return file?.documentId ? file : undefined
      })
    return { ...fixture, id, document, untilRecorded }
  }

  it('makes no second document of a file whose document was made but not recorded', async () => {
    const { start, untilDocuments, untilRecorded, document } = await breakOff()
    start()
    expect((await untilRecorded('a.txt')).documentId).toBe(document.id)
    expect(await untilDocuments('a.txt')).toHaveLength(1)
  })

  it('knows that document also where the file was changed before the start', async () => {
    const { write, start, untilDocuments, revisions, document } = await breakOff()
    await write('a.txt', 'changed')
    start()
    await until('it has a second revision', async () => (await revisions(document.id)).length === 2)
    expect(await untilDocuments('a.txt')).toHaveLength(1)
  })

  it('knows that document also where the file was renamed or deleted before the start', async () => {
    const { root, write, start, untilDocuments, untilRecorded, document } = await breakOff()
    await rename(join(root, 'a.txt'), join(root, 'b.txt'))
    const watcher = start()
    expect((await untilRecorded('b.txt')).documentId).toBe(document.id)
    await untilDocuments('b.txt')
    await watcher[Symbol.asyncDispose]()
    await rm(join(root, 'b.txt'))
    await write('c.txt', 'c')
    start()
    await untilDocuments('c.txt')
  })

  it('makes no second document where the first one turned out to be unreadable meanwhile', async () => {
    const { start, untilDocuments, untilRecorded, document, ledger } = await breakOff()
    const failure = { code: 'file_damaged', message: 'The file is damaged.' }
    await ledger.documents.fail(document.revisionId, failure, 'failed')
    start()
    expect((await untilRecorded('a.txt')).documentId).toBe(document.id)
    expect(await untilDocuments('a.txt')).toHaveLength(1)
  })

  it('makes no second document of an unreadable file when the folder is watched anew', async () => {
    const { start, untilDocuments, untilRecorded, document, ledger, root, collectionId, id } = await breakOff()
    await ledger.documents.fail(document.revisionId, { code: 'file_damaged', message: 'Damaged.' }, 'failed')
    const watcher = start()
    await untilRecorded('a.txt')
    await watcher.remove(localAdministrator, id)
    const again = await watcher.add(localAdministrator, { path: root, collectionId, whenRemoved: 'keep' })
    const file = await until('it is known', () => ledger.watchedFolders.file(again.id, 'a.txt'))
    expect(file.documentId).toBe(document.id)
    expect(await untilDocuments('a.txt')).toHaveLength(1)
  })

  it('makes no second revision of a change whose revision was made but not recorded', async () => {
    const { write, watch, start, untilDocument, untilDocuments, revisions, intake, ledger } = await openFixture()
    await write('a.txt', 'first')
    const { watcher, id } = await watch('remove')
    const document = await untilDocument('a.txt')
    await until('it is recorded', () => ledger.watchedFolders.file(id, 'a.txt'))
    await watcher[Symbol.asyncDispose]()
    await write('a.txt', 'second')
    const broken = new BreaksOff(intake)
    const second = start({ intake: broken })
    await broken.registered
    await second[Symbol.asyncDispose]()
    const [, revision] = await revisions(document.id)
    if (!revision) throw new Error('no revision')
    await ledger.documents.fail(revision.id, { code: 'file_damaged', message: 'The file is damaged.' }, 'failed')
    start()
    await until(
      'it is recorded',
      async () => (await ledger.watchedFolders.file(id, 'a.txt'))?.sha256 === revision.sha256,
    )
    await waitALittle()
    expect(await revisions(document.id)).toHaveLength(2)
    expect(await untilDocuments('a.txt')).toHaveLength(1)
  })

  it('stands as the disk does after kill -9 at any moment', async () => {
    const { data, root, write, ledger, collectionId, start, untilDocuments, revisions } = await openFixture()
    const folder = { path: root, collectionId, whenRemoved: 'remove' } as const
    const { id } = await ledger.watchedFolders.create(localAdministrator, folder)
    const random = seeded(7)
    for (let round = 0; round < 12; round += 1) {
      const child = startChild(data)
      for (let index = 0; index < 8; index += 1) {
        await write(`${round}/${index}.txt`, `file ${index} of round ${round}`)
        if (round > 0) await write(`${round - 1}/${index}.txt`, `file ${index} of round ${round - 1}, revised`)
      }
      if (round > 2) await rm(join(root, `${round - 3}`, '0.txt'))
      if (round > 2) await rename(join(root, `${round - 3}`, '1.txt'), join(root, `${round - 3}`, `moved.txt`))
      await once(child.stdout ?? child, 'data')
      await sleep(random() * 400)
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    start()
    const names: string[] = []
    for (let round = 0; round < 12; round += 1) {
      const isTidied = round <= 8
      for (let index = 0; index < 8; index += 1) {
        if (isTidied && index === 0) continue
        names.push(isTidied && index === 1 ? 'moved.txt' : `${index}.txt`)
      }
    }
    const documents = await untilDocuments(...names)
    await until('all are recorded', async () => (await ledger.watchedFolders.counts(id)).present === names.length)
    await waitALittle()
    await untilDocuments(...names)
    for (const document of documents) {
      const contents = (await revisions(document.id)).map(({ sha256 }) => sha256)
      expect(new Set(contents).size).toBe(contents.length)
    }
    const files = await ledger.watchedFolders.files(id, { limit: 1000 })
    expect(new Set(files.map(({ documentId }) => documentId)).size).toBe(names.length)
    for (const file of files) {
      const document = documents.find((each) => each.id === file.documentId)
      expect([file.path, file.sha256, file.error]).toEqual([file.path, document?.sha256, null])
    }
  })
})

describe('a watcher that is stopped', () => {
  it('does not wait for a share that does not answer', async () => {
    const { write, watch, intake } = await openFixture()
    let onAsked: () => void = () => undefined
    const asked = new Promise<void>((resolve) => {
      onAsked = resolve
    })
    const hanging: Pick<Intake, 'store' | 'register'> = {
      store: () => {
        onAsked()
        return new Promise(() => undefined)
      },
      register: (...args) => intake.register(...args),
    }
    await write('a.txt', 'a')
    const { watcher } = await watch('remove', { intake: hanging })
    await asked
    await watcher[Symbol.asyncDispose]()
  })

  it('leaves nothing behind of a file that it was copying', async () => {
    const { data, write, watch, intake } = await openFixture()
    let onStored: () => void = () => undefined
    const storing = new Promise<void>((resolve) => {
      onStored = resolve
    })
    const slow: Pick<Intake, 'store' | 'register'> = {
      store: async (file) => {
        const stored = await intake.store(file)
        onStored()
        await sleep(300)
        return stored
      },
      register: (...args) => intake.register(...args),
    }
    await write('a.txt', 'a')
    const { watcher } = await watch('remove', { intake: slow })
    await storing
    await watcher[Symbol.asyncDispose]()
    await until('the copy is gone', async () => (await leftovers(data)).length === 0)
  })
})

const startChild = (data: string): ChildProcess => {
  const path = fileURLToPath(new URL('./watch-child.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), path, data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  closeAfterTest({
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
    },
  })
  return child
}

/** Mulberry32: the same numbers each time. */
const seeded = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
