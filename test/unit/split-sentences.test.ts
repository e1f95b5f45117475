import { describe, expect, it } from 'vitest'
import { splitSentences } from '../../src/core/split-sentences.ts'

const split = (text: string): string[] => splitSentences(text).map(({ start, end }) => text.slice(start, end))

describe('splitSentences in English', () => {
  it('does not cut after abbreviations, in decimals and in references', () => {
    expect(split('Tighten to 3.5 N·m, approx. 20 N·m when cold. See Fig. 3 and No. 5, e.g. M8. Done!')).toEqual([
      'Tighten to 3.5 N·m, approx. 20 N·m when cold.',
      'See Fig. 3 and No. 5, e.g. M8.',
      'Done!',
    ])
  })

  it('takes "No." without a number for a sentence', () => {
    expect(split('Is it on? No. The valve is shut.')).toEqual(['Is it on?', 'No.', 'The valve is shut.'])
  })

  it('keeps addresses, file names, part numbers and versions whole', () => {
    const text =
      'Open https://press.local/a?b=c.d and read manual.pdf first. Order PPR-9087.A in version 1.2.3. Then stop.'
    expect(split(text)).toEqual([
      'Open https://press.local/a?b=c.d and read manual.pdf first.',
      'Order PPR-9087.A in version 1.2.3.',
      'Then stop.',
    ])
  })

  it('attaches closing quotes and brackets to the sentence that they close', () => {
    expect(split('He said "Stop!" and left. (It was late.) "Go." Then he went.')).toEqual([
      'He said "Stop!" and left.',
      '(It was late.)',
      '"Go."',
      'Then he went.',
    ])
  })

  it('keeps the name of a step with the step', () => {
    expect(split('Step 8. Close the door. Go back to step 3. The lamp is on.')).toEqual([
      'Step 8. Close the door.',
      'Go back to step 3.',
      'The lamp is on.',
    ])
  })

  it('keeps the number of a step with the step', () => {
    expect(split('1. Remove the cover.\n2. Drain the oil\nfrom the tank.\na. Press F1.')).toEqual([
      '1. Remove the cover.',
      '2. Drain the oil\nfrom the tank.',
      'a. Press F1.',
    ])
  })

  it('lets the next word decide after a unit, initials and an ellipsis', () => {
    expect(
      split('Wait for 5 min. The lamp lights. By J. Smith at 5 p.m. Then it ends... or not. Wait... Next.'),
    ).toEqual([
      'Wait for 5 min.',
      'The lamp lights.',
      'By J. Smith at 5 p.m.',
      'Then it ends... or not.',
      'Wait...',
      'Next.',
    ])
  })
})

describe('splitSentences in Chinese and Japanese', () => {
  it('cuts after full-width stops, with the closing quotes', () => {
    expect(split('先按下停止鍵。等待 3.5 秒！「好了嗎？」他問。最後關門；離開。他说……好的。')).toEqual([
      '先按下停止鍵。',
      '等待 3.5 秒！',
      '「好了嗎？」',
      '他問。',
      '最後關門；',
      '離開。',
      '他说……',
      '好的。',
    ])
  })

  it('keeps a Japanese quotation in the sentence around it', () => {
    expect(split('「停止。」と言った。次に、電源を切る。')).toEqual(['「停止。」と言った。', '次に、電源を切る。'])
  })

  it('does not cut inside a short bracket', () => {
    expect(split('请拧紧（见第3章。注意方向。）后启动。完成')).toEqual([
      '请拧紧（见第3章。注意方向。）后启动。',
      '完成',
    ])
  })

  it('ends a segment at list lines and numbered lines without a stop', () => {
    expect(split('準備\n（1）検査\n① 閉じる\n・ 終了\n第2章 保全')).toEqual([
      '準備',
      '（1）検査',
      '① 閉じる',
      '・ 終了',
      '第2章 保全',
    ])
  })
})

describe('splitSentences on lines', () => {
  it('ends a segment at table rows and blank lines, but not at wrapped lines', () => {
    expect(split('Part\tTorque\nM8\t25\nThe values are\nfor dry threads.\n\nNext')).toEqual([
      'Part\tTorque',
      'M8\t25',
      'The values are\nfor dry threads.',
      'Next',
    ])
  })

  it('gives nothing for blank text', () => {
    expect(split(' \n\t\u3000\n')).toEqual([])
  })
})

/** A small deterministic generator: the same texts in every run. */
const randomTexts = (count: number): string[] => {
  const pieces = [
    ...'ab Z19.．。！？…!?;；：,，「」『』（）()"\'“”\n\r\t|-•①第章か漢字ア😀é\u3000\u00a0',
    'e.g. ',
    'No. 5',
    '1. ',
    '...',
    '\n\n',
    'http://a.b/c?d ',
  ]
  let state = 12_345
  const next = (bound: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * bound)
  }
  return Array.from({ length: count }, () =>
    Array.from({ length: next(60) }, () => pieces[next(pieces.length)]).join(''),
  )
}

describe('splitSentences on any text', () => {
  it('covers every character that is not blank, in order and without overlap', () => {
    for (const text of randomTexts(3_000)) {
      let cursor = 0
      for (const { start, end } of splitSentences(text)) {
        expect(start).toBeGreaterThanOrEqual(cursor)
        expect(end).toBeGreaterThan(start)
        expect(text.slice(cursor, start).trim()).toBe('')
        expect(text.slice(start, end).trim()).toBe(text.slice(start, end))
        cursor = end
      }
      expect(text.slice(cursor).trim()).toBe('')
    }
  })

  it('takes time in proportion to the length of a text without any sentence end', () => {
    const text = `${'word "quoted (open '.repeat(20_000)}.`
    expect(splitSentences(text)).toHaveLength(1)
  })
})
