/**
 * `npm test`: every suite, one after the other, and one plain closing line with the sum. A suite that can not even be loaded counts as
 * failed. What a machine lacks (Chromium, a model that no registry gives) is skipped by name in the suite's own output and counted.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const suites = ['unit', 'integration', 'model', 'browser']
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

const runVitest = (suite: string, reportFile: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
    const child = spawn(process.execPath, [vitest, 'run', '--project', suite, ...reporters], { stdio: 'inherit' })
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })

const folder = await mkdtemp(path.join(os.tmpdir(), 'kura-test-'))
const sum = { passed: 0, failed: 0, skipped: 0 }
for (const suite of suites) {
  const reportFile = path.join(folder, `${suite}.json`)
  const code = await runVitest(suite, reportFile)
  const text = await readFile(reportFile, 'utf8').catch(() => undefined)
  const report = text === undefined ? undefined : reportSchema.parse(JSON.parse(text))
  const unloadable =
    report?.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length ?? 0
  const failed = (report?.numFailedTests ?? 0) + unloadable
  sum.passed += report?.numPassedTests ?? 0
  sum.skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0)
  // Vitest also fails for errors outside of any test.
  sum.failed += code !== 0 && failed === 0 ? 1 : failed
}
await rm(folder, { recursive: true })
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed${skipped}\n`)
process.exitCode = sum.failed > 0 ? 1 : 0
