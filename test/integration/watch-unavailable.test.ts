import { renameSync } from 'node:fs'
import { mkdir, readdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { localAdministrator } from '../../src/core/principal.ts'
import type { FolderEvents, FolderListener } from '../../src/watch/folder-events.ts'
import { codeOf } from './store-fixtures.ts'
import { openFixture, until, waitALittle } from './watch-fixtures.ts'

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `${name}.txt`)

/** Says nothing of its own accord. */
class SilentEvents {
  readonly listeners: FolderListener[] = []
  closed = 0
  readonly open: FolderEvents = (_folder, listener) => {
    this.listeners.push(listener)
    return {
      [Symbol.asyncDispose]: async () => {
        this.closed += 1
      },
    }
  }
}

describe('a watched folder that is unavailable', () => {
  it('takes no document along when it vanishes, says so, and is compared when it is back', async () => {
    const { root, write, watch, untilDocuments, log } = await openFixture()
    for (const name of names) await write(name, `text of ${name}`)
    const { watcher, id } = await watch('remove')
    const before = await untilDocuments(...names)
    await rename(root, `${root}.gone`)
    const status = await until('it is unavailable', async () => {
      const folder = await watcher.get(localAdministrator, id)
      return folder.state === 'unavailable' && folder
    })
    expect(status.reason).toContain('no folder')
    await waitALittle()
    await untilDocuments(...names)
    await rm(join(`${root}.gone`, 'a.txt'))
    await writeFile(join(`${root}.gone`, 'new.txt'), 'new')
    await rename(`${root}.gone`, root)
    const after = await untilDocuments(...names.slice(1), 'new.txt')
    expect(before.map((each) => each.id)).toEqual(
      expect.arrayContaining(after.filter(({ name }) => name !== 'new.txt').map((each) => each.id)),
    )
    expect((await watcher.get(localAdministrator, id)).state).toBe('watching')
    await write('later.txt', 'events come again')
    await untilDocuments(...names.slice(1), 'later.txt', 'new.txt')
    expect(log.filter((line) => line.includes('unavailable'))).toHaveLength(1)
  })

  it('takes no document along when all its files are gone at once, as those of a share that is not mounted', async () => {
    const { root, write, watch, untilDocuments } = await openFixture()
    for (const name of names) await write(name, `text of ${name}`)
    const { watcher, id } = await watch('remove')
    await untilDocuments(...names)
    const elsewhere = join(root, '..', 'elsewhere')
    await mkdir(elsewhere)
    // Without a pause: the watcher runs in this process, so it can not conclude anything before all are gone.
    for (const name of await readdir(root)) renameSync(join(root, name), join(elsewhere, name))
    const status = await until('it is unavailable', async () => {
      const folder = await watcher.get(localAdministrator, id)
      return folder.state === 'unavailable' && folder
    })
    expect(status.reason).toContain('empty')
    await waitALittle()
    await untilDocuments(...names)
    for (const name of names.slice(1)) await rename(join(elsewhere, name), join(root, name))
    await untilDocuments(...names.slice(1))
  })

  it('is so at the start too, where the share is not mounted yet', async () => {
    const { root, write, watch, start, untilDocuments, ledger } = await openFixture()
    for (const name of names) await write(name, `text of ${name}`)
    const { watcher, id } = await watch('remove')
    await untilDocuments(...names)
    await until('all are recorded', async () => (await ledger.watchedFolders.counts(id)).present === names.length)
    await watcher[Symbol.asyncDispose]()
    await rename(root, `${root}.unmounted`)
    await mkdir(root)
    const second = start()
    await until('it is unavailable', async () => (await second.get(localAdministrator, id)).state === 'unavailable')
    await untilDocuments(...names)
    await rm(root, { recursive: true })
    await rename(`${root}.unmounted`, root)
    await until('it is watched', async () => (await second.get(localAdministrator, id)).state === 'watching')
    await waitALittle()
    await untilDocuments(...names)
  })

  it('takes not even a single document along when an empty folder has come to its place', async () => {
    const { root, write, watch, untilDocuments } = await openFixture()
    await write('a.txt', 'a')
    const { watcher, id } = await watch('remove')
    await untilDocuments('a.txt')
    await rename(root, `${root}.gone`)
    await mkdir(root)
    await until('it is unavailable', async () => (await watcher.get(localAdministrator, id)).state === 'unavailable')
    await waitALittle()
    await untilDocuments('a.txt')
    await write('b.txt', 'b')
    await untilDocuments('b.txt')
  })

  it('may be emptied of a few files', async () => {
    const { root, write, watch, untilDocuments } = await openFixture()
    await write('a.txt', 'a')
    await write('b.txt', 'b')
    await watch('remove')
    await untilDocuments('a.txt', 'b.txt')
    await rm(join(root, 'a.txt'))
    await rm(join(root, 'b.txt'))
    await untilDocuments()
  })
})

