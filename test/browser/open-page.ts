/**
 * Builds the page, serves it with the fake API and opens it in Chromium. Remembers what must never happen: errors in the
 * console (violations of the policy among them), exceptions, and requests to another host.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { FakeApi } from './fake-api.ts'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The usual 30 s are short on a slow machine; below the limit of a test, so that it is told what was waited for. */
const patienceMs = 120_000

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: flags, timeout: patienceMs })

/** Builds the page into a new folder. */
export const buildPage = async (): Promise<string> => {
  const outDir = await mkdtemp(join(tmpdir(), 'kura-page-'))
  const configFile = fileURLToPath(new URL('../../src/page/vite.config.ts', import.meta.url))
  await build({ configFile, logLevel: 'error', build: { outDir } })
  return outDir
}

export interface Watched {
  readonly page: Page
  /** What must not happen. */
  readonly faults: readonly string[]
}

/** A new tab that reports faults. Failed requests to our own API are told by the page, so their console line is no fault. */
export const watchPage = async (
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Watched> => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 }, ...options })
  context.setDefaultTimeout(patienceMs)
  context.setDefaultNavigationTimeout(patienceMs)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    const expected = message.text().startsWith('Failed to load resource')
    if (message.type() !== 'log' && !expected) faults.push(`console ${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin !== origin && url.protocol.startsWith('http')) faults.push(`request: ${request.url()}`)
  })
  return { page, faults }
}

/** The built page, the fake API and a browser, for one test file. */
export class Stage implements AsyncDisposable {
  readonly browser: Browser
  /** The built page; tests may put files of their own beside it. */
  readonly folder: string

  private constructor(browser: Browser, folder: string) {
    this.browser = browser
    this.folder = folder
  }

  static async open(): Promise<Stage> {
    const folder = await buildPage()
    return new Stage(await openBrowser(), folder)
  }

  /** A fake API of its own for each test, so that no test sees another's documents. */
  startApi(): Promise<FakeApi> {
    return FakeApi.start(this.folder)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}
