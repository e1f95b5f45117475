/** The version of this program, as `package.json` says it. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

export const kuraVersion: string = z.object({ version: z.string() }).parse(manifest).version
