import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it.each(['SIGINT', 'SIGTERM'] as const)('leaves no throw-away folder behind after %s', async (signal) => {
  const child = fork(fileURLToPath(new URL('./temp-folder-child.ts', import.meta.url)), {
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const [line] = await once(child.stdout ?? child, 'data')
  const folder = String(line).trim()
  expect(existsSync(folder)).toBe(true)
  child.kill(signal)
  expect(await once(child, 'exit')).toEqual([7, null])
  expect(existsSync(folder)).toBe(false)
})
