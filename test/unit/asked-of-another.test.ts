/** Who asks for one thing is not told of the one beside it. */
import { describe, expect, it } from 'vitest'
import { isAskedOfAnother } from '../../src/answer/asked-of-another.ts'

/** Whether the source tells of another thing; question; quoted words; headings. */
const cases: readonly (readonly [boolean, string, string, string?])[] = [
  [true, 'What is the temperature of zone 3?', 'Zone 2 is kept at 180 °C.'],
  [false, 'What is the temperature of zone 3?', 'Zone 3 is kept at 180 °C.'],
  [false, 'What is the temperature of zone 3?', 'Zones 1 to 4 are kept at 180 °C.'],
  [false, 'What is the temperature of zone 3?', 'Zone 2 is the coldest.', 'Zone 3'],
  [false, 'What comes after stage 2?', 'Stage 3 is the hearing.'],
  [
    true,
    'Stage 2 of the bill is where who is in charge of the bill?',
    'Stage 1 is the first stage of the bill, where the member will introduce it.',
  ],
  [true, '第三區的溫度是多少？', '第二區的溫度為180度。'],
  [true, '3號機的壓力是多少？', '2號機的壓力為5 bar。'],
  [false, '3號機的壓力是多少？', '三號機的壓力為5 bar。'],
  [true, 'ゾーン3の温度は何度ですか', 'ゾーン2の温度は180℃です。'],
  [true, '第2工程の締付トルクは', '第1工程の締付トルクは20 N·mです。'],
  [false, '第2工程の締付トルクは', '第2工程の締付トルクは20 N·mです。'],
  [false, 'What must be done within 5 minutes?', 'Reset within 10 minutes.'],
  [false, 'Which pump has a torque of 45 Nm?', 'The torque of pump 2 is 45 Nm.'],
  [
    true,
    'What are phagocytes in tissues that only have contact with the internal environment called?',
    'Dendritic cells are phagocytes in tissues that are in contact with the external environment.',
  ],
  [
    true,
    'Subjects that are inside the legislative competence of the Scotland Parliament are called what?',
    'Reserved matters are subjects that are outside the legislative competence of the Scotland Parliament.',
  ],
  [true, 'What is the torque of the left cover?', 'The right cover is tightened to 12 Nm.'],
  [false, 'What is the torque of the left cover?', 'The right and left covers are tightened to 12 Nm.'],
  [true, '左側蓋板的扭力是多少？', '右側蓋板的扭力為12 N·m。'],
  [true, '溫度上限是多少？', '溫度下限為5度。'],
  [false, '溫度上限是多少？', '溫度上限為50度，溫度下限為5度。'],
  [true, '吸込バルブの圧力は何MPaですか', '吐出バルブの圧力は0.5 MPaです。'],
  [false, 'What happens when the door is open?', 'The machine does not start unless the door is closed.'],
  [false, 'What should I do when the temperature is too high?', 'Lower the set temperature and reset.'],
  [false, 'How do I open the door?', 'Press the button; the door opens.'],
  [
    true,
    'Where was the famous artist Tamara de Maria born?',
    'The famous artist Tamara de Lempicka was born in Warsaw.',
  ],
  [true, 'What is the pressure of the Alpha Pro?', 'The Alpha Plus is operated at 5 bar.'],
  [false, 'What is the pressure of the Alpha Pro?', 'It is operated at 5 bar.'],
  [false, 'When was Marie Curie born?', 'Marie Skłodowska-Curie was born in Warsaw.'],
  [false, 'Who was Richard Nixon?', 'Richard M. Nixon was president.'],
  [false, 'Which colour has the button for start?', 'The start button is green.'],
  [true, 'What does the green lamp mean?', 'The red lamp means an alarm.'],
  [false, 'What does the green lamp mean?', 'Red lamp | alarm; green lamp | ready'],
  [false, '常開閥嗎？', '閥是常閉的'],
  [true, 'What is the cycle time of line B?', 'Line A runs with a cycle time of 42 seconds.'],
  [true, 'Cラインで使うペーストの品番は？', 'ライン: B; 品番: SP-305'],
  [true, 'When does the first shift hand over the log?', 'The second shift hands over the log at 22:15.'],
  [false, '7號料架最多可以放多重？', '5號至10號料架每層荷重上限為 800 kg。'],
  [true, '1回目の塗装の乾燥時間は何分ですか。', '2回目の塗装後は、80 °Cで20分間乾燥させる。'],
  [true, 'What is the cooling water temperature at the inlet?', 'Outlet water temperature: 7 °C'],
  [false, 'The pump sucks in air at the inlet side. What is the fix?', 'Tighten the outlet clamp.'],
  [true, 'What must be checked after starting the compressor?', 'Before starting the compressor, check the oil level.'],
  [true, '鍍金之後要沖洗幾分鐘？', '鍍金前以純水沖洗兩分鐘。'],
  [false, 'How high is the rack?', 'The rack is 2.4 m tall, with a low step in front.'],
  [false, 'How many screws hold the front panel?', 'Front and rear panels are each held by six screws.'],
  [false, '前蓋用幾顆螺絲固定？', '前、後蓋各以 8 顆 M4 螺絲鎖固。'],
  [false, 'Who relieves the day shift?', 'At 19:30 the night shift takes over.'],
  [false, '叉车通道的最小宽度是多少？', '叉车通道净宽不少于 3.5 米（最高限速 8 km/h）。'],
  [false, '左側護蓋的感測器接到哪裡？', '左護蓋感測器的線接至右側端子台。'],
  [true, 'What debates are closed to the public?', 'Chamber debates are open to the public.'],
  [true, '積層灯の黄色が点滅しているのは何ですか。', '黄色の点灯は、材料の残りが少ないことを示す。'],
]

describe('isAskedOfAnother', () => {
  it.each(cases.map(([isAnother, question, said, labels = '']) => ({ isAnother, question, said, labels })))(
    '$isAnother: $question / $said',
    ({ isAnother, question, said, labels }) => {
      expect(isAskedOfAnother(question, said, labels)).toBe(isAnother)
    },
  )
})
