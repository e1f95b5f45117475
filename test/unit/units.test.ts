/** Units are compared as written: every spelling of one is the others, in all four languages, and none of another. */
import { describe, expect, it } from 'vitest'
import { figuresMissing } from '../../src/answer/figures.ts'

/** With the number that stands in it; the first is the symbol. */
const spellings = [
  '12 mm|12 millimeters|12毫米|12公釐|12ミリメートル|12㎜',
  '5 cm|5 centimeters|5公分|5厘米|5センチ',
  '3 m|3 meters|3公尺|3米|3メートル',
  '20 µm|20 um|20 microns|20微米|20ミクロン',
  '3 in|3 inches|3"|3英吋|3吋|3インチ',
  '5 ft|5 feet|5英呎|5フィート',
  '8 kg|8 kilograms|8公斤|8キログラム',
  '8 g|8 grams|8公克|8グラム',
  '8 t|8 T|8 tonnes|8公噸|8トン',
  '8 lb|8 pounds|8磅|8ポンド',
  '5 L|5 liters|5公升|5リットル',
  '5 mL|5 milliliters|5毫升|5㏄|5 cc|5 cm³|5ミリリットル',
  '2 m²|2 square meters|2平方公尺|2平方米|2平方メートル|2㎡',
  '2 m³|2 cubic meters|2立方公尺|2立方米|2立方メートル|2㎥',
  '7 bar|7巴|7バール',
  '7 MPa|7 megapascals|7兆帕|7メガパスカル',
  '90 psi|90 pounds per square inch',
  '5 kgf/cm²|5 kg/cm²|5公斤/平方公分',
  '45 N·m|45 Nm|45 newton-meters|45牛頓米|45ニュートンメートル',
  '45 kN|45 kilonewtons|45千牛|45キロニュートン',
  '220 V|220 volts|220伏特|220ボルト',
  '5 mA|5 milliamps|5毫安|5ミリアンペア',
  '5 kW|5 kilowatts|5千瓦|5キロワット',
  '60 Hz|60 hertz|60赫茲|60ヘルツ',
  '10 μF|10 microfarads|10微法|10マイクロファラド',
  '1 MΩ|1 megohm|1兆歐|1メガオーム',
  '1500 rpm|1500 r/min|1500 revolutions per minute|1500轉/分|每分鐘1500轉|毎分1500回転|1500 min⁻¹',
  '10 L/min|10 l/min|10 liters per minute|每分鐘10公升|10公升/分|毎分10リットル',
  '10 mm/s|10 mm/sec|10 millimeters per second|每秒10毫米',
  '3 m³/h|3 cubic meters per hour|每小時3立方公尺|毎時3立方メートル',
  '80 °C|80℃|80 degrees Celsius|攝氏80度|摂氏80度',
  '80 °F|80 degrees Fahrenheit|華氏80度',
  '30°|30 degrees|30度',
  '50 %|50 percent|百分之50|50パーセント',
  '70 dB|70 decibels|70分貝|70デシベル',
  '30 s|30 seconds|30秒鐘|30秒間',
  '30 min|30 minutes|30分鐘|30分間',
  '4 h|4 hours|4小時|4時間|4個鐘頭',
  '3 times|3次|3回',
  '46 cSt|46 mm²/s|46厘斯|46センチストークス',
  '20 ppm|20 parts per million',
].map((line) => line.split('|'))

const statementWith = (spelling: string): string => `The value is ${spelling}.`
const sourceWith = (spelling: string): string => `值：${spelling}。`

describe('a unit', () => {
  it.each(spellings)('%s is itself however it is written', (...group) => {
    for (const one of group)
      for (const other of group)
        expect(figuresMissing(statementWith(one), sourceWith(other)), `${one}, ${other}`).toEqual([])
  })

  it.each(spellings)('%s is no other unit with its number', (...group) => {
    for (const rival of spellings) {
      if (rival[0] === group[0]) continue
      for (const own of group) {
        const [number = ''] = /\d+/.exec(own) ?? []
        const [symbol = '', ...words] = rival.map((each) => each.replace(/\d+/, number))
        const last = words.at(-1) ?? symbol
        for (const other of [symbol, last])
          expect(figuresMissing(statementWith(own), sourceWith(other)), `${own}, ${other}`).not.toEqual([])
      }
    }
  })
})