describe('a folder of which the system tells nothing', () => {
  it('is compared again and again where the system can not watch so many files', async () => {
    const { root, write, watch, untilDocument, untilDocuments, revisions, log } = await openFixture()
    const events = new SilentEvents()
    await write('a.txt', 'a')
    await watch('remove', { events: events.open })
    const document = await untilDocument('a.txt')
    await write('unheard.txt', 'unheard')
    await waitALittle()
    await untilDocuments('a.txt')
    const exhausted = Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), {
      code: 'ENOSPC',
    })
    events.listeners[0]?.failed(exhausted, true)
    events.listeners[0]?.failed(exhausted, true)
    await untilDocuments('a.txt', 'unheard.txt')
    await write('a.txt', 'another text')
    await until('the change is found', async () => (await revisions(document.id)).length === 2)
    await rename(join(root, 'unheard.txt'), join(root, 'renamed.txt'))
    await untilDocuments('a.txt', 'renamed.txt')
    await rm(join(root, 'renamed.txt'))
    await untilDocuments('a.txt')
    expect(log.filter((line) => line.includes('max_user_watches'))).toHaveLength(1)
    expect(events.closed).toBe(1)
  })

  it('is compared as a whole where events were lost', async () => {
    const { write, watch, untilDocuments } = await openFixture()
    const events = new SilentEvents()
    await watch('remove', { events: events.open })
    await until('it listens', async () => events.listeners.length > 0)
    await write('a.txt', 'a')
    events.listeners[0]?.failed(new Error('overflow'), false)
    await untilDocuments('a.txt')
  })
})

describe('adding a folder', () => {
  it('refuses what can not be watched', async () => {
    const { root, data, start, collectionId, write } = await openFixture()
    const watcher = start()
    await write('inner/a.txt', 'a')
    await symlink(data, join(root, 'link'))
    const add = (path: string) => codeOf(watcher.add(localAdministrator, { path, collectionId, whenRemoved: 'keep' }))
    expect(await add('relative/path')).toBe('watch_path_invalid')
    expect(await add('')).toBe('watch_path_invalid')
    expect(await add(`${root}\0`)).toBe('watch_path_invalid')
    expect(await add(join(root, 'missing'))).toBe('watch_path_invalid')
    expect(await add(join(root, 'inner/a.txt'))).toBe('watch_path_invalid')
    expect(await add(data)).toBe('watch_path_invalid')
    expect(await add(join(data, 'originals'))).toBe('watch_path_invalid')
    expect(await add(join(data, '..'))).toBe('watch_path_invalid')
    expect(await add(join(root, 'link'))).toBe('watch_path_invalid')
    expect(await add('/')).toBe('watch_path_invalid')
    expect(await add(join(root, 'inner'))).toBe('accepted')
    expect(await add(join(root, 'inner'))).toBe('watch_exists')
    expect(await add(root)).toBe('watch_exists')
    await mkdir(join(root, 'inner/deeper'))
    expect(await add(join(root, 'inner/deeper'))).toBe('watch_exists')
    await mkdir(join(root, 'inner beside'))
    expect(await add(join(root, 'inner beside'))).toBe('accepted')
  })

  it('through a link watches what the link leads to', async () => {
    const { root, write, start, collectionId, untilDocuments } = await openFixture()
    const watcher = start()
    const link = join(root, '..', 'link')
    await symlink(root, link)
    const { path } = await watcher.add(localAdministrator, { path: link, collectionId, whenRemoved: 'keep' })
    expect(path).toBe(await realpath(root))
    await write('a.txt', 'a')
    await untilDocuments('a.txt')
  })

  it('by another process is noticed, and so is removing', async () => {
    const { root, write, start, ledger, collectionId, untilDocuments } = await openFixture()
    const watcher = start()
    await write('a.txt', 'a')
    const folder = { path: root, collectionId, whenRemoved: 'keep' } as const
    const { id } = await ledger.watchedFolders.create(localAdministrator, folder)
    await untilDocuments('a.txt')
    await watcher.remove(localAdministrator, id)
    expect(await watcher.list(localAdministrator)).toEqual([])
    expect(await codeOf(watcher.get(localAdministrator, id))).toBe('watch_not_found')
    await write('b.txt', 'b')
    await waitALittle()
    await untilDocuments('a.txt')
    await watcher.add(localAdministrator, folder)
    await untilDocuments('a.txt', 'b.txt')
  })

  it('ends with its collection', async () => {
    const { write, watch, ledger, collectionId } = await openFixture()
    const { watcher } = await watch('keep')
    await ledger.collections.remove(localAdministrator, collectionId)
    expect(await watcher.list(localAdministrator)).toEqual([])
    await write('a.txt', 'a')
    await waitALittle()
    expect((await ledger.documents.list(localAdministrator)).documents).toEqual([])
  })
})
