/**
 * Lets commands find the server that runs on their data folder, so that they use its loaded models in place of loading them once more.
 * The server leaves `server.json` in the folder while it runs; what a killed server left behind is told by its process being gone.
 */
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Settings } from '../config/settings.ts'
import { isProcessDead, processIdentity } from '../store/process-identity.ts'

const announcementSchema = z.object({ url: z.url(), process: z.string() })
const answerWithinMs = 1_000

const fileOf = (settings: Settings): string => path.join(settings.data, 'server.json')

/** The URL of the server whose process lives on this data folder, whether or not it answers now. */
export const readAnnouncement = async (settings: Settings): Promise<string | undefined> => {
  try {
    const announced = announcementSchema.parse(JSON.parse(await readFile(fileOf(settings), 'utf8')))
    // Another program may have taken the port of a server that was killed.
    return isProcessDead(announced.process) ? undefined : announced.url
  } catch {
    return undefined // None, or half written by a server that was killed.
  }
}

/** A second server on the same folder leaves the first one's announcement alone, now and when it ends. */
export const announceServer = async (settings: Settings, url: string): Promise<AsyncDisposable> => {
  if ((await findRunningServer(settings)) === undefined) {
    await writeFile(fileOf(settings), `${JSON.stringify({ url, process: processIdentity() })}\n`)
  }
  return {
    [Symbol.asyncDispose]: async () => {
      if ((await readAnnouncement(settings)) === url) await rm(fileOf(settings), { force: true })
    },
  }
}

/** The URL of the server that runs on this data folder, if one does. */
export const findRunningServer = async (settings: Settings): Promise<string | undefined> => {
  const url = await readAnnouncement(settings)
  if (url === undefined) return undefined
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(answerWithinMs) })
    return response.ok ? url : undefined
  } catch {
    return undefined // Left behind by a server that is gone.
  }
}
