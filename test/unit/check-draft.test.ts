import { describe, expect, it } from 'vitest'
import { checkDraft, isOwnFault } from '../../src/answer/check-draft.ts'
import type { Language } from '../../src/core/document.ts'
import { alikeEmbedder, passageOf, ScriptedGenerator } from './fakes.ts'

const manual = passageOf('press.pdf', ['Replace the return filter every 500 operating hours.', 'Open the lower cover.'])

/** What becomes of the sentences: the text of what is told; `beside` of what holds and is about something else; `dropped` of what does not hold. */
const check = async (
  drafted: { readonly question: string; readonly query: string; readonly language: Language },
  sentences: readonly string[],
  translations: readonly string[] = [],
) => {
  async function* read() {
    yield* sentences
  }
  const draft = { ...drafted, kind: 'fact' as const, passages: [manual], written: new Set<string>() }
  const found: string[] = []
  const deps = { embedder: alikeEmbedder, generator: new ScriptedGenerator(translations) }
  for await (const each of checkDraft(read(), draft, deps))
    found.push('statement' in each ? each.statement.text : each.reason === 'relevance' ? 'beside' : 'dropped')
  return found
}

const query = 'How often is the return filter replaced?'
const across = { question: '回油濾芯多久更換一次？', query, language: 'zh-Hant' } as const
const [filter, camera, shutter] = ['回油濾芯每 500 運轉小時更換一次。', '打開相機。', '選擇快門聲。']
const translated = 'The return filter is replaced every 500 operating hours.'

describe('a draft in another language than its sources', () => {
  it('is told where at least half of it holds', async () => {
    expect(await check(across, [filter, camera], [translated, 'Open the camera.'])).toEqual([filter, 'dropped'])
  })

  it('is not told where less of it does', async () => {
    const translations = [translated, 'Open the camera.', 'Select the shutter sound.']
    expect(await check(across, [filter, camera, shutter], translations)).toEqual(['dropped', 'dropped'])
  })

  it('is not told what holds and is beside the question, in the words of the sources', async () => {
    expect(await check(across, ['打開下蓋。'], ['Open the lower cover.'])).toEqual(['beside'])
  })
})

it('tells of a draft in the language of its sources each sentence that holds', async () => {
  const own = { question: query, query, language: 'en' } as const
  const sentences = [translated, 'The camera is opened first.', 'The shutter sound is then selected.']
  expect(await check(own, sentences)).toEqual([translated, 'dropped', 'dropped'])
})

describe('isOwnFault', () => {
  const asked = 'How often is the return filter of the boiler replaced, every 3 months?'

  it.each([
    ['figures', ['900 hour'], true],
    ['figures', ['3 month'], false],
    ['figures', ['30 month'], true],
    ['subject', ['pump'], true],
    ['subject', ['boilers'], false],
    ['subject', ['pump', 'boiler'], false],
    ['relevance', [], false],
    ['language', [], true],
    ['negation', ['open'], false],
  ] as const)('tells what the model made up from what the question names (%s: %j)', (reason, missing, isOwn) => {
    expect(isOwnFault({ text: '', reason, missing }, asked)).toBe(isOwn)
  })
})
