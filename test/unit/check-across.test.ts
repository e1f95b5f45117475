import { describe, expect, it } from 'vitest'
import { checkAcross } from '../../src/answer/check-across.ts'
import { alikeEmbedder, passageOf, ScriptedGenerator } from './fakes.ts'

const manual = passageOf('press.pdf', ['Wear safety goggles.', 'Replace the return filter every 500 operating hours.'])
const check = (text: string, ...outputs: readonly string[]) => {
  const generator = new ScriptedGenerator(outputs)
  return { generator, checked: checkAcross(text, [manual], { embedder: alikeEmbedder, generator }) }
}

describe('a statement on a source in another language', () => {
  const statement = '回油濾芯每 500 運轉小時更換一次。'

  it('holds where it holds in the language of the source, and cites what it holds by there', async () => {
    const { checked } = check(statement, 'The return filter is replaced every 500 operating hours.')
    expect(await checked).toMatchObject({
      supported: true,
      statement: { text: statement, citations: [{ quote: 'Replace the return filter every 500 operating hours.' }] },
    })
  })

  it.each([
    ['that are nowhere', '在設定中開啟相機的快門聲。', 'Turn on the shutter sound of the camera in the settings.'],
    [
      'that are another sentence’s',
      '每 500 運轉小時更換護目鏡。',
      'Replace the safety goggles every 500 operating hours.',
    ],
    ['of a translation with another figure', statement, 'The return filter is replaced every 5,000 operating hours.'],
    ['of a translation that is none', statement, '回油濾芯每 500 小時更換一次。'],
    ['of an engine that wrote nothing', statement, ''],
  ])('is dropped for words %s', async (_, text, translation) => {
    expect(await check(text, translation).checked).toMatchObject({ supported: false })
  })

  it('is not translated where its figures are not in the source', async () => {
    const { checked, generator } = check('回油濾芯每 900 運轉小時更換一次。')
    expect(await checked).toMatchObject({ supported: false, reason: 'figures' })
    expect(generator.requests).toEqual([])
  })
})

it('checks a statement in the language of its source as it is', async () => {
  const { checked, generator } = check('The return filter is replaced every 500 operating hours.')
  expect(await checked).toMatchObject({ supported: true })
  expect(generator.requests).toEqual([])
})
