import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { Intake } from '../../src/store/intake.ts'
import { Originals } from '../../src/store/originals.ts'
import { processIdentity } from '../../src/store/process-identity.ts'
import { sha256Of } from './store-documents.ts'
import { codeOf, makeFolder, openLedger } from './store-fixtures.ts'

const openOriginals = async () => {
  const folder = join(await makeFolder(), 'originals')
  return { folder, originals: await Originals.open(folder) }
}

const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : []))
}

const listed = async (originals: Originals, olderThanMs?: number): Promise<string[]> => {
  const names: string[] = []
  for await (const name of originals.list(olderThanMs === undefined ? {} : { olderThanMs })) names.push(name)
  return names.sort()
}

const limit = { maxBytes: 1000 }

/** Takes the whole file and keeps it. */
const receive = async (originals: Originals, ...[stream, options]: Parameters<Originals['stage']>) => {
  await using staged = await originals.stage(stream, options)
  await staged.keep()
  const { sha256, bytes, head } = staged
  return { sha256, bytes, head }
}

describe('an original', () => {
  it('lies under its content hash, whatever pieces it came in', async () => {
    const { folder, originals } = await openOriginals()
    const received = await receive(originals, Readable.from([Buffer.from('Lock '), Buffer.from('out')]), limit)
    const sha256 = sha256Of('Lock out')
    expect(received).toEqual({ sha256, bytes: 8, head: Buffer.from('Lock out') })
    expect(originals.pathOf(sha256)).toBe(join(folder, sha256.slice(0, 2), sha256))
    expect(await readFile(originals.pathOf(sha256), 'utf8')).toBe('Lock out')
    expect(await originals.has(sha256)).toBe(true)
    expect(await listed(originals)).toEqual([sha256])
    await originals.remove(sha256)
    await originals.remove(sha256)
    expect(await originals.has(sha256)).toBe(false)
    expect(await listed(originals)).toEqual([])
  })

  it('is there only when it is kept, and else leaves no trace', async () => {
    const { folder, originals } = await openOriginals()
    await receive(originals, Readable.from([Buffer.from('kept')]), limit)
    for (const content of ['kept', 'not wanted']) {
      await using staged = await originals.stage(Readable.from([Buffer.from(content)]), limit)
      expect(await readdir(join(folder, 'incoming'))).toHaveLength(1)
      expect(await originals.has(staged.sha256)).toBe(content === 'kept')
    }
    expect(await filesIn(folder)).toEqual([sha256Of('kept')])
  })

  it('counts as arrived when it is kept, however long the rest of its upload took', async () => {
    const { folder, originals } = await openOriginals()
    await using staged = await originals.stage(Readable.from([Buffer.from('a')]), limit)
    const [temp = ''] = await readdir(join(folder, 'incoming'))
    await utimes(join(folder, 'incoming', temp), new Date(0), new Date(0))
    await staged.keep()
    expect(await listed(originals, 60_000)).toEqual([])
  })

  it('is kept once when two uploads bring it at the same moment', async () => {
    const { folder, originals } = await openOriginals()
    await Promise.all([1, 2, 3].map(() => receive(originals, Readable.from([Buffer.from('same')]), limit)))
    expect(await filesIn(folder)).toEqual([sha256Of('same')])
  })

  it('gives the first 4 KiB as its head', async () => {
    const { originals } = await openOriginals()
    const bytes = Buffer.alloc(100_000, 'abcdefg')
    const pieces = [bytes.subarray(0, 1000), bytes.subarray(1000, 70_000), bytes.subarray(70_000)]
    const { head } = await receive(originals, Readable.from(pieces), { maxBytes: 200_000 })
    expect(Buffer.compare(head, bytes.subarray(0, 4096))).toBe(0)
  })

  it('of 300 MB comes in within 100 MB of memory', async () => {
    const { originals } = await openOriginals()
    const piece = Buffer.alloc(64 * 1024, 'x')
    const before = process.memoryUsage.rss()
    let highest = before
    const pieces = function* () {
      for (let i = 0; i < 4800; i += 1) {
        if (i % 100 === 0) highest = Math.max(highest, process.memoryUsage.rss())
        yield piece
      }
    }
    const { bytes } = await receive(originals, Readable.from(pieces()), { maxBytes: 2 ** 30 })
    expect(bytes).toBe(4800 * 64 * 1024)
    expect(highest - before).toBeLessThan(100 * 1024 * 1024)
  })
})

