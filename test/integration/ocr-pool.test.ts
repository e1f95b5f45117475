/** Children that read the scans of one file after the other: what they may keep, and what ends them. */
import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { OcrPool } from '../../ingest/ocr/ocr-pool.ts'
import { draw, makeScan, read, unreadPages, write } from './ocr-fixtures.ts'
import { ownReaders, signalReaders } from './own-children.ts'
import { Folder } from './parse-fixtures.ts'

const paper = { width: 900, height: 1270 }
let folder: Folder
let english: string
let japanese: string
let picture: string
let readers: OcrPool
beforeAll(async () => {
  folder = await Folder.create()
  const pages = [1, 2, 3, 4].map((page) =>
    write([`This is page number ${page}.`, 'Close the valve before service.'], 44),
  )
  const kana = write(['作業の前に電源を切ってください。', 'ボルトを45 Nmで締め付けます。'], 44)
  english = await folder.write('english.pdf', await makeScan(pages.map((paint) => draw(paper, paint))))
  japanese = await folder.write('japanese.pdf', await makeScan([draw(paper, kana)]))
  picture = await folder.write('picture.png', draw(paper, write(['Replace the filter every 500 hours.'], 44)))
})
afterAll(() => folder[Symbol.asyncDispose]())
beforeEach(() => {
  // none of its children ends by itself while a test looks
  readers = new OcrPool({ scratchFolder: folder.path, idleMs: 600_000 })
})
afterEach(() => readers[Symbol.asyncDispose]())

it('reads one file after the other in one process, each as a process of its own would', async () => {
  const readAll = async (pool?: OcrPool) => {
    const found = []
    for (const [file, language] of [
      [english, 'en'],
      [japanese, 'ja'],
      [picture, undefined],
      [english, 'en'],
    ] as const) {
      found.push({
        pages: await read(file, file === english ? 4 : 1, { language, ...(pool && { readers: pool }) }),
        pids: await ownReaders(),
      })
    }
    return found
  }
  const alone = await readAll()
  const together = await readAll(readers)
  expect(together.map(({ pages }) => pages)).toEqual(alone.map(({ pages }) => pages))
  expect(alone.map(({ pids }) => pids)).toEqual([[], [], [], []])
  const [first] = together
  expect(first?.pids).toHaveLength(1)
  for (const { pids } of together) expect(pids).toEqual(first?.pids)
})

it('ends it when it had nothing to do for a while, and leaves no process and no folder behind', async () => {
  await using hasty = new OcrPool({ scratchFolder: folder.path, idleMs: 300 })
  await read(picture, 1, { readers: hasty })
  await expect.poll(ownReaders, { timeout: 20_000 }).toEqual([])
  await read(picture, 1, { readers })
  expect(await ownReaders()).toHaveLength(1)
  await Promise.all([readers[Symbol.asyncDispose](), hasty[Symbol.asyncDispose]()])
  expect(await ownReaders()).toEqual([])
  expect((await readdir(folder.path)).filter((name) => name.startsWith('ocr-'))).toEqual([])
})

it('reads the rest in another process when the one that had read other files dies, and tells no page twice', async () => {
  await read(picture, 1, { readers })
  const told: number[] = []
  const pages = await read(english, 4, {
    readers,
    onPage: async ({ number }) => {
      told.push(number)
      if (told.length === 1) await signalReaders('SIGSEGV')
    },
  })
  expect(told.toSorted()).toEqual([1, 2, 3, 4])
  expect(pages.map(({ outcome }) => outcome.method)).toEqual(['ocr', 'ocr', 'ocr', 'ocr'])
})

it('takes another process when the one that waited was killed', async () => {
  await read(picture, 1, { readers })
  await signalReaders('SIGKILL')
  const [page] = await read(picture, 1, { readers })
  expect(page?.text).toContain('500 hours')
})

it('keeps no process that failed at a page, and blames the page only for what one of its own does', async () => {
  await read(picture, 1, { readers })
  const [used] = await ownReaders()
  const missing = unreadPages(9).slice(8)
  const [page] = await read(english, 1, { readers, pages: missing })
  expect(page?.outcome).toEqual({ method: 'failed', errorCode: 'page_unreadable' })
  expect(await ownReaders()).toEqual([])
  expect(used).toBeDefined()
})

it('makes the folder of its languages when it can, though it could not for the file before', async () => {
  const scratchFolder = path.join(folder.path, 'later')
  await using late = new OcrPool({ scratchFolder })
  await expect(read(picture, 1, { readers: late })).rejects.toMatchObject({ code: 'ocr_failed' })
  await mkdir(scratchFolder)
  const [page] = await read(picture, 1, { readers: late })
  expect(page?.text).toContain('500 hours')
})
