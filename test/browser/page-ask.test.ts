import type { BrowserContextOptions } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { boxOfLine } from './make-pdf.ts'
import { onStage } from './on-stage.ts'

const scene = onStage()

const open = (options: BrowserContextOptions = {}) => scene.open('/', options)

const ask = async (question: string) => {
  await scene.page.getByRole('textbox', { name: 'Your question' }).fill(question)
  await scene.page.keyboard.press('Enter')
}

describe('asking', () => {
  it('shows passages at once, then quotes, then statement after statement with numbered citations', async () => {
    const page = await open()
    const shown = ['.passage', '.quotes blockquote', '.statements li', '.answer-footer']
    const seen = async () => {
      const counts = await Promise.all(shown.map((name) => page.locator(name).count()))
      return shown.filter((_, place) => counts[place] !== 0)
    }
    scene.api.cue.holdAt('passages')
    await ask('How often is the hydraulic oil changed?')
    await page.getByText('Searching the documents…').waitFor()
    expect(await seen()).toEqual([])
    scene.api.cue.holdAt('quotes')
    await page.getByText('Reading the passages found…').waitFor()
    expect(await seen()).toEqual(shown.slice(0, 1))
    scene.api.cue.holdAt('statement')
    await page.getByText('Writing the answer…').waitFor()
    expect(await seen()).toEqual(shown.slice(0, 2))
    scene.api.cue.holdAt('answer')
    await page.locator('.statements li').nth(1).waitFor()
    expect(await seen(), 'the passages fold away').toEqual(shown.slice(1, 3))
    scene.api.cue.goOn()
    await page.locator('.answer-footer').waitFor()
    expect(await page.locator('.statements li p').allTextContents()).toEqual([
      'The hydraulic oil is changed every 2,000 operating hours.',
      'At every oil change the return filter FX-114 is replaced as well, after the pressure has been checked to be zero.',
    ])
    expect(await page.locator('.chip').allTextContents()).toEqual([
      '1HP-200 operating manual.pdfRev. 1page 3',
      '1HP-200 operating manual.pdfRev. 1page 3',
      '2Lockout-tagout.mdRev. 1Before maintenance',
    ])
    expect(
      await page.locator('.statements').evaluate((element) => element.closest('[aria-live="polite"]') !== null),
    ).toBe(true)
  })

  it('warns of documents that give other figures, with their words and a way there, and names who verified an answer', async () => {
    const page = await open()
    await ask('disputed?')
    await page.locator('.answer-footer').waitFor()
    const [first] = await page.locator('.differing').all()
    expect(await first?.locator('strong').textContent()).toContain('other figures')
    expect(await first?.locator('blockquote').allTextContents()).toEqual(['Change it every 1,500 hours.'])
    expect(await first?.locator('.chip').allTextContents()).toEqual(['2HP-200 manual 2019.pdfRev. 1page 1'])
    expect(await page.locator('.differing').count()).toBe(1)
    expect(await page.locator('.statements .verified').textContent()).toContain('Lin')
  })

  it('shows no other quotes before an answer that is a quote itself', async () => {
    const page = await open()
    scene.api.cue.holdAt('statement')
    await ask('quoted?')
    await page.locator('.quotes blockquote').nth(1).waitFor()
    scene.api.cue.goOn()
    await page.locator('.statements .quote-mark').waitFor()
    await page.locator('.answer-footer').waitFor()
    expect(await page.locator('.statements li').count()).toBe(1)
    expect(await page.locator('.quotes').count()).toBe(0)
  })

  it('keeps the conversation for follow-ups, and begins a new one on request', async () => {
    const page = await open()
    await ask('first')
    await page.locator('.answer-footer').waitFor()
    await ask('second')
    await page.locator('.answer-footer').nth(1).waitFor()
    expect(await page.locator('.turns > li').count()).toBe(2)
    await page.getByRole('button', { name: 'New conversation' }).click()
    expect(await page.locator('.turns > li').count()).toBe(0)
    await ask('third')
    await page.locator('.answer-footer').waitFor()
    expect(scene.api.asked.map(({ question, conversationId, stream }) => [question, conversationId, stream])).toEqual([
      ['first', undefined, true],
      ['second', 'con_1', true],
      ['third', undefined, true],
    ])
  })

  it('asks in the chosen collection only', async () => {
    const page = await open()
    await page.getByLabel('Search in').selectOption('Office')
    await ask('where?')
    await page.locator('.answer-footer').waitFor()
    expect(scene.api.asked[0]?.collections).toEqual(['col_office'])
  })

  it('does not send by the Enter that ends a composition, and breaks the line by Shift + Enter', async () => {
    const page = await open()
    const box = page.getByRole('textbox', { name: 'Your question' })
    await box.focus()
    const session = await page.context().newCDPSession(page)
    await session.send('Input.imeSetComposition', { text: 'ゆあつ', selectionStart: 3, selectionEnd: 3 })
    await box.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })
    expect(scene.api.asked).toEqual([])
    await session.send('Input.insertText', { text: '油圧' })
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('plan')
    expect(await box.inputValue()).toBe('油圧\nplan')
    expect(scene.api.asked).toEqual([])
    await page.keyboard.press('Enter')
    await page.locator('.answer-footer').waitFor()
    expect(scene.api.asked.map(({ question }) => question)).toEqual(['油圧\nplan'])
  })

  it('stops on request, tells the server, and keeps what had arrived', async () => {
    const page = await open()
    scene.api.cue.holdAt('quotes')
    await ask('slow question')
    await page.locator('.passage').first().waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped. This is what had arrived.').waitFor()
    expect(await page.locator('.passage').count()).toBe(4)
    await expect.poll(() => scene.api.abandoned).toEqual(['slow question'])
    scene.api.cue.goOn()
    await ask('next')
    await page.locator('.answer-footer').waitFor()
  })

  it('says honestly that something is not in the documents, and what did not work', async () => {
    const page = await open()
    await ask('nothing, degraded')
    await page.getByText('This is not in the documents').waitFor()
    expect(await page.locator('.notice-degraded li').allTextContents()).toEqual([
      'A language model was not running: the answer may be shorter, or quotes only.',
    ])
    expect(await page.getByRole('button', { name: 'The nearest passages' }).getAttribute('aria-expanded')).toBe('true')
    await page.getByRole('heading', { name: 'The nearest sentences, word for word' }).waitFor()
    expect(await page.locator('.statements').count()).toBe(0)
  })

  it.each([
    ['please fail', 'The language model failed', 'model_failed'],
    ['too long', 'The question is too long', 'question_too_long'],
  ])('tells title, remedy, code and request of the failure of "%s"', async (question, title, code) => {
    const page = await open()
    await ask(question)
    const alert = page.getByRole('alert')
    await alert.waitFor()
    const text = (await alert.textContent()) ?? ''
    expect(text).toContain(title)
    expect(text).toContain(`Code: ${code} · Request: req-1`)
    expect(await page.getByRole('button', { name: 'Ask', exact: true }).count()).toBe(1)
  })

  it('sends a thumb at once and a comment after it', async () => {
    const page = await open()
    await ask('helpful?')
    await page.getByRole('button', { name: 'Not helpful' }).click()
    await page.getByLabel('What was missing or wrong?').fill('The torque is missing.')
    await page.getByRole('button', { name: 'Send comment' }).click()
    await page.getByText('Thank you.').waitFor()
    expect(scene.api.feedback).toEqual([{ rating: 'down' }, { rating: 'down', comment: 'The torque is missing.' }])
  })
})