describe('an upload that can not be taken leaves nothing behind', () => {
  it('when it is empty or larger than the limit', async () => {
    const { folder, originals } = await openOriginals()
    expect(await codeOf(receive(originals, Readable.from([]), limit))).toBe('file_empty')
    const endless = Readable.from(
      (function* () {
        while (true) yield Buffer.alloc(300)
      })(),
    )
    expect(await codeOf(receive(originals, endless, limit))).toBe('file_too_large')
    expect(endless.destroyed).toBe(true)
    expect(await codeOf(receive(originals, Readable.from([Buffer.alloc(1000)]), limit))).toBe('accepted')
    expect(await filesIn(folder)).toHaveLength(1)
  })

  it('when the sender goes away', async () => {
    const { folder, originals } = await openOriginals()
    const stream = new PassThrough()
    stream.write('half a fi')
    const receiving = codeOf(receive(originals, stream, limit))
    setImmediate(() => stream.destroy(new Error('socket hang up')))
    expect(await receiving).toBe('request_cancelled')
    expect(await filesIn(folder)).toEqual([])
  })

  it('when it is aborted, before or while it comes in', async () => {
    const { folder, originals } = await openOriginals()
    const aborted = receive(originals, Readable.from(['x']), { ...limit, signal: AbortSignal.abort() })
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
    const stream = new PassThrough()
    stream.write('half a fi')
    const controller = new AbortController()
    const receiving = receive(originals, stream, { ...limit, signal: controller.signal })
    setImmediate(() => controller.abort())
    await expect(receiving).rejects.toMatchObject({ name: 'AbortError' })
    expect(stream.destroyed).toBe(true)
    expect(await filesIn(folder)).toEqual([])
  })
})

describe('the folder of the originals', () => {
  it('that can not be made is an error of the operator', async () => {
    const folder = await makeFolder()
    await writeFile(join(folder, 'file'), '')
    expect(await codeOf(Originals.open(join(folder, 'file', 'originals')))).toBe('data_not_writable')
  })

  it('holds no path that is not a content hash', async () => {
    const { folder, originals } = await openOriginals()
    expect(() => originals.pathOf('../../etc/passwd')).toThrow()
    await mkdir(join(folder, 'ab'))
    await writeFile(join(folder, 'ab', 'notes.txt'), 'x')
    expect(await listed(originals)).toEqual([])
  })

  it('tells old files from those that have just arrived, also where they were there before', async () => {
    const { originals } = await openOriginals()
    const { sha256 } = await receive(originals, Readable.from([Buffer.from('a')]), limit)
    await utimes(originals.pathOf(sha256), new Date(0), new Date(0))
    expect(await listed(originals, 60_000)).toEqual([sha256])
    await receive(originals, Readable.from([Buffer.from('a')]), limit)
    expect(await listed(originals, 60_000)).toEqual([])
    expect(await listed(originals)).toEqual([sha256])
  })

  it('is cleaned of what dead processes have left, not of what is coming in', async () => {
    const { folder, originals } = await openOriginals()
    const incoming = join(folder, 'incoming')
    const nameOf = (identity: string) => join(incoming, `${encodeURIComponent(identity)}.7`)
    await writeFile(nameOf(`999999999@${hostname()}/1`), 'half')
    await writeFile(nameOf(processIdentity()), 'half')
    await writeFile(nameOf('5@elsewhere/1'), 'half')
    await writeFile(nameOf('6@elsewhere/1'), 'half')
    await utimes(nameOf('6@elsewhere/1'), new Date(0), new Date(0))
    await originals.cleanTemp()
    expect((await readdir(incoming)).sort()).toEqual(
      [processIdentity(), '5@elsewhere/1'].map((identity) => `${encodeURIComponent(identity)}.7`).sort(),
    )
  })
})

