import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { onStage } from './on-stage.ts'

const scene = onStage()

const open = () => scene.open('/#/documents')

const file = (name: string, bytes: number) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.alloc(bytes, 'x'),
})
/** A file whose name, size and date are the same each time that it is chosen. */
const onDisk = async (name: string): Promise<string> => {
  const folder = join(scene.stage.folder, 'chosen')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), Buffer.alloc(4_000_000, 'x'))
  return join(folder, name)
}
const picker = () => scene.page.locator('input[type=file]').first()
const piecesOf = (name: string) =>
  scene.api.uploads.pieces.filter((piece) => piece.name === name).map(({ offset }) => offset)

describe('a resumable upload', () => {
  it('goes on from the byte at which the connection was lost', async () => {
    const page = await open()
    await picker().setInputFiles([file('flaky.pdf', 4_000_000)])
    await page.locator('.upload .badge-ready').waitFor()
    const [first, second, ...more] = piecesOf('flaky.pdf')
    expect(first).toBe(0)
    expect(second).toBeGreaterThan(1_900_000)
    expect(more).toEqual([])
  })

  it('tells that the connection is lost, and goes on when the server can be reached again', async () => {
    const page = await open()
    scene.api.uploads.offline = true
    await picker().setInputFiles([file('patient.pdf', 1_000_000)])
    await page.getByText('The connection is lost. It goes on by itself').waitFor()
    scene.api.uploads.offline = false
    await page.locator('.upload .badge-ready').waitFor()
    expect(await page.getByText('The connection is lost').count()).toBe(0)
  })

  it('survives that the page is reloaded: choosing the same file again sends what is missing', async () => {
    const page = await open()
    const path = await onDisk('flaky reload.pdf')
    scene.api.cue.holdAt('uploading')
    await picker().setInputFiles(path)
    await expect.poll(() => piecesOf('flaky reload.pdf').length).toBeGreaterThan(0)
    scene.api.uploads.offline = true
    scene.api.cue.goOn()
    await page.getByText('The connection is lost').waitFor()
    await page.reload()
    scene.api.uploads.offline = false
    await page.getByText('These uploads were interrupted.').waitFor()
    expect(await page.locator('.interrupted li').allInnerTexts()).toEqual([expect.stringContaining('flaky reload.pdf')])
    await picker().setInputFiles(path)
    await page.locator('.upload .badge-ready').waitFor()
    expect(await page.locator('.interrupted').count()).toBe(0)
    const offsets = piecesOf('flaky reload.pdf')
    expect(offsets.at(-1)).toBeGreaterThan(0)
    expect(offsets.filter((offset) => offset === 0)).toHaveLength(1)
    await page.reload()
    await page.locator('tbody tr').first().waitFor()
    expect(await page.locator('.interrupted').count()).toBe(0)
  })

  it('that was interrupted can be forgotten, on the server as well', async () => {
    const page = await open()
    scene.api.uploads.offline = true
    await picker().setInputFiles([file('not sent.pdf', 1_000)])
    await page.getByText('The connection is lost').waitFor()
    scene.api.uploads.offline = false
    await page.locator('.upload .badge-ready').waitFor()
    scene.api.cue.holdAt('uploading')
    await picker().setInputFiles([file('flaky.pdf', 20_000_000)])
    await expect.poll(() => piecesOf('flaky.pdf').length).toBe(1)
    scene.api.uploads.offline = true
    scene.api.cue.goOn()
    await page.getByText('The connection is lost').waitFor()
    await page.reload()
    scene.api.uploads.offline = false
    await page.getByRole('button', { name: 'Forget the upload of flaky.pdf' }).click()
    await expect.poll(() => page.locator('.interrupted').count()).toBe(0)
    await expect.poll(() => scene.api.uploads.givenUp).toEqual(['flaky.pdf'])
  })

  it('that is cancelled is given up on the server too', async () => {
    const page = await open()
    scene.api.cue.holdAt('uploading')
    await picker().setInputFiles([file('wrong.pdf', 40_000_000)])
    await expect.poll(() => piecesOf('wrong.pdf').length).toBe(1)
    await page.getByRole('button', { name: 'Cancel wrong.pdf' }).click()
    await page.locator('.upload').getByText('Cancelled').waitFor()
    await expect.poll(() => scene.api.uploads.givenUp).toEqual(['wrong.pdf'])
    scene.api.cue.goOn()
  })

  it('is one of two at a time, and the same file is not taken twice', async () => {
    const page = await open()
    const paths = await Promise.all(['a.pdf', 'b.pdf', 'c.pdf'].map((name) => onDisk(name)))
    scene.api.cue.holdAt('uploading')
    await picker().setInputFiles(paths)
    await picker().setInputFiles(paths.slice(1))
    await page.locator('.upload').nth(2).getByText('Waiting').waitFor()
    // both have begun: what is sent first may be over before the other's first byte comes
    await expect.poll(() => scene.api.uploads.mostAtOnce).toBe(2)
    scene.api.cue.goOn()
    await page.locator('.upload .badge-ready').nth(2).waitFor()
    expect(scene.api.uploads.pieces.map(({ name }) => name).sort()).toEqual(['a.pdf', 'b.pdf', 'c.pdf'])
    expect(scene.api.uploads.mostAtOnce).toBe(2)
    expect(await page.locator('.upload').count()).toBe(3)
  })
})

