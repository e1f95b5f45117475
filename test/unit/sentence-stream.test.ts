import { describe, expect, it } from 'vitest'
import { readSentences } from '../../src/answer/sentence-stream.ts'

async function* pieces(text: string, length: number): AsyncGenerator<string> {
  for (let i = 0; i < text.length; i += length) yield text.slice(i, i + length)
}
const read = async (text: string, length = 3) => {
  const sentences = []
  for await (const sentence of readSentences(pieces(text, length))) sentences.push(sentence)
  return sentences
}

describe('readSentences', () => {
  it.each([1, 2, 7, 1000])('reads the same sentences from pieces of %i characters', async (length) => {
    expect(await read('Set 4.5 bar. 油を交換します。次に、弁を閉じます。 Done', length)).toEqual([
      'Set 4.5 bar.',
      '油を交換します。',
      '次に、弁を閉じます。',
      'Done',
    ])
  })

  it('gives a sentence while the next one is being written', async () => {
    const consumed: string[] = []
    async function* counted(): AsyncGenerator<string> {
      for (const piece of ['First one. ', 'Second ', 'one. ', 'Third one.']) {
        consumed.push(piece)
        yield piece
      }
    }
    for await (const sentence of readSentences(counted())) {
      expect(sentence).toBe('First one.')
      break
    }
    expect(consumed.length).toBeLessThan(4)
  })

  it("takes the model's own list marks, emphasis and source numbers away", async () => {
    expect(await read('1. Close the **valve** [1].\n2) Wait [1, 2].\n- 3.5 bar is enough.')).toEqual([
      'Close the valve.',
      'Wait.',
      '3.5 bar is enough.',
    ])
  })

  it.each([
    ['According to [2], the pump stops.', 'The pump stops.'],
    ['According to source [1], the pump stops.', 'The pump stops.'],
    ['根据[2]中的信息，应该拨打[4400]分机。', '应该拨打[4400]分机。'],
    ['根據[1]，油每週檢查。', '油每週檢查。'],
    ['[1]によると、油は毎週点検する。', '油は毎週点検する。'],
    ['Connect it to power source 1 (source 2).', 'Connect it to power source 1.'],
    ['Source [3]: Connect it to power source 1. [1][2]', 'Connect it to power source 1.'],
    ['According to the operator, the pump stops.', 'According to the operator, the pump stops.'],
  ])('leaves out whose number it is, and no number that is told: %s', async (text, sentence) => {
    expect(await read(text)).toEqual([sentence])
  })

  it.each(['Source [1]', '[1], [2]', '出典 [2]'])('finds nothing said in "%s"', async (text) => {
    expect(await read(text)).toEqual([])
  })

  it('ends where the model says that nothing is found', async () => {
    expect(await read('NOT FOUND')).toEqual([])
    expect(await read('The date was NOT FOUND. It may be 1999.')).toEqual([])
    expect(await read('not found.')).toEqual([])
    expect(await read('It means that the tool was not found. Check it.')).toHaveLength(2)
    expect(await read('-10 °C is the lowest.')).toEqual(['-10 °C is the lowest.'])
    expect(await read('')).toEqual([])
    expect(await read('…\n---')).toEqual([])
  })

  it('reads the rows of a table as sentences, and not its head', async () => {
    const table = '| Filter | Hours |\n|:---|---:|\n| Return filter | 500 |\n| Line filter | 250 |\n\nWear gloves.'
    expect(await read(table)).toEqual(['Return filter, 500', 'Line filter, 250', 'Wear gloves.'])
    expect(await read('| Return filter | 500 |')).toEqual(['Return filter, 500'])
    expect(await read('| a | b |\n|---|---|')).toEqual([])
  })

  it.each([
    'The sources do not contain the answer to this question.',
    'The provided text does not specify the torque.',
    '來源中沒有提到扭力值。',
    '提供的資料並未說明保養週期。',
    '出典には締付トルクの記載がありません。',
  ])('takes for "not found" what says so of the sources: %s', async (sentence) => {
    expect(await read(`${sentence} It may be 5 Nm.`)).toEqual([])
  })

  it.each([
    'The light source does not provide enough contrast.',
    'This manual does not contain the wiring diagrams.',
    '電源沒有提供接地。',
  ])('keeps what the document says of itself and of its things: %s', async (sentence) => {
    expect(await read(sentence)).toEqual([sentence])
  })

  it('leaves out what only leads to the steps that follow', async () => {
    expect(await read('To change the oil, follow these steps:\n1. Drain the tank.\n2. 注入新油：15 L。')).toEqual([
      'Drain the tank.',
      '注入新油：15 L。',
    ])
  })

  it('takes NOT FOUND inside a sentence for words of the document where the sources write it', async () => {
    const sentences = async (text: string) => {
      const told = []
      for await (const sentence of readSentences(pieces(text, 5), true)) told.push(sentence)
      return told
    }
    expect(await sentences('Alarm 7 TOOL NOT FOUND stops the spindle. NOT FOUND. More.')).toEqual([
      'Alarm 7 TOOL NOT FOUND stops the spindle.',
    ])
    expect(await sentences('NOT_FOUND')).toEqual([])
    expect(await read('Alarm 7 TOOL NOT FOUND stops the spindle.')).toEqual([])
  })
})
