/** The page's list of open questions: seen, answered with passages or a signature, noted, dismissed, in four languages. */
import type { BrowserContextOptions } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { dictionaries, pageLanguages } from '../../src/page/i18n/language.ts'
import { onStage } from './on-stage.ts'

const scene = onStage()

const open = (path = '/#/gaps', options: BrowserContextOptions = {}) => scene.open(path, options)

describe('the list of open questions', () => {
  it('says in the header how many wait, and shows them with state and count; a state narrows it', async () => {
    const page = await open()
    await expect.poll(() => page.locator('.nav-count').textContent()).toBe('3')
    await expect.poll(() => page.locator('.gap-item').count()).toBe(3)
    expect(await page.locator('.gap-item').first().innerText()).toContain('asked 7×')
    await page.getByRole('combobox', { name: 'State' }).selectOption('Answer expired')
    await expect.poll(() => page.locator('.gap-question').allTextContents()).toEqual(['Who releases the paint line?'])
  })

  it.each(pageLanguages)('speaks %s', async (language) => {
    const page = await open('/#/gaps', { locale: language })
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(dictionaries[language].gaps.heading)
    await page.goto(`${scene.api.url}/#/gaps/gap_key`)
    await page.getByRole('button', { name: dictionaries[language].gaps.answer, exact: true }).waitFor()
  })
})

describe('an open question', () => {
  it('is answered with passages that are found and chosen, for the wordings that are wanted', async () => {
    const page = await open('/#/gaps/gap_key')
    await page.getByRole('button', { name: 'Answer it' }).click()
    const save = page.getByRole('button', { name: 'Save the verified answer' })
    await page.getByLabel('Answer', { exact: false }).first().fill('In the office of the shift leader.')
    expect(await save.isDisabled()).toBe(true)
    await page.getByRole('checkbox', { name: 'tool room spare key??' }).uncheck()
    await page.getByLabel('Other wordings').fill('工具間的備用鑰匙在哪裡？')
    await page.getByRole('searchbox', { name: 'Search the documents' }).fill('spare key')
    await page.getByRole('searchbox', { name: 'Search the documents' }).press('Enter')
    const offered = page.getByRole('checkbox', { name: /^Cite / })
    await expect.poll(() => offered.count()).toBe(1)
    await offered.click()
    await page.getByRole('heading', { name: 'Chosen' }).waitFor()
    await save.click()
    await page.locator('.badge-gap-answered').waitFor()
    const [[path, body] = []] = scene.api.gaps.posted
    expect(path).toBe('gap_key/answer')
    expect(body).toMatchObject({
      text: 'In the office of the shift leader.',
      questions: ['Where is the spare key of the tool room?', '工具間的備用鑰匙在哪裡？'],
      citations: [{ passageId: expect.any(String) }],
    })
    expect(await page.locator('.gap-answer').innerText()).toContain('In the office of the shift leader.')
  })

  it('that was voted down shows what was said, offers the correction, and is answered with a signature alone', async () => {
    const page = await open('/#/gaps/gap_oil')
    expect(await page.locator('.gap-examples').innerText()).toContain('That was the gear oil.')
    await page.getByRole('button', { name: 'Answer it' }).click()
    expect(await page.locator('.gap-form textarea').first().inputValue()).toBe('Every 4,000 hours.')
    await page.getByLabel('Signed by').fill('M. Ito')
    await page.getByRole('button', { name: 'Save the verified answer' }).click()
    await page.getByText('Verified by M. Ito').waitFor()
    expect(scene.api.gaps.posted[0]?.[1]).toMatchObject({ signedBy: 'M. Ito', citations: [] })
  })

  it('is noted as a missing document, dismissed and reopened', async () => {
    const page = await open('/#/gaps/gap_key')
    await page.getByRole('button', { name: 'Document missing' }).click()
    await page.getByLabel('Which document would answer it?').fill('List of keys')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.locator('.badge-gap-document_missing').waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.locator('.badge-gap-dismissed').waitFor()
    await page.getByRole('button', { name: 'Reopen' }).click()
    await page.locator('.badge-gap-open').waitFor()
    expect(scene.api.gaps.posted).toEqual([
      ['gap_key/missing-document', { note: 'List of keys' }],
      ['gap_key/dismiss', {}],
      ['gap_key/reopen', {}],
    ])
  })

  it('whose answer has expired says so, and shows what is not in force any more', async () => {
    const page = await open('/#/gaps/gap_old')
    await page.locator('.notice-expired').waitFor()
    expect(await page.locator('.gap-citations').innerText()).toContain('not in force any more')
    await page.getByRole('button', { name: 'Answer it anew' }).waitFor()
  })

  it('that there is not is told', async () => {
    const page = await open('/#/gaps/gap_none')
    await page.getByText('gap_not_found').first().waitFor()
  })
})
