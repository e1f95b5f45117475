/** What a source limits, which case it tells and how often: statements that hold all of its words but the one that counts. */
import { describe, expect, it } from 'vitest'
import { checkStatement } from '../../src/answer/check-statement.ts'
import { detectLanguage } from '../../src/core/detect-language.ts'
import { passageOf, TermEmbedder } from './fakes.ts'

const isSupported = async (source: string, text: string): Promise<boolean> => {
  const passage = passageOf('manual.pdf', [source], { language: detectLanguage(source) })
  return (await checkStatement(text, [passage], { embedder: new TermEmbedder() })).supported
}

const conductor = 'Only qualified electricians may open the cabinet door.'
const rope = 'The rope is lubricated every three months, or monthly in foundry service.'
const sludge = '沉澱池污泥每四小時排放一次，但雨天改為每兩小時排放一次。'
const film = 'If holes appear in the film, lower the tunnel temperature; if the film wrinkles, lower the belt speed.'
const torches = 'Every torch must be checked for leaks weekly, except for spare torches in sealed bags.'

describe('a statement keeps to the limits of its source', () => {
  it.each([
    [conductor, 'The cabinet door may be opened by qualified electricians only.'],
    [rope, 'The rope is lubricated every three months.'],
    [rope, 'The rope is lubricated quarterly.'],
    [film, 'If the film wrinkles, lower the belt speed.'],
    [torches, 'Every torch must be checked for leaks weekly.'],
    ['The wire is cleaned every six months.', 'The wire is cleaned half-yearly.'],
    ['主軸拉刀力每半年測量一次。', '主軸拉刀力每六個月測量一次。'],
    ['濾芯由維修工每季度更換。', '濾芯由維修工每三個月更換。'],
    ['サクションストレーナは半年ごとに洗浄する。', 'サクションストレーナは6か月ごとに洗浄します。'],
    ['烘箱內裝載量不得超過 80 公斤，且每層最多 20 公斤。', '烘箱內裝載量不得超過 80 公斤。'],
    ['每層裝載量的上限為 20 公斤。', '每層裝載量的上限是 20 kg。'],
  ])('%s: %s', async (source, text) => {
    expect(await isSupported(source, text)).toBe(true)
  })

  it.each([
    [
      'more',
      'Put the safety blocks in and replace the seal kit.',
      'Put the safety blocks in, replace the seal kit, and reset the alarm.',
    ],
    ['more', '鋼板來料須核對材質證明、爐號和厚度。', '鋼板來料須核對材質證明、爐號、厚度和硬度。'],
    ['who alone', conductor, 'Machine operators may open the cabinet door.'],
    ['who alone', conductor, 'All staff may open the cabinet door.'],
    ['who', '緊急拉繩開關每班開始前由操作員測試。', '緊急拉繩開關每班開始前由維修人員測試。'],
    ['who', 'The torch is replaced by the welder.', 'The torch is replaced by the storekeeper.'],
    ['who', 'The technician seals the valve.', 'The operator seals the valve.'],
    ['a case', rope, 'In foundry service, the rope is lubricated every three months.'],
    ['a case', sludge, '雨天時，沉澱池污泥每四小時排放一次。'],
    ['a case', '烘箱內裝載量不得超過 80 公斤，且每層最多 20 公斤。', '烘箱每層最多可裝載 80 公斤。'],
    ['a consequence', film, 'If holes appear in the film, lower the belt speed.'],
    ['an exception', torches, 'Spare torches in sealed bags must be checked for leaks weekly.'],
    ['an exception', '攪拌機除了清槽期間以外都要連續運轉。', '攪拌機在清槽期間也要連續運轉。'],
    ['how often', 'サクションストレーナは半年ごとに洗浄する。', 'サクションストレーナは毎月洗浄します。'],
    ['how often', 'The wire is cleaned every six months.', 'The wire is cleaned monthly.'],
    ['when', '熄火後待油溫下降才能停泵。', '熄火後應立即停泵。'],
    [
      'only',
      'The rope must be discarded when six wires are broken.',
      'The rope must be discarded only when six wires are broken.',
    ],
    [
      'the last',
      'Calibrate after 12 months or 5,000 uses, whichever comes first.',
      'Calibrate after 12 months or 5,000 uses, whichever comes last.',
    ],
    ['the other', '吸水管上的閥門必須保持常開。', '吸水管上的閥門必須保持常閉。'],
    ['the other', 'pH 值過高時加入稀硫酸，過低時加入碳酸鎳。', 'pH 值過高時加入碳酸鎳。'],
  ])('%s: "%s" does not hold "%s"', async (_, source, text) => {
    expect(await isSupported(source, text)).toBe(false)
  })
})
