/** Passages as manuals have them, in four languages, for drafts that are altered by a program. `things` can be put for each other; no sentence is true of two. */

export interface ManualPassage {
  readonly language: 'en' | 'zh-Hant' | 'zh-Hans' | 'ja'
  readonly heading: string
  /** A sentence, or a sentence with drafts that say the same. */
  readonly sentences: readonly (string | readonly [string, ...string[]])[]
  readonly things: readonly string[]
}

export interface ManualTable {
  readonly language: ManualPassage['language']
  readonly heading: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export const passages: readonly ManualPassage[] = [
  {
    language: 'en',
    heading: 'Hydraulic unit HU-40',
    sentences: [
      ['The main pump runs at 210 bar.', 'The main pump is operated at 210 bar.'],
      ['The pilot pump runs at 35 bar.', 'The pilot pump operates at 35 bar.'],
      [
        'Replace the return filter every 500 operating hours.',
        'The return filter must be replaced every 500 operating hours.',
        'Every 500 hours, the return filter is replaced.',
      ],
      [
        'Replace the pressure filter every 1,000 operating hours.',
        'The pressure filter should be changed every 1000 hours.',
      ],
      [
        'The oil temperature must not exceed 60 °C.',
        'The oil temperature should be at most 60 °C.',
        'The maximum oil temperature is 60 °C.',
      ],
      ['The water temperature must be at least 15 °C.', 'The minimum water temperature is 15 °C.'],
      [
        'Do not open the drain valve while the main pump is running.',
        'While the main pump is running, do not open the drain valve.',
        'The drain valve must not be opened while the main pump is running.',
      ],
      ['Alarm E-302 means that the oil level is low.', 'E-302 means the oil level is low.'],
      ['Alarm E-320 means that the return filter is clogged.', 'A clogged return filter is shown by alarm E-320.'],
    ],
    things: ['main pump', 'pilot pump', 'return filter', 'pressure filter', 'oil temperature', 'water temperature'],
  },
  {
    language: 'en',
    heading: 'Spindle',
    sentences: [
      ['Tighten the clamping bolts M8x1.25 to 25 N·m.', 'The clamping bolts M8x1.25 are tightened to 25 N·m.'],
      [
        'Tighten the flange screws M10x1.5 to 49 N·m.',
        'The flange screws M10x1.5 must be tightened to a torque of 49 Nm.',
      ],
      [
        'Turn the adjusting nut clockwise to increase the preload.',
        'To increase the preload, turn the adjusting nut clockwise.',
      ],
      [
        'The spindle speed is 12,000 rpm and the feed rate is 15 m/min.',
        'The spindle speed is 12,000 rpm.',
        'The feed rate is 15 m/min.',
      ],
      ['Close the coolant valve before opening the housing.', 'Before opening the housing, close the coolant valve.'],
      [
        'The bearing play must be between 10 and 15 μm.',
        'The bearing play must lie between 10 and 15 μm.',
        'The bearing play is 10 to 15 μm.',
      ],
      [
        'The left guide rail is lubricated with grease LG-2 twice a month.',
        'Grease LG-2 is used for the left guide rail twice a month.',
      ],
    ],
    things: ['clamping bolts', 'flange screws', 'spindle speed', 'feed rate', 'coolant valve', 'housing'],
  },
  {
    language: 'en',
    heading: 'Electrical cabinet',
    sentences: [
      [
        'Switch off the main switch Q1 and wait five minutes before touching the inverter.',
        'Before touching the inverter, switch off the main switch Q1 and wait 5 minutes.',
      ],
      [
        'The fuse F12 is rated for 16 A and the fuse F14 for 10 A.',
        'The fuse F12 is rated for 16 A.',
        'Fuse F14 is rated for 10 A.',
      ],
      ['The control voltage is 24 V DC with a tolerance of ±10 %.', 'The control voltage is 24 V DC.'],
      ['The motor power is 5.5 kW.', 'Motor power: 5.5 kW'],
      ['The sensor draws a current of 20 mA.', 'The sensor draws 20 mA.'],
      ['The insulation resistance must be at least 1 MΩ.', 'Insulation resistance of at least 1 MΩ is required.'],
      [
        'Only a qualified electrician may open the cabinet.',
        'The cabinet may be opened only by a qualified electrician.',
      ],
      [
        'The door interlock need not be reset after a power failure.',
        'After a power failure, the door interlock need not be reset.',
      ],
      ['Never bypass the emergency stop circuit.', 'The emergency stop circuit must never be bypassed.'],
    ],
    things: ['fuse F12', 'fuse F14', 'control voltage', 'motor power', 'sensor', 'inverter'],
  },
  {
    language: 'en',
    heading: 'Compressed air and storage',
    sentences: [
      [
        'Supply compressed air from the dryer to the buffer tank.',
        'Compressed air is supplied from the dryer to the buffer tank.',
      ],
      [
        'Drain the condensate trap daily and the buffer tank weekly.',
        'The condensate trap is drained daily.',
        'Drain the buffer tank weekly.',
      ],
      ['The warranty ends on November 22, 2026.', 'The warranty ends on 2026-11-22.'],
      [
        'The annual inspection takes place on 3 April 2025 at 8:30.',
        'The annual inspection is on April 3, 2025 at 8:30 am.',
      ],
      ['Store the rubber seals at temperatures below 25 °C.', 'The rubber seals are stored below 25 °C.'],
      [
        'Half of the cleaning agent is filled into the upper tank.',
        'The upper tank is filled with half of the cleaning agent.',
      ],
      [
        'The noise level exceeds 85 dB in the compressor room.',
        'In the compressor room, the noise level exceeds 85 dB.',
      ],
      [
        'Wear hearing protection and safety shoes in the compressor room.',
        'Hearing protection must be worn in the compressor room.',
      ],
    ],
    things: ['condensate trap', 'buffer tank', 'dryer', 'rubber seals', 'cleaning agent'],
  },
  {
    language: 'zh-Hant',
    heading: '油壓單元',
    sentences: [
      ['主泵在 210 bar 下運轉。', '主泵的運轉壓力為 210 bar。'],
      ['副泵在 35 bar 下運轉。', '副泵的運轉壓力為 35 bar。'],
      ['回油濾芯每 500 小時更換一次。', '回油濾芯應每500小時更換。', '每 500 小時須更換回油濾芯。'],
      ['空氣濾芯每十二個月更換一次。', '空氣濾芯每 12 個月更換一次。'],
      ['油溫不得超過 60 ℃。', '油溫最高為 60 °C。', '油溫應在 60 ℃以下。'],
      ['水溫應在 15 ℃以上。', '水溫至少為 15 ℃。'],
      ['運轉中禁止打開護罩。', '運轉中不得打開護罩。'],
      ['異警 E-302 表示油位過低。', 'E-302 代表油位過低。'],
      ['異警 E-320 表示濾芯堵塞。', 'E-320 表示濾芯堵塞。'],
    ],
    things: ['主泵', '副泵', '回油濾芯', '空氣濾芯', '油溫', '水溫'],
  },
  {
    language: 'zh-Hant',
    heading: '主軸與夾具',
    sentences: [
      ['夾緊螺栓的扭力為 25 N·m，法蘭螺絲的扭力為 49 N·m。', '夾緊螺栓的扭力為 25 N·m。', '法蘭螺絲的扭力為 49 N·m。'],
      ['先關閉冷卻閥，再打開外殼。', '打開外殼前，先關閉冷卻閥。'],
      ['順時針旋轉調整螺帽可增加預壓。', '調整螺帽順時針旋轉可增加預壓。'],
      ['主軸間隙應在 10～15 μm 之間。', '主軸間隙為 10 至 15 μm。'],
      ['更換皮帶時必須切斷電源。', '更換皮帶時，必須切斷電源。'],
      ['開機前不必重新校正感測器。', '開機前無需重新校正感測器。'],
      ['保固期至 2026年11月22日 為止。', '保固期至 2026-11-22 為止。'],
      [
        '左側導軌使用 LG-2 潤滑脂，右側導軌使用 LG-3 潤滑脂。',
        '左側導軌使用 LG-2 潤滑脂。',
        '右側導軌使用 LG-3 潤滑脂。',
      ],
    ],
    things: ['夾緊螺栓', '法蘭螺絲', '冷卻閥', '外殼', '主軸間隙'],
  },
  {
    language: 'zh-Hans',
    heading: '电气柜',
    sentences: [
      ['断开主开关 Q1 后等待五分钟，方可接触变频器。', '断开主开关 Q1 后，等待 5 分钟才可接触变频器。'],
      ['熔断器 F12 的额定电流为 16 A。', '熔断器 F12 额定电流是 16 A。'],
      ['熔断器 F14 的额定电流为 10 A。', 'F14 熔断器的额定电流为 10 A。'],
      ['控制电压为 24 V，加热器电压为 230 V。', '控制电压为 24 V。', '加热器电压为 230 V。'],
      ['绝缘电阻不得低于 1 MΩ。', '绝缘电阻至少为 1 MΩ。'],
      ['电机功率为 5.5 kW。', '电机的功率是 5.5 kW。'],
      ['切勿用湿手触摸插头。', '请勿用湿手触摸插头。', '禁止用湿手触摸插头。'],
      ['传感器的信号电流为 20 mA。', '传感器信号电流：20 mA'],
    ],
    things: ['熔断器 F12', '熔断器 F14', '控制电压', '加热器电压', '电机', '传感器'],
  },
  {
    language: 'zh-Hans',
    heading: '润滑与保养',
    sentences: [
      ['每周检查一次导轨油位。', '导轨油位每周检查一次。'],
      ['链条润滑油的用量为 1.2 L。', '链条润滑油用量是 1.2 升。'],
      ['齿轮箱润滑油的用量为 3.5 L。', '齿轮箱润滑油用量是 3.5 L。'],
      ['使用粘度等级 ISO VG 46 的液压油。', '液压油的粘度等级应为 ISO VG 46。'],
      ['储存温度应低于 40 °C，湿度应低于 80 %。', '储存温度应低于 40 °C。', '湿度应低于 80 %。'],
      ['维修人员可以拆下下部盖板。', '下部盖板可以由维修人员拆下。'],
      ['三分之一的冷却液每两年更换一次。', '每 2 年更换 1/3 的冷却液。'],
    ],
    things: ['链条润滑油', '齿轮箱润滑油', '储存温度', '湿度'],
  },
  {
    language: 'ja',
    heading: '油圧ユニット',
    sentences: [
      ['メインポンプの圧力は21 MPaです。', 'メインポンプの圧力は 21 MPa である。'],
      ['パイロットポンプの圧力は3.5 MPaです。', 'パイロットポンプの圧力は3.5 MPaとする。'],
      [
        'リターンフィルターは500時間ごとに交換してください。',
        'リターンフィルターは500時間ごとに交換する必要があります。',
        '500時間ごとにリターンフィルターを交換します。',
      ],
      ['エアフィルターは十二か月ごとに交換してください。', 'エアフィルターは12か月ごとに交換してください。'],
      ['油温は60℃を超えないこと。', '油温は60℃以下にする。', '油温は最大60℃です。'],
      ['冷却水の温度は15℃以上にしてください。', '冷却水の温度は15 °C以上とする。'],
      ['運転中はカバーを開けないでください。', '運転中にカバーを開けてはいけません。'],
      ['アラームE-302は油量不足を示します。', 'E-302は油量不足を示す。'],
      ['アラームE-320はフィルターの目詰まりを示します。', 'E-320はフィルターの目詰まりです。'],
    ],
    things: ['メインポンプ', 'パイロットポンプ', 'リターンフィルター', 'エアフィルター', '油温', '冷却水'],
  },
  {
    language: 'ja',
    heading: '主軸',
    sentences: [
      ['クランプボルトを25 N·mで締め付ける。', 'クランプボルトは25 N·mで締め付けます。'],
      ['フランジボルトを49 N·mで締め付ける。', 'フランジボルトの締め付けトルクは49 N·mです。'],
      ['調整ナットを時計回りに回すと予圧が増加します。', '予圧は調整ナットを時計回りに回すと増加する。'],
      ['カバーを開ける前に冷却弁を閉じてください。', '冷却弁を閉じてからカバーを開けてください。'],
      ['軸受のすきまは10〜15 μmでなければならない。', '軸受のすきまは10〜15 μmです。'],
      ['保証期間は2026年11月22日までです。', '保証期間は2026-11-22までです。'],
      [
        '左側レールにはLG-2グリースを使用し、右側レールにはLG-3グリースを使用する。',
        '左側レールにはLG-2グリースを使用する。',
        '右側レールにはLG-3グリースを使用します。',
      ],
      ['ヒューズF12の定格は16 Aです。', 'ヒューズF12は定格16 Aである。'],
      ['ヒューズF14の定格は10 Aです。', 'ヒューズ F14 の定格は 10 A です。'],
    ],
    things: ['クランプボルト', 'フランジボルト', 'ヒューズF12', 'ヒューズF14', '冷却弁'],
  },
]

export const tables: readonly ManualTable[] = [
  {
    language: 'en',
    heading: 'Technical data',
    head: ['Model', 'Clamping force (kN)', 'Stroke (mm)', 'Weight (kg)'],
    rows: [
      ['KP-60', '600', '180', '2,400'],
      ['KP-100', '1,000', '220', '3,900'],
      ['KP-160', '1,600', '260', '5,800'],
    ],
  },
  {
    language: 'en',
    heading: 'Alarms',
    head: ['Alarm', 'Cause', 'Remedy'],
    rows: [
      ['A-101', 'Oil level low', 'Refill oil'],
      ['A-110', 'Belt broken', 'Fit a spare belt'],
      ['A-111', 'Door open', 'Close the door'],
    ],
  },
  {
    language: 'en',
    heading: 'Operating limits',
    head: ['Circuit', 'Min. pressure (bar)', 'Max. pressure (bar)', 'Flow (L/min)'],
    rows: [
      ['Cooling circuit', '2', '6', '40'],
      ['Lubrication circuit', '1', '4', '12'],
      ['Clamping circuit', '50', '70', '8'],
    ],
  },
  {
    language: 'zh-Hant',
    heading: '鎖緊扭力',
    head: ['螺栓規格', '扭力 (N·m)', '數量'],
    rows: [
      ['M8x1.25', '25', '12'],
      ['M10x1.5', '49', '8'],
      ['M12x1.75', '86', '4'],
    ],
  },
  {
    language: 'zh-Hant',
    heading: '保養週期',
    head: ['部位', '週期 (小時)', '潤滑劑'],
    rows: [
      ['主軸軸承', '2000', 'LG-2'],
      ['滾珠螺桿', '500', 'ISO VG 68'],
      ['鏈條', '250', 'CH-5'],
    ],
  },
  {
    language: 'zh-Hans',
    heading: '技术参数',
    head: ['型号', '电压 (V)', '功率 (kW)', '转速 (rpm)'],
    rows: [
      ['X-100', '230', '1.5', '1400'],
      ['X-200', '400', '3', '2800'],
      ['X-300', '690', '5.5', '2900'],
    ],
  },
  {
    language: 'ja',
    heading: '仕様',
    head: ['機種', '電圧 (V)', '質量 (kg)', '最高回転数 (rpm)'],
    rows: [
      ['AB-12A', '200', '85', '3000'],
      ['AB-12B', '400', '92', '3600'],
      ['AB-20A', '415', '140', '4500'],
    ],
  },
  {
    language: 'ja',
    heading: '点検',
    head: ['点検箇所', '周期', '方法'],
    rows: [
      ['ブレーキ', '3か月', '目視'],
      ['ワイヤロープ', '1か月', '測定'],
      ['減速機', '6か月', '聴診'],
    ],
  },
]
