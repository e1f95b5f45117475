/** What "it", "this filter" and "in this case" stand for decides what a statement may say of it: the figure of another valve is a wrong figure. */
import { describe, expect, it } from 'vitest'
import { checkStatement } from '../../src/answer/check-statement.ts'
import type { Language } from '../../src/core/document.ts'
import { passageOf, TermEmbedder } from './fakes.ts'

const isSupported = async (language: Language, sentences: readonly string[], text: string): Promise<boolean> => {
  const checked = await checkStatement(text, [passageOf('manual.pdf', sentences, { language })], {
    embedder: new TermEmbedder(),
  })
  return checked.supported
}

const filters = [
  'The return filter is on the tank.',
  'The air filter keeps dust out.',
  'Replace this filter every 500 hours.',
]
const valves = [
  'The relief valve is on the left.',
  'The safety valve protects the tank.',
  'The valve opens at 250 bar.',
]
const pump = ['The main pump delivers oil to the cylinder.', 'Its pressure is 210 bar.']
const alarms = ['If alarm E-07 appears, the oil is too hot.', 'If alarm E-08 appears, the oil level is low.']
const filtersZh = ['回油濾芯裝在油箱上方。', '空氣濾芯裝在油箱側面。', '該濾芯每500小時更換一次。']
const filtersJa = [
  'リターンフィルタはタンクの上にある。',
  'エアフィルタはタンクの横にある。',
  'このフィルタは500時間ごとに交換する。',
]

describe('a statement names what is meant', () => {
  it.each<[Language, readonly string[], string]>([
    ['en', filters, 'Replace the air filter every 500 hours.'],
    ['en', valves, 'The safety valve opens at 250 bar.'],
    ['en', pump, 'The pressure of the main pump is 210 bar.'],
    ['en', ['Loosen the lock nut.', 'Turn it clockwise by two turns.'], 'Turn the lock nut clockwise by two turns.'],
    [
      'en',
      ['The press has two guards.', 'They must be closed before the start.'],
      'The guards must be closed before the start.',
    ],
    [
      'en',
      ['The KP-60 uses ISO VG 46 oil.', 'The oil must be changed every 2,000 hours.'],
      'The oil of the KP-60 must be changed every 2,000 hours.',
    ],
    [
      'en',
      ['Scroll pumps need no oil.', 'These pumps are mainly used in clean rooms and laboratories.'],
      'Scroll pumps are typically used in clean rooms and laboratories.',
    ],
    [
      'en',
      [...alarms, 'In this case, stop the pump and refill oil.'],
      'If alarm E-08 appears, stop the pump and refill oil.',
    ],
    ['zh-Hant', filtersZh, '空氣濾芯每500小時更換一次。'],
    ['zh-Hant', ['鬆開鎖緊螺帽。', '將其順時針旋轉兩圈。'], '將鎖緊螺帽順時針旋轉兩圈。'],
    ['zh-Hant', ['安全閥保護蓄能器。', '該閥在250 bar開啟。'], '安全閥在250 bar開啟。'],
    ['zh-Hant', ['出現警報E-07表示油溫過高。', '此時應停止油泵。'], '出現警報E-07時，應停止油泵。'],
    ['ja', filtersJa, 'エアフィルタは500時間ごとに交換します。'],
    ['ja', ['メインポンプは油をシリンダに送る。', 'その圧力は210 barである。'], 'メインポンプの圧力は210 barです。'],
  ])('(%s) %j: %s', async (language, sentences, text) => {
    expect(await isSupported(language, sentences, text)).toBe(true)
  })
})

describe('a statement names another thing', () => {
  it.each<[Language, readonly string[], string]>([
    ['en', filters, 'Replace the return filter every 500 hours.'],
    ['en', valves, 'The relief valve opens at 250 bar.'],
    ['en', pump, 'The pressure of the cylinder is 210 bar.'],
    [
      'en',
      ['Loosen the lock nut.', 'Remove the bracket.', 'Turn it clockwise by two turns.'],
      'Turn the lock nut clockwise by two turns.',
    ],
    [
      'en',
      [...alarms, 'In this case, stop the pump and refill oil.'],
      'If alarm E-07 appears, stop the pump and refill oil.',
    ],
    ['zh-Hant', filtersZh, '回油濾芯每500小時更換一次。'],
    ['zh-Hant', ['主泵將油送到油缸。', '其壓力為210 bar。'], '油缸的壓力為210 bar。'],
    ['ja', filtersJa, 'リターンフィルタは500時間ごとに交換します。'],
    ['ja', ['メインポンプは油をシリンダに送る。', 'その圧力は210 barである。'], 'シリンダの圧力は210 barです。'],
  ])('(%s) %j: not %s', async (language, sentences, text) => {
    expect(await isSupported(language, sentences, text)).toBe(false)
  })
})
