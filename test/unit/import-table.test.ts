import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

/** TypeScript files below the folder, relative to the project. */
const sourcesOf = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => path.join(folder, file))

const table = new Map<string, string[]>()
const section = read('ARCHITECTURE.md').split('## Who may import whom')[1] ?? ''
for (const [, folder = '', may = ''] of section.matchAll(/^\| ((?:src\/\w+|ingest)) \| (.*?) ?\|$/gm)) {
  table.set(folder, may.split(', ').filter(Boolean))
}

const folderOf = (file: string): string => {
  const [first = '', second = ''] = path.relative(root, file).split(path.sep)
  return first === 'src' ? `src/${second}` : first
}

describe('the import table of ARCHITECTURE.md', () => {
  const restricted = [...table].filter(([, may]) => !may.includes('everything'))

  it('names every folder of the program', () => {
    const folders = new Set(
      [...sourcesOf('src'), ...sourcesOf('ingest')].map((file) => folderOf(path.join(root, file))),
    )
    // The composition root lies directly in `src`.
    const isAtRoot = (folder: string) => /^src\/[\w-]+\.ts$/.test(folder)
    expect([...folders].filter((folder) => !isAtRoot(folder)).sort()).toEqual([...table.keys()].sort())
  })

  it.each(restricted)('holds for %s', (folder, may) => {
    const wrong: string[] = []
    for (const file of sourcesOf(folder)) {
      for (const [, specifier = ''] of read(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
        const target = folderOf(path.resolve(root, path.dirname(file), specifier))
        if (target !== folder && !may.includes(target)) wrong.push(`${file} imports ${specifier}`)
      }
    }
    expect(wrong).toEqual([])
  })
})
