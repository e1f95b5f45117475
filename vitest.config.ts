/** Suites by what they need: `unit` nothing, `integration` a temporary folder, `model` real small models, `browser` Chromium. */
import { defineConfig } from 'vitest/config'

const suite = (name: string, testTimeout: number, fileParallelism: boolean, globalSetup: string[] = []) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    pool: 'forks' as const,
    testTimeout,
    hookTimeout: testTimeout,
    // a second, as it is otherwise, is short on a machine that does other work too
    expect: { poll: { timeout: testTimeout / 4 } },
    fileParallelism,
    globalSetup,
  },
})

export default defineConfig({
  test: {
    projects: [
      suite('unit', 10_000, true),
      // its children are niced: on a busy machine they wait
      suite('integration', 600_000, false),
      suite('model', 300_000, false, ['test/model/pull-models.ts']),
      suite('browser', 300_000, false),
    ],
  },
})
