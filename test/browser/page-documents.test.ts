import { describe, expect, it } from 'vitest'
import { onStage } from './on-stage.ts'

const scene = onStage()

const open = (path = '/#/documents') => scene.open(path)

const file = (name: string, bytes: number) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.alloc(bytes, 'x'),
})

const names = () => scene.page.locator('tbody th a').allTextContents()

describe('the list of documents', () => {
  it('shows state, pages, chunks and language, and goes on where the first page ends', async () => {
    const page = await open()
    await expect.poll(() => names().then(({ length }) => length)).toBe(4)
    const cells = await page.locator('tbody tr').nth(2).locator('td').allInnerTexts()
    expect(cells.map((cell) => cell.trim()).slice(0, 4)).toEqual([
      'Ready, with gaps',
      '186\n4 blank\n2 failed',
      '912',
      'Japanese',
    ])
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => names().then(({ length }) => length)).toBe(5)
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
  })

  it('is narrowed by name, collection and status', async () => {
    const page = await open()
    await page.getByRole('searchbox', { name: 'Find by name' }).fill('manual')
    await expect.poll(names).toEqual(['HP-200 operating manual.pdf'])
    await page.getByRole('searchbox', { name: 'Find by name' }).fill('')
    await page.getByRole('combobox', { name: 'Collection', exact: true }).selectOption('Office')
    await expect.poll(names).toEqual(['scan 2019.pdf', '伺服器機房管理辦法.docx'])
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed')
    await expect.poll(names).toEqual(['scan 2019.pdf'])
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Cancelled')
    await page.getByText('No document matches these filters.').waitFor()
  })

  it('deletes a document only after it has asked', async () => {
    const page = await open()
    const remove = page.getByRole('button', { name: 'Delete Lockout-tagout.md' })
    await remove.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(() => remove.evaluate((element) => element === document.activeElement)).toBe(true)
    await remove.click()
    await page.getByRole('button', { name: 'Delete document' }).click()
    await expect.poll(names).not.toContain('Lockout-tagout.md')
    await page.reload()
    await expect.poll(() => names().then(({ length }) => length)).toBe(4)
    expect(await names()).not.toContain('Lockout-tagout.md')
  })

  it('tells the outcome of every page of a document, and opens a page', async () => {
    const page = await open('/#/documents/doc_ja')
    await page.getByRole('button', { name: 'Page 31: failed' }).waitFor()
    expect(await page.locator('.tiles .tile').count()).toBe(186)
    expect(await page.locator('.ledger-problems li').allInnerTexts()).toEqual([
      'page 31: The page shows something but has no text. Scan it anew, at 300 dpi if you can. page_has_no_text',
      'page 100: The page shows something but has no text. Scan it anew, at 300 dpi if you can. page_has_no_text',
    ])
    await page.getByRole('button', { name: /^Page 2: text/ }).click()
    await page.locator('.pdf-sheet[data-page="2"]').waitFor()
  })

  it('says so when a document is not there', async () => {
    const page = await open('/')
    await page.goto(`${scene.api.url}/#/documents/doc_gone`)
    await page.getByText('This document no longer exists').waitFor()
  })
})

describe('an upload', () => {
  it('shows its bytes, then every stage of its job, then ready, in the list as well', async () => {
    const page = await open()
    scene.api.cue.holdAt('uploading')
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([file('press.pdf', 8_000_000)])
    const upload = page.locator('.upload')
    await upload.getByText('Uploading').waitFor()
    for (const [step, told] of [
      ['parsing 1', 'Reading page 1 of 3'],
      ['parsing 3', 'Reading page 3 of 3'],
      ['embedding 2', 'Indexing passage 2 of 6'],
    ] as const) {
      scene.api.cue.holdAt(step)
      await upload.getByText(told).waitFor()
    }
    scene.api.cue.goOn()
    await upload.locator('.badge-ready').waitFor()
    const row = page.locator('tbody tr', { hasText: 'press.pdf' })
    await row.locator('.badge-ready').waitFor()
    expect(await row.locator('td').nth(2).textContent()).toBe('6')
  })

  it('takes several files, dropped ones too, into the chosen collection', async () => {
    const page = await open()
    await page.getByLabel('Into collection').selectOption('Office')
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['a'], 'a.txt'))
      transfer.items.add(new File(['b'], 'b.txt'))
      transfer.items.add(new File(['c'], 'c.txt'))
      return transfer
    })
    await page.locator('.upload-area').dispatchEvent('drop', { dataTransfer: dropped })
    await expect.poll(() => page.locator('.upload .badge-ready').count()).toBe(3)
    await page.getByRole('combobox', { name: 'Collection', exact: true }).selectOption('Office')
    await expect.poll(names).toEqual(expect.arrayContaining(['a.txt', 'b.txt', 'c.txt']))
  })

  it('that fails tells code and remedy, and can be tried again', async () => {
    const page = await open()
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([file('broken.pdf', 2_000)])
    const upload = page.locator('.upload')
    await upload.getByRole('alert').waitFor()
    const told = await upload.getByRole('alert').textContent()
    expect(told).toContain('The PDF is damaged')
    expect(told).toContain('Code: pdf_damaged')
    await upload.getByRole('button', { name: 'Try broken.pdf again' }).click()
    await upload.locator('.badge-ready').waitFor()
  })

  it('that is refused tells why; one that is there already leads to the document', async () => {
    const page = await open()
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([file('tool.exe', 100), file('Lockout-tagout.md', 100)])
    await page.getByText('This kind of file can not be read').waitFor()
    await page.getByText('Already here: the same content is in this collection.').waitFor()
    await page.getByRole('link', { name: 'Show document' }).click()
    await page.getByRole('heading', { name: 'Lockout-tagout.md' }).waitFor()
  })

  it('can be cancelled while it is being processed', async () => {
    const page = await open()
    scene.api.cue.holdAt('parsing 1')
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([file('long.pdf', 2_000)])
    const upload = page.locator('.upload')
    await upload.getByText('Reading page').waitFor()
    await upload.getByRole('button', { name: 'Cancel long.pdf' }).click()
    await upload.getByRole('button', { name: 'Try long.pdf again' }).waitFor()
    await page.locator('tbody tr', { hasText: 'long.pdf' }).getByText('Cancelled').waitFor()
  })

  it('goes into a collection that is made on the spot', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'New collection' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Office')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('A collection of this name exists').waitFor()
    await dialog.getByLabel('Name', { exact: true }).fill('Warehouse')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    const chosen = page.getByLabel('Into collection').locator('option:checked')
    await expect.poll(() => chosen.textContent()).toBe('Warehouse')
  })
})

describe('the status line', () => {
  it('tells that the server is ready, and which models are in use', async () => {
    const page = await open('/')
    await page.getByText('Ready', { exact: true }).waitFor()
    expect(await page.locator('.status-models').textContent()).toContain('multilingual-e5-small')
    await page.getByText('Ready', { exact: true }).click()
    expect(await page.locator('.status-details').textContent()).toContain('no GPU was found')
  })
})
