import { describe, expect, it } from 'vitest'
import { droppedFiles } from '../../src/page/documents/dropped-files.ts'

/** A file as the browser gives it inside a drop. */
const fileEntry = (name: string, readable = true): FileSystemEntry =>
  ({
    name,
    isFile: true,
    file: (resolve: (file: File) => void, reject: (error: Error) => void) =>
      readable ? resolve(new File(['x'], name)) : reject(new Error('gone')),
  }) as unknown as FileSystemEntry

/** A folder that gives its entries in portions of two. */
const folderEntry = (name: string, children: readonly FileSystemEntry[]): FileSystemEntry =>
  ({
    name,
    isFile: false,
    createReader: () => {
      let at = 0
      return {
        readEntries: (resolve: (entries: FileSystemEntry[]) => void) => {
          resolve(children.slice(at, at + 2))
          at += 2
        },
      }
    },
  }) as unknown as FileSystemEntry

const item = (entry: FileSystemEntry | null, file: File | null = null) => ({
  kind: 'file',
  webkitGetAsEntry: () => entry,
  getAsFile: () => file,
})
const namesOf = async (...items: readonly ReturnType<typeof item>[]) =>
  (await droppedFiles(items)).map(({ name }) => name)

describe('droppedFiles', () => {
  it('takes the files of folders at any depth, also beyond the first portion that the browser gives', async () => {
    const inner = folderEntry('inner', [fileEntry('e.pdf')])
    const folder = folderEntry('folder', [
      fileEntry('d.pdf'),
      fileEntry('c.pdf'),
      fileEntry('b.pdf'),
      inner,
      fileEntry('a.pdf'),
    ])
    expect(await namesOf(item(folder), item(fileEntry('z.pdf')))).toEqual([
      'a.pdf',
      'b.pdf',
      'c.pdf',
      'd.pdf',
      'e.pdf',
      'z.pdf',
    ])
  })

  it('leaves out what systems put into folders, and what can not be read', async () => {
    const folder = folderEntry('folder', [
      fileEntry('.DS_Store'),
      fileEntry('Thumbs.db'),
      fileEntry('~$plan.docx'),
      fileEntry('gone.pdf', false),
      folderEntry('.git', [fileEntry('config')]),
      fileEntry('plan.docx'),
    ])
    expect(await namesOf(item(folder))).toEqual(['plan.docx'])
  })

  it('takes plain files where the browser gives no entries, and passes over dropped text', async () => {
    const text = { kind: 'string', webkitGetAsEntry: () => null, getAsFile: () => null }
    expect(await namesOf(item(null, new File(['x'], 'a.txt')), text)).toEqual(['a.txt'])
  })
})
