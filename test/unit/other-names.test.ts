import { describe, expect, it } from 'vitest'
import { withOtherNames } from '../../src/answer/other-names.ts'
import { passageOf } from './fakes.ts'

describe('withOtherNames', () => {
  it.each([
    [
      'How long must a password be?',
      'A Memorized Secret authenticator — commonly referred to as a password or, if numeric, a PIN — is a secret value.',
      'How long must a password (Memorized Secret authenticator) be?',
    ],
    [
      'What is the LOTO sequence?',
      'Lockout tagout (LOTO) has six steps.',
      'What is the LOTO (Lockout tagout) sequence?',
    ],
    ['When is lockout tagout needed?', 'Lockout tagout (LOTO) has six steps.', 'When is lockout tagout (LOTO) needed?'],
    [
      'PLC 的電池多久換一次？',
      '可程式邏輯控制器（以下簡稱PLC）之電池每三年更換。',
      'PLC (程式邏輯控制器) 的電池多久換一次?',
    ],
    ['天車的荷重是多少？', '橋式起重機，俗稱天車，額定荷重為五噸。', '天車 (橋式起重機)的荷重是多少?'],
    ['スピンドルの回転数は？', '主軸は、スピンドルとも呼ばれる。', 'スピンドル (主軸)の回転数は?'],
  ])('adds the name that the documents use: %s', (question, text, named) => {
    expect(withOtherNames(question, [passageOf('names.pdf', [text])])).toBe(named)
  })

  it.each([
    ['How long must a password be?', 'The pump is known as a gear pump.'],
    ['How long must a passwords file be?', 'A secret, also known as a pass, is kept.'],
    ['How long is the memorized secret, the password?', 'A memorized secret, also known as a password, is kept.'],
    ['Which valve is closed?', 'Close valve V-3 (see page 7).'],
    ['How far is Warsaw from the sea?', 'A native of Warsaw is known as a Varsovian.'],
    ['How far is Warsaw from the sea?', 'A native of Warsaw is also known as a Varsovian.'],
    ['What was the French war?', 'It became known as the French and Indian War.'],
    ['What is the European Union?', 'The Treaty on the European Union (TEU) applies.'],
    ['How do I start the pump?', 'Press the button called Start.'],
    ['', ''],
  ])('leaves others as they are: %s / %s', (question, text) => {
    expect(withOtherNames(question, [passageOf('names.pdf', [text])])).toBe(question)
  })
})
