import { describe, expect, it } from 'vitest'
import { changingModels } from './fake-bodies.ts'
import { boxOfLine } from './make-pdf.ts'
import { onStage } from './on-stage.ts'

const scene = onStage()

const sop = '/#/documents/doc_sop'
const row = (label: string) =>
  scene.page.locator('.revision-table tr', { has: scene.page.getByRole('rowheader', { name: label, exact: true }) })

describe('the revisions of a document', () => {
  it('are listed newest first, with what is in force since when', async () => {
    await scene.open(sop, { timezoneId: 'UTC' })
    await row('A').waitFor()
    const labels = await scene.page.locator('.revision-table tbody th').allTextContents()
    expect(labels).toEqual(['C', 'B', 'A'])
    expect(await row('C').innerText()).toContain('Draft')
    expect(await row('B').innerText()).toMatch(/In force\s+Jan 5, 2026|In force\s+5 Jan 2026/)
    expect(await row('A').innerText()).toContain('Superseded')
  })

  it('are rolled back only after it was asked, and the list tells at once', async () => {
    const page = await scene.open(sop)
    const button = page.getByRole('button', { name: 'Roll back to revision A' })
    await button.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect(await row('B').innerText()).toContain('In force')
    await button.click()
    await page.getByRole('button', { name: 'Yes, do it' }).click()
    await expect.poll(() => row('A').innerText()).toContain('In force')
    expect(await row('B').innerText()).toContain('Superseded')
  })

  it('are put in force, and withdrawn so that none answers', async () => {
    const page = await scene.open(sop)
    await page.getByRole('button', { name: 'Put revision C in force now' }).click()
    await page.getByRole('button', { name: 'Yes, do it' }).click()
    await expect.poll(() => row('C').innerText()).toContain('In force')
    await page.getByRole('button', { name: 'Withdraw revision C' }).click()
    await page.getByRole('button', { name: 'Yes, do it' }).click()
    await expect.poll(() => row('C').innerText()).toContain('Withdrawn')
    expect(await page.locator('.figures').innerText()).toMatch(/In force\s+none/)
  })

  it.each([
    ['scheduled', false, { revision: 'D', effectiveFrom: '2030-02-01' }, 'Scheduled'],
    ['a draft', true, { revision: 'D', status: 'draft' }, 'Draft'],
  ])('grow by an upload: %s', async (_what, draft, fields, state) => {
    const page = await scene.open(sop)
    await page.getByRole('button', { name: 'New revision' }).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByLabel('File')
      .setInputFiles([{ name: 'sop d.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(900, 'x') }])
    await dialog.getByLabel('Revision', { exact: false }).first().fill('D')
    await dialog.getByLabel('In force from').fill('2030-02-01')
    if (draft) await dialog.getByLabel('Keep as a draft').check()
    await dialog.getByRole('button', { name: 'Upload revision' }).click()
    await page.locator('.upload .badge-ready').waitFor()
    expect(scene.api.uploads.received.at(-1)).toEqual({
      filename: 'sop d.pdf',
      collection: 'col_press',
      revisionOf: 'doc_sop',
      ...fields,
    })
    await expect.poll(() => row('D').innerText()).toContain(state)
    await expect.poll(() => row('D').innerText()).toContain('Ready')
  })

  it('are compared page by page, changed pages only, told apart without colour', async () => {
    const page = await scene.open(sop)
    await page.locator('.page-change').first().waitFor()
    expect(await page.locator('.page-change h3').allTextContents()).toEqual([
      expect.stringContaining('Page 2 changed'),
      expect.stringContaining('Page 3 removed'),
      expect.stringContaining('Page 3 added'),
    ])
    await page.getByText('9 pages are unchanged.').waitFor()
    const parts = await page
      .locator('.page-change')
      .first()
      .locator('ins, del')
      .evaluateAll((marks) =>
        marks.map((mark) => [
          mark.textContent,
          getComputedStyle(mark).textDecorationLine,
          getComputedStyle(mark, '::before').content,
        ]),
      )
    expect(parts).toEqual([
      ['Removed: 180 kN', 'line-through', '"−"'],
      ['Added: 165 kN', 'underline', '"+"'],
      ['Removed: 4 s', 'line-through', '"−"'],
      ['Added: 6 s', 'underline', '"+"'],
    ])
    await page.getByLabel('Show unchanged pages too').check()
    await expect.poll(() => page.locator('.page-change').count()).toBe(12)
    await page.getByLabel('From revision').selectOption('A')
    await expect.poll(() => scene.api.read.at(-1)).toBe('/api/documents/doc_sop/diff?from=rev_a&to=rev_c')
    await page.getByRole('button', { name: 'Rev. A, page 2' }).click()
    await page.locator('.pdf-sheet[data-page="2"]').waitFor()
    expect(await page.locator('.viewer-revision').innerText()).toBe('Rev. A')
    expect(scene.api.read).toContain('/api/documents/doc_sop/file?revision=rev_a')
  })

  it('have each their own page ledger, with how sure the recognition of scans was', async () => {
    const page = await scene.open(sop)
    await page.getByRole('button', { name: 'Page 3: scanned text, 58% sure, 1,242 characters' }).waitFor()
    await page.getByLabel('Pages of revision').selectOption('A')
    await expect.poll(() => scene.api.read).toContain('/api/documents/doc_sop?revision=rev_a')
    await expect
      .poll(() => page.getByRole('link', { name: 'Open original' }).getAttribute('href'))
      .toBe('/api/documents/doc_sop/file?revision=rev_a')
  })
})

describe('what belongs to a document', () => {
  it('is told: nearly the same documents, files inside, the file around', async () => {
    const page = await scene.open(sop)
    expect(await page.locator('.near-duplicates').innerText()).toMatch(/97% the same as\s+HP-200 operating manual\.pdf/)
    await page.goto(`${scene.api.url}/#/documents/doc_mail`)
    await page.getByRole('heading', { name: 'Files inside this one' }).waitFor()
    expect(await page.locator('.children a').allInnerTexts()).toEqual(['Settings.xlsx', 'photos/nameplate.png'])
    await page.getByRole('link', { name: 'Settings.xlsx' }).click()
    await page.getByRole('heading', { name: 'Settings.xlsx' }).waitFor()
    expect(await page.locator('.tiles').innerText()).toContain('Old values (hidden)')
    await page.getByRole('link', { name: 'Show that file' }).click()
    await page.getByRole('heading', { name: 'RE: new settings.eml' }).waitFor()
  })
})

describe('a question', () => {
  const ask = async (question: string) => {
    await scene.page.getByRole('textbox', { name: 'Your question' }).fill(question)
    await scene.page.keyboard.press('Enter')
    await scene.page.locator('.answer-footer').waitFor()
  }

  it('about the past names the day, to the server and to the reader', async () => {
    const page = await scene.open('/')
    await page.getByText('As of today').click()
    await page.getByLabel('As of', { exact: true }).fill('2026-01-04')
    await page.getByText('As of 4 Jan 2026').or(page.getByText('As of Jan 4, 2026')).click()
    await ask('How strong?')
    expect(scene.api.asked[0]?.asOf).toBe('2026-01-04')
    expect(await page.locator('.as-of-note').innerText()).toContain('Answered from the revisions that were in force on')
    await page.locator('.as-of summary').click()
    await page.getByRole('button', { name: 'Back to today' }).click()
    await page.getByRole('textbox', { name: 'Your question' }).fill('And now?')
    await page.keyboard.press('Enter')
    await expect.poll(() => scene.api.asked[1]).toMatchObject({ question: 'And now?' })
    expect(scene.api.asked[1]?.asOf).toBeUndefined()
  })

  it('is answered with revision, cells and slides named', async () => {
    const page = await scene.open('/')
    await ask('places?')
    expect((await page.locator('.chip').allTextContents()).slice(0, 2)).toEqual([
      '1Settings.xlsxRev. BSettings!A5:D5',
      '2Training.pptxRev. Bslide 3',
    ])
  })

  it('leads to a picture itself, with the cited line marked where it is', async () => {
    const page = await scene.open('/')
    await ask('places?')
    await page.locator('.chip', { hasText: 'nameplate.png' }).click()
    await page.locator('.mark').waitFor()
    const place = await page.evaluate(() => {
      const picture = document.querySelector('.picture')?.getBoundingClientRect()
      const mark = document.querySelector('.mark')?.getBoundingClientRect()
      return picture && mark && { x: (mark.x - picture.x) / picture.width, y: (mark.y - picture.y) / picture.height }
    })
    expect(place?.x).toBeCloseTo(boxOfLine(3).x, 2)
    expect(place?.y).toBeCloseTo(boxOfLine(3).y, 2)
    expect(await page.locator('.picture').getAttribute('src')).toBe(
      '/api/documents/doc_scan/file?revision=rev_doc_scan',
    )
    await page.getByRole('button', { name: 'Text', exact: true }).click()
    await page.locator('.page-text').waitFor()
  })

  it('leads to the text of a picture that browsers do not show', async () => {
    const page = await scene.open('/')
    await ask('places?')
    await page.locator('.chip', { hasText: 'fax 1998.tif' }).click()
    await page.getByText('The browser can not show this picture. This is its text.').waitFor()
    await page.locator('.page-text').getByText('Hydraulic press HP-200').waitFor()
  })

  it('leads to a locked PDF, which asks for its password until it opens', async () => {
    const page = await scene.open('/')
    await ask('places?')
    await page.locator('.chip', { hasText: 'locked.pdf' }).click()
    await page.getByText('The PDF needs a password to be shown.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill('guess')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByText('This password does not open it.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill('sesame')
    await page.keyboard.press('Enter')
    await page.locator('.pdf-sheet[data-page="1"] canvas').waitFor()
    expect(await page.locator('.password-form').count()).toBe(0)
  })
})

describe('another embedding model', () => {
  it('shows how far its index is, while the old one answers', async () => {
    const page = await scene.open('/')
    scene.api.models = changingModels
    await page.reload()
    await page.getByText('New index for bge-m3: 34%').waitFor()
    expect(await page.locator('.status-models').innerText()).toContain('multilingual-e5-small')
  })
})

describe('on a phone', () => {
  it.each([sop, '/#/jobs', '/#/documents/doc_mail'])('%s is not wider than the screen', async (path) => {
    const page = await scene.open(path, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true })
    await page.locator('.badge, .job-item').first().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    expect(await page.evaluate(() => document.querySelector('main')?.scrollWidth)).toBe(360)
  })
})