describe('the work on a file', () => {
  it('tells the page that is being read, and that it is read by OCR', async () => {
    const page = await open()
    scene.api.cue.holdAt('reading 12')
    await picker().setInputFiles([file('scan new.pdf', 1_000)])
    await page.locator('.upload').getByText('Reading page 12 of 300 (OCR)').waitFor()
    scene.api.cue.goOn()
    await page.locator('.upload .badge-ready').waitFor()
  })

  it('asks for the password of a locked file until it opens', async () => {
    const page = await open()
    await picker().setInputFiles([file('locked plan.pdf', 1_000)])
    const upload = page.locator('.upload')
    await upload.getByText('The PDF is protected by a password').waitFor()
    await upload.getByLabel('Password of the file').fill('wrong')
    await upload.getByRole('button', { name: 'Open with password' }).click()
    await upload.getByText('The password does not open the file').waitFor()
    await upload.getByLabel('Password of the file').fill('sesame')
    await page.keyboard.press('Enter')
    await upload.locator('.badge-ready').waitFor()
  })

  it('is paused and goes on, and says so in every view of the documents', async () => {
    const page = await open()
    await page.getByRole('link', { name: 'Processing' }).click()
    await page.getByRole('button', { name: 'Pause all' }).click()
    await page.getByText('Processing is paused').waitFor()
    expect(scene.api.library.paused).toBe(true)
    await page.getByRole('link', { name: 'All documents' }).click()
    await page.getByText('Processing is paused').waitFor()
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect.poll(() => page.getByText('Processing is paused').count()).toBe(0)
    expect(scene.api.library.paused).toBe(false)
  })

  it('is listed by how it stands, and what failed is tried again from there', async () => {
    const page = await open()
    await page.goto(`${scene.api.url}/#/jobs`)
    const troubled = page.locator('.jobs', { hasText: 'Ended with a problem' })
    await troubled.getByText('scan 2019.pdf').waitFor()
    expect(await troubled.getByRole('alert').textContent()).toContain('pdf_damaged')
    scene.api.cue.holdAt('parsing 1')
    await page.getByRole('button', { name: 'Try scan 2019.pdf again' }).click()
    const underWay = page.locator('.jobs', { hasText: 'Under way' })
    await underWay.getByText('scan 2019.pdf').waitFor()
    scene.api.cue.goOn()
    await page.locator('.jobs', { hasText: 'Finished lately' }).getByText('scan 2019.pdf').waitFor()
  })
})