describe('a citation', () => {
  it('opens the PDF page with the cited line marked at its place, and gives the focus back on Escape', async () => {
    const page = await open()
    await ask('How often?')
    const chip = page.getByRole('button', { name: '1: Open HP-200 operating manual.pdf, page 3' }).first()
    await chip.click()
    await page.locator('.mark').waitFor()
    expect(await page.getByLabel('Page number').inputValue()).toBe('3')
    expect(await page.locator('.mark').count()).toBe(1)
    const place = await page.evaluate(() => {
      const sheet = document.querySelector('.pdf-sheet')?.getBoundingClientRect()
      const mark = document.querySelector('.mark')?.getBoundingClientRect()
      if (sheet === undefined || mark === undefined) return undefined
      return {
        x: (mark.x - sheet.x) / sheet.width,
        y: (mark.y - sheet.y) / sheet.height,
        width: mark.width / sheet.width,
        height: mark.height / sheet.height,
      }
    })
    const expected = boxOfLine(3)
    for (const key of ['x', 'y', 'width', 'height'] as const) expect(place?.[key]).toBeCloseTo(expected[key], 2)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('.viewer').count()).toBe(0)
    await expect.poll(() => chip.evaluate((element) => element === document.activeElement)).toBe(true)
  })

  it('is marked where the printed line really is', async () => {
    const page = await open()
    await ask('How often?')
    await page.locator('.chip').first().click()
    await page.locator('.mark').waitFor()
    const ink = await page.evaluate((box) => {
      const canvas = document.querySelector<HTMLCanvasElement>('.pdf-picture canvas')
      const context = canvas?.getContext('2d')
      if (!canvas || !context) return undefined
      const dark = (y: number, height: number) => {
        const { data } = context.getImageData(
          Math.round(box.x * canvas.width),
          Math.round(y * canvas.height),
          Math.round(box.width * canvas.width),
          Math.round(height * canvas.height),
        )
        return data.filter((value, index) => index % 4 === 0 && value < 128).length
      }
      // the line itself, and an empty stretch of the same height further down
      return { inside: dark(box.y, box.height), below: dark(box.y + 8 * box.height, box.height) }
    }, boxOfLine(3))
    expect(ink?.inside).toBeGreaterThan(100)
    expect(ink?.below).toBe(0)
  })

  it('keeps its mark in place when zoomed, and has none on other pages', async () => {
    const page = await open()
    await ask('How often?')
    await page.locator('.chip').first().click()
    await page.locator('.mark').waitFor()
    const before = await page.locator('.pdf-sheet').evaluate((element) => element.clientWidth)
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await expect
      .poll(() => page.locator('.pdf-sheet').evaluate((element) => element.clientWidth))
      .toBeGreaterThan(before)
    const share = await page.evaluate(() => {
      const sheet = document.querySelector('.pdf-sheet')?.getBoundingClientRect()
      const mark = document.querySelector('.mark')?.getBoundingClientRect()
      return sheet && mark ? (mark.y - sheet.y) / sheet.height : 0
    })
    expect(share).toBeCloseTo(boxOfLine(3).y, 2)
    await page.getByRole('button', { name: 'Previous page' }).click()
    await page.locator('.pdf-sheet[data-page="2"]').waitFor()
    expect(await page.locator('.mark').count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Open original' }).getAttribute('href')).toBe(
      '/api/documents/doc_manual/file?revision=rev_doc_manual',
    )
  })

  it('of a document without pages opens its text with the cited words marked, the repetition that was meant', async () => {
    const page = await open()
    await ask('How often?')
    await page.locator('.chip', { hasText: 'Lockout-tagout.md' }).click()
    await page.locator('.page-text mark').waitFor()
    expect(await page.locator('.page-text mark').allTextContents()).toEqual(['Check that the pressure is zero.'])
    const before = await page.locator('.page-text mark').evaluate((mark) => mark.previousSibling?.textContent ?? '')
    expect(before.trim().endsWith('Hang the tag with your name on the lock.')).toBe(true)
  })

  it('shows the text of a PDF page to those who want to read or copy it', async () => {
    const page = await open()
    await ask('How often?')
    await page.locator('.chip').first().click()
    await page.getByRole('button', { name: 'Text', exact: true }).click()
    await page.locator('.page-text mark').waitFor()
    expect(await page.locator('.page-text mark').allTextContents()).toEqual([
      'Change the hydraulic oil every 2,000 operating hours.',
    ])
  })

  it('covers the whole screen of a phone, where the back button closes it', async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
    await ask('How often?')
    await page.locator('.chip').first().click()
    const dialog = page.getByRole('dialog', { name: 'Document: HP-200 operating manual.pdf' })
    await dialog.locator('.mark').waitFor()
    expect(await dialog.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 })
    await page.goBack()
    await expect.poll(() => page.locator('.viewer').count()).toBe(0)
    expect(await page.locator('.chip').count()).toBe(3)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  })
})

describe('the language', () => {
  it.each([
    ['zh-TW', 'zh-Hant', '文件', '提問', '待答問題'],
    ['zh-CN', 'zh-Hans', '文档', '提问', '待答问题'],
    ['ja-JP', 'ja', '文書', '質問', '未回答の質問'],
    ['de-DE', 'en', 'Documents', 'Ask', 'Open questions'],
  ])('of a browser set to %s is %s', async (locale, language, documents, ask, questions) => {
    const page = await open({ locale })
    const links = await page.locator('nav a').allTextContents()
    // The count of open questions stands behind their name.
    expect(links.map((link) => link.replace(/\d+$/, ''))).toEqual([ask, documents, questions])
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(language)
  })

  it('is switched at once and remembered', async () => {
    const page = await open()
    await page.getByRole('combobox', { name: 'Language' }).selectOption('日本語')
    await page.getByRole('heading', { name: '何をお調べですか？' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: '何をお調べですか？' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ja')
  })
})
