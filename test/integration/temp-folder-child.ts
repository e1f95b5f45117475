/** Works in a throw-away folder until it is interrupted; says where that is. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { untilInterrupted, withTempFolder } from '../../src/cli/temp-folder.ts'

await withTempFolder('kura-test-', async (folder, signal) => {
  await writeFile(path.join(folder, 'file'), 'x')
  process.stdout.write(`${folder}\n`)
  await untilInterrupted(new Promise((resolve) => setTimeout(resolve, 60_000)), signal)
}).catch((error: { code?: string }) => {
  process.exit(error.code === 'request_cancelled' ? 7 : 1)
})
