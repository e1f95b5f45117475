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
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})
type Report = z.infer<typeof reportSchema>

/** What failed, a line each: the report of a suite in the middle is hundreds of lines above the end of the output. */
const failuresOf = ({ testResults }: Report): string[] =>
  testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, assertionResults }) => {
      const file = path.relative(process.cwd(), name)
      const failed = assertionResults.filter(({ status }) => status === 'failed')
      return failed.length === 0
        ? [`${file} (cannot be loaded)`]
        : failed.map(({ fullName }) => `${file} > ${fullName}`)
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
const failures: string[] = []
for (const suite of suites) {
  const reportFile = path.join(folder, `${suite}.json`)
  const code = await runVitest(suite, reportFile)
  const text = await readFile(reportFile, 'utf8').catch(() => undefined)
  const report = text === undefined ? undefined : reportSchema.parse(JSON.parse(text))
  const failed = report === undefined ? [] : failuresOf(report)
  sum.passed += report?.numPassedTests ?? 0
  sum.skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0)
  // Vitest also fails for errors outside of any test.
  if (code !== 0 && failed.length === 0) failed.push(`${suite} (an error outside of its tests, or no report)`)
  failures.push(...failed)
  sum.failed += failed.length
}
await rm(folder, { recursive: true })
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''
process.stdout.write(failures.map((failure) => `\nFAILED ${failure}`).join(''))
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed${skipped}\n`)
process.exitCode = sum.failed > 0 ? 1 : 0
