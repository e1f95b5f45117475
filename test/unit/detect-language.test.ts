import { describe, expect, it } from 'vitest'
import { detectLanguage } from '../../src/core/detect-language.ts'

describe('detectLanguage', () => {
  it.each([
    ['How much torque do the bolts need?', 'en'],
    ['螺絲的扭力是多少？', 'zh-Hant'],
    ['安全門', 'zh-Hant'],
    ['螺丝的扭力是多少？', 'zh-Hans'],
    ['安全门', 'zh-Hans'],
    ['ボルトの締め付けトルクは？', 'ja'],
    ['電源を切る', 'ja'],
    ['油圧装置点検', 'ja'],
    ['点検表 部品番号 数量', 'ja'],
    ['ﾎﾟﾝﾌﾟ', 'ja'],
  ])('knows %s', (text, language) => {
    expect(detectLanguage(text)).toBe(language)
  })

  it.each([
    ['什么是 Kubernetes Pod 的 CPU limit', 'zh-Hans'],
    ['請把 KURA_MAX_FILE_BYTES 設成 500 MB', 'zh-Hant'],
    ['The word 蔵 (kura) means storehouse in Japanese.', 'en'],
    ['这台注塑机的控制面板上印有「の」字，请忽略它，并按照说明书操作。', 'zh-Hans'],
  ])('goes by the majority in %s', (text, language) => {
    expect(detectLanguage(text)).toBe(language)
  })

  it('gives undecided characters the fallback, and Traditional Chinese without one', () => {
    expect(detectLanguage('扭力是多少？')).toBe('zh-Hant')
    expect(detectLanguage('扭力是多少？', 'zh-Hans')).toBe('zh-Hans')
    expect(detectLanguage('安全確認', 'ja')).toBe('ja')
  })

  it('says und where there is nothing to go by, or a script that it does not tell apart', () => {
    expect(detectLanguage('')).toBe('und')
    expect(detectLanguage('3.5 / 20')).toBe('und')
    expect(detectLanguage('3.5 / 20', 'en')).toBe('en')
    expect(detectLanguage('Затяните болты ключом')).toBe('und')
  })

  it('samples the whole of a long text', () => {
    expect(detectLanguage(`${'Preface. '.repeat(500)}${'請先關閉電源再打開護蓋。'.repeat(20_000)}`)).toBe('zh-Hant')
  })
})
