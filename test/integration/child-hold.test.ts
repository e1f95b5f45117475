/** Children that give way: stopped while a question is under way, never for ever. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it, vi } from 'vitest'
import { ChildHold, maxHoldMs } from '../../ingest/ocr/child-hold.ts'

/** Longer than a test may take: what ends such a child is never that its time is over. */
const lifeSeconds = '900'

const children: ChildProcess[] = []
const startChild = (): ChildProcess => {
  const child = spawn('sleep', [lifeSeconds], { stdio: 'ignore' })
  children.push(child)
  return child
}
/** As in `/proc/<pid>/stat`: S waits, T is stopped, undefined is gone. */
const stateOf = async (pid: number | undefined): Promise<string | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0] || undefined
}

afterEach(() => {
  vi.useRealTimers()
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

it('is stopped while a question is under way and goes on afterwards', async () => {
  const child = startChild()
  using hold = new ChildHold(child)
  hold.update(true)
  await expect.poll(() => stateOf(child.pid)).toBe('T')
  hold.update(false)
  await expect.poll(() => stateOf(child.pid)).toBe('S')
})

it('has a quarter of the time however many questions are asked', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  using hold = new ChildHold(startChild())
  let held = 0
  const seconds = 200
  for (let second = 0; second < seconds; second += 1) {
    hold.update(true)
    held += hold.isHeld ? 1 : 0
    vi.advanceTimersByTime(1000)
  }
  expect(held).toBeGreaterThan(seconds / 2)
  expect(held).toBeLessThanOrEqual(seconds * 0.78)
  expect(maxHoldMs).toBeLessThan(20_000)
})

it('is ended when its holder is killed while it is stopped', async () => {
  const module = new URL('../../ingest/ocr/child-hold.ts', import.meta.url).href
  const script = `
    const { ChildHold } = await import(${JSON.stringify(module)})
    const { spawn } = await import('node:child_process')
    const child = spawn('sleep', ['${lifeSeconds}'], { stdio: 'ignore' })
    new ChildHold(child).update(true)
    console.log(child.pid)
    setInterval(() => undefined, 1000)`
  const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.push(holder)
  const [line] = await once(holder.stdout, 'data')
  const pid = Number(String(line))
  await expect.poll(() => stateOf(pid)).toBe('T')
  holder.kill('SIGKILL')
  await expect.poll(async () => [undefined, 'Z'].includes(await stateOf(pid))).toBe(true)
})
