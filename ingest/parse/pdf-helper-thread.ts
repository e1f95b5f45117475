/**
 * The thread behind `pdf-helper.ts`: opens the PDF while the main thread looks at the sample, then reads pages until none is left.
 */
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { PdfFile } from './pdf-document.ts'
import { begun, type HelperData, type HelperTask, PageQueue, sawPinnedFiles } from './pdf-helper.ts'
import { PdfReader } from './pdf-reader.ts'
import { releaseMemory } from './release-memory.ts'
import { ReplyChannel } from './reply-channel.ts'

const { path, password, memoryBytes, job, lock, total } = workerData as HelperData

if (parentPort) {
  const told = once(parentPort, 'message')
  const channel = new ReplyChannel(job, lock)
  await using file = await PdfFile.open(path, password)
  const reader = new PdfReader(file)
  const [task] = (await told) as [HelperTask]
  const queue = new PageQueue(task.numbers, task.next)
  parentPort.postMessage(begun)
  for (let number = queue.take(); number !== undefined; number = queue.take()) {
    channel.send({ type: 'begin', page: number, worker: 1 })
    channel.send({ type: 'page', page: await reader.readPage(number, task.scale), total })
    await releaseMemory(file, memoryBytes)
  }
  if (reader.hasPinnedFiles) parentPort.postMessage(sawPinnedFiles)
  parentPort.close()
}
