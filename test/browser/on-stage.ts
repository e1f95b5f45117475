/** The hooks that the page's test files share: a stage for each file; for each test a fake API and a tab, which must end without faults. */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { FakeApi } from './fake-api.ts'
import { Stage, type Watched, watchPage } from './open-page.ts'

interface Scene {
  readonly stage: Stage
  /** Of the test that runs; begun by `open`. */
  readonly api: FakeApi
  readonly page: Page
  /** Opens the page at the path, and waits for its heading. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>
}

export const onStage = (): Scene => {
  let stage: Stage
  let api: FakeApi
  let watched: Watched

  beforeAll(async () => {
    stage = await Stage.open()
  })

  afterEach(async () => {
    expect(watched.faults).toEqual([])
    await watched.page.context().close()
    await api[Symbol.asyncDispose]()
  })

  afterAll(() => stage[Symbol.asyncDispose]())

  return {
    get stage() {
      return stage
    },
    get api() {
      return api
    },
    get page() {
      return watched.page
    },
    async open(path, options) {
      api = await stage.startApi()
      watched = await watchPage(stage.browser, api.url, options)
      await watched.page.goto(api.url + path)
      await watched.page.getByRole('heading', { level: 1 }).waitFor()
      return watched.page
    },
  }
}
