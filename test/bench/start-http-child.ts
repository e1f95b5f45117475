/** Starts the child of the HTTP benches and tells where it serves. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'

export interface HttpChild extends AsyncDisposable {
  readonly pid: number
  readonly port: number
  /** Of the bare server. */
  readonly barePort: number
}

export const startHttpChild = async (): Promise<HttpChild> => {
  const script = fileURLToPath(new URL('./http-child.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return {
    pid: child.pid ?? 0,
    port: Number(line.split(' ')[0]),
    barePort: Number(line.split(' ')[1]),
    [Symbol.asyncDispose]: async () => {
      const exited = once(child, 'exit')
      child.stdin.end()
      await exited
    },
  }
}
