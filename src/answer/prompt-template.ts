/**
 * Prompts are text files in `prompts/`: front matter (id, version, variables) and one section for each message. In: a file and values.
 * Out: chat messages. A prompt that uses a variable it does not declare, or the reverse, fails when it is read, not in front of a user.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { KuraError } from '../core/errors.ts'
import type { ChatMessage } from '../core/models.ts'

const frontMatterSchema = z.strictObject({
  id: z.string(),
  version: z.number().int(),
  variables: z.array(z.string()),
})

export interface PromptTemplate {
  readonly id: string
  readonly version: number
  /** Of the file, hexadecimal. */
  readonly sha256: string
  /** @param values one string for each declared variable */
  render(values: Readonly<Record<string, string>>): ChatMessage[]
}

const placeholder = /\{\{(\w+)\}\}/g
const sectionHead = /^# (system|user)\n/m

/** @throws internal where the text is not a prompt file */
export const parsePrompt = (text: string): PromptTemplate => {
  const match = /^---\n(.*?)\n---\n(.*)$/s.exec(text)
  if (!match) throw new KuraError('internal', 'A prompt file has no front matter.')
  const { id, version, variables } = frontMatterSchema.parse(parseYaml(match[1] ?? ''))
  const body = match[2] ?? ''
  const used = new Set([...body.matchAll(placeholder)].map(([, name]) => name ?? ''))
  const wrong = [
    ...variables.filter((name) => !used.has(name)),
    ...[...used].filter((name) => !variables.includes(name)),
  ]
  if (wrong.length > 0)
    throw new KuraError('internal', `Prompt ${id}: variables declared and used differ: ${wrong.join(', ')}.`)
  const [, ...parts] = body.split(sectionHead)
  const sections = parts.flatMap((role, i) =>
    i % 2 === 0 ? [{ role: role as 'system' | 'user', content: (parts[i + 1] ?? '').trim() }] : [],
  )
  return {
    id,
    version,
    sha256: createHash('sha256').update(text).digest('hex'),
    // One pass, so that a placeholder inside a document or a question stays text.
    render: (values) =>
      sections.map(({ role, content }) => ({
        role,
        content: content.replace(placeholder, (_, name: string) => values[name] ?? ''),
      })),
  }
}

/** Reads `prompts/<id>.md`. */
export const readPrompt = async (id: string): Promise<PromptTemplate> =>
  parsePrompt(await readFile(new URL(`../../prompts/${id}.md`, import.meta.url), 'utf8'))
