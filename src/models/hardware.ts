/**
 * What this machine offers to models: processor cores, memory, NVIDIA GPUs. Asked before any model is chosen, so nothing native
 * is loaded; a machine without `nvidia-smi` simply has no GPU here.
 */
import { execFile } from 'node:child_process'
import { availableParallelism, totalmem } from 'node:os'

export interface Gpu {
  readonly name: string
  readonly memoryBytes: number
}

export interface Hardware {
  /** Cores that this process may use. */
  readonly cores: number
  /** Memory of the machine, or of the container where that is less. */
  readonly memoryBytes: number
  readonly gpus: readonly Gpu[]
}

const nvidiaTimeoutMs = 3000

/**
 * Reads lines such as `NVIDIA A2, 15356` (memory in MiB). Boards whose GPU shares the machine's memory say `[N/A]`.
 *
 * @param sharedBytes memory of the machine
 */
export const parseNvidiaSmi = (output: string, sharedBytes: number): Gpu[] =>
  output.split('\n').flatMap((line) => {
    const match = /^\s*(.+?)\s*,\s*(\d+|\[?N\/A\]?|\[?Not Supported\]?)\s*$/i.exec(line)
    if (match === null) return []
    const [, name = '', memory = ''] = match
    return [{ name, memoryBytes: /^\d+$/.test(memory) ? Number(memory) * 2 ** 20 : sharedBytes }]
  })

const runNvidiaSmi = (): Promise<string> =>
  new Promise((resolve) => {
    execFile(
      'nvidia-smi',
      ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'],
      { timeout: nvidiaTimeoutMs, killSignal: 'SIGKILL', windowsHide: true },
      // Absent, too slow or without a driver: no GPU that could be used.
      (error, stdout) => resolve(error === null ? stdout : ''),
    )
  })

const availableMemory = (): number => {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/** Takes 3 s at most. */
export const detectHardware = async (): Promise<Hardware> => {
  const memoryBytes = availableMemory()
  return {
    cores: availableParallelism(),
    memoryBytes,
    gpus: parseNvidiaSmi(await runNvidiaSmi(), memoryBytes),
  }
}
