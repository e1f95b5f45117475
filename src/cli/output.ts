/**
 * What the command line writes: results to standard output (text, or one JSON document with `--json`), messages and progress to
 * standard error. The only file that writes to the terminal.
 */
import { KuraError } from '../core/errors.ts'

export class Output {
  readonly json: boolean
  #progressShown = false

  constructor(options: { json: boolean }) {
    this.json = options.json
  }

  /** The command's result: `value` as JSON, or `text` for people. */
  result(value: unknown, text: string): void {
    this.#endProgress()
    process.stdout.write(this.json ? `${JSON.stringify(value, undefined, 2)}\n` : `${text}\n`)
  }

  message(text: string): void {
    this.#endProgress()
    process.stderr.write(`${text}\n`)
  }

  /** A line that the next progress overwrites on a terminal; elsewhere nothing, so that logs stay short. */
  progress(text: string): void {
    if (!process.stderr.isTTY) return
    process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`)
    this.#progressShown = true
  }

  failure(error: unknown): void {
    this.#endProgress()
    const known = error instanceof KuraError
    const code = known ? error.code : 'internal'
    const message = error instanceof Error ? error.message : String(error)
    const remedy = known ? error.remedy : 'This is a bug: please report it with the text above.'
    if (this.json) process.stdout.write(`${JSON.stringify({ error: { code, message, remedy } }, undefined, 2)}\n`)
    if (!known && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    process.stderr.write(`kura: ${message} [${code}]\n  ${remedy}\n`)
  }

  #endProgress(): void {
    if (this.#progressShown) process.stderr.write('\n')
    this.#progressShown = false
  }
}