describe('the intake', () => {
  const openIntake = async () => {
    const { ledger, collectionId } = await openLedger()
    const { folder, originals } = await openOriginals()
    const intake = new Intake({ ledger, originals, maxFileBytes: 1000 })
    const receive = (name: string, content: string, more: { effectiveFrom?: string; language?: 'ja' } = {}) =>
      intake.receive(admin, { collectionId, name, stream: Readable.from([Buffer.from(content)]), ...more })
    return { ledger, collectionId, folder, originals, intake, receive }
  }

  it('makes a queued document of a file, its name a label', async () => {
    const { ledger, collectionId, originals, receive } = await openIntake()
    const received = await receive('../../手冊.txt', 'Lock out', { language: 'ja' })
    expect(received).toMatchObject({ name: '手冊.txt' })
    expect(received.duplicateOf).toBeUndefined()
    expect(await ledger.documents.get(admin, received.id)).toMatchObject({
      name: '手冊.txt',
      status: 'queued',
      bytes: 8,
    })
    expect(await ledger.documents.sourceOf(received.revisionId)).toMatchObject({
      sha256: sha256Of('Lock out'),
      name: '手冊.txt',
      documentId: received.id,
      collectionId,
      language: 'ja',
    })
    expect(await originals.has(sha256Of('Lock out'))).toBe(true)
  })

  it('knows content that the collection has, unless that failed, was cancelled or deleted', async () => {
    const { ledger, receive } = await openIntake()
    const first = await receive('a.txt', 'same')
    expect(await receive('b.txt', 'same')).toEqual({
      id: first.id,
      name: 'b.txt',
      revisionId: first.revisionId,
      jobId: null,
      duplicateOf: first.id,
    })
    expect(await ledger.jobs.list(admin)).toHaveLength(1)
    if (first.jobId !== null) await ledger.jobs.cancel(admin, first.jobId)
    const second = await receive('c.txt', 'same')
    expect(second.duplicateOf).toBeUndefined()
    await ledger.documents.remove(admin, second.id)
    expect((await receive('d.txt', 'same')).duplicateOf).toBeUndefined()
  })

  it('makes one document of the same content that comes ten times at once', async () => {
    const { ledger, receive } = await openIntake()
    const received = await Promise.all(Array.from({ length: 10 }, (_, i) => receive(`${i}.txt`, 'same')))
    expect(received.filter((file) => file.duplicateOf === undefined)).toHaveLength(1)
    expect(new Set(received.map((file) => file.id)).size).toBe(1)
    expect((await ledger.documents.list(admin)).documents).toHaveLength(1)
  })

  it('takes nothing of a file with a bad name, date, size or collection', async () => {
    const { ledger, folder, intake, receive } = await openIntake()
    expect(await codeOf(receive('x'.repeat(300), 'a'))).toBe('file_name_invalid')
    expect(await codeOf(receive('a', 'a', { effectiveFrom: 'soon' }))).toBe('invalid_request')
    expect(await codeOf(receive('a', ''))).toBe('file_empty')
    expect(await codeOf(receive('a', 'x'.repeat(1001)))).toBe('file_too_large')
    const gone = await ledger.collections.create(admin, { name: 'Gone' })
    await ledger.collections.remove(admin, gone.id)
    const stream = Readable.from(['x'])
    expect(await codeOf(intake.receive(admin, { collectionId: gone.id, name: 'a', stream }))).toBe(
      'collection_not_found',
    )
    expect(stream.destroyed).toBe(true)
    expect(await filesIn(folder)).toEqual([])
    expect((await ledger.documents.list(admin)).documents).toEqual([])
  })

  it('survives a sender who goes away before the file is read', async () => {
    const { folder, intake, collectionId } = await openIntake()
    const stream = new PassThrough()
    const receiving = codeOf(intake.receive(admin, { collectionId, name: 'a', stream }))
    stream.destroy(new Error('socket hang up'))
    expect(await receiving).toBe('request_cancelled')
    expect(await filesIn(folder)).toEqual([])
  })

  it('takes a file of one byte as well as one that is read from the disk', async () => {
    const { folder, intake, collectionId, receive } = await openIntake()
    await receive('one.txt', 'x')
    const path = join(await makeFolder(), 'two.txt')
    await writeFile(path, 'two')
    await intake.receive(admin, { collectionId, name: path, stream: createReadStream(path) })
    expect((await filesIn(folder)).sort()).toEqual([sha256Of('x'), sha256Of('two')].sort())
  })
})
