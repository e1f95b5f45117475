/** SOP-KP-003: alarm codes of the sample hydraulic presses. Fictional machines; figures chosen to be plausible. */
import { bullets, danger, h1, note, p, type Sop, steps, type Text, table, warning } from './sop-block.ts'

const columns: readonly Text[] = [
  ['Code', '代碼'],
  ['Meaning', '意義'],
  ['Cause', '可能原因'],
  ['Remedy', '處置'],
  ['Reset', '復歸'],
]
const widths = [10, 21, 29, 31, 9]
const operator: Text = ['Operator', '操作員']
const maintenance: Text = ['Maint.', '保養']

export const alarmsSop: Sop = {
  number: 'SOP-KP-003',
  revision: 'D',
  effective: '2026-05-10',
  title: ['Alarm and Error Codes', '警報與錯誤代碼'],
  subtitle: ['Hydraulic presses KP-60 and KP-100, control software 4.2', '油壓機 KP-60 與 KP-100，控制軟體 4.2'],
  editions: [
    { language: 'en', format: 'pdf', file: 'SOP-KP-003 Alarm codes (en).pdf' },
    { language: 'zh-Hant', format: 'pdf', file: 'SOP-KP-003 警報代碼 (zh-Hant).pdf' },
  ],
  blocks: [
    h1(['1 How alarms are shown', '1 警報顯示方式']),
    p([
      'The panel shows the code, the time and the affected axis. A yellow lamp means a warning: the press finishes the stroke. A red lamp means a fault: the press stops at once and the pump goes to idle.',
      '操作盤顯示代碼、時間與相關軸別。黃燈表示警告：油壓機完成該行程後停止。紅燈表示故障：油壓機立即停止，泵浦轉為空載。',
    ]),
    danger([
      'A fault with a code from E-301 to E-399 concerns the position or the stopping of the ram. Nobody reaches into the die space before maintenance has released the press.',
      '代碼 E-301 至 E-399 之故障與滑塊位置或停止功能有關。保養人員確認放行之前，任何人不得將手伸入模具空間。',
    ]),
    h1(['2 Resetting', '2 復歸程序']),
    steps(
      ['Read the code and write it into the shift log before anything is reset.', '復歸前先讀取代碼並記入交接簿。'],
      [
        'Remove the cause by the remedy in the tables. Lock the press out under SOP-KP-001 where a guard is opened.',
        '依表列處置排除原因。需開啟防護罩時，依 SOP-KP-001 上鎖掛牌。',
      ],
      ['Turn the selector to SETUP and press RESET for 3 seconds.', '將選擇開關轉至 SETUP，按住 RESET 3 秒。'],
      ['Run 1 stroke in inching mode, then return to AUTO.', '以寸動模式運轉 1 個行程，再切回 AUTO。'],
    ),
    warning([
      'The same fault 3 times within one shift is not reset again: stop the press and call maintenance, extension 2260.',
      '同一班內同一故障發生 3 次者，不得再復歸：停機並通知保養組，分機 2260。',
    ]),
    h1(['3 Safety circuit (E-1xx)', '3 安全迴路（E-1xx）']),
    table(['Table 1: Safety circuit', '表 1：安全迴路'], columns, widths, [
      [
        'E-101',
        ['Emergency stop pressed', '緊急停止按下'],
        ['A button S1 to S4 is latched', 'S1 至 S4 任一按鈕閉鎖'],
        ['Find the reason, unlatch the button', '確認原因後解除按鈕'],
        operator,
      ],
      [
        'E-102',
        ['Light curtain interrupted', '光柵遮斷'],
        ['Hand or part in the field; dirty lens', '手或工件在感應區；鏡面髒污'],
        ['Clear the field, clean the lens with a dry cloth', '清空感應區，以乾布擦拭鏡面'],
        operator,
      ],
      [
        'E-103',
        ['Two-hand control not simultaneous', '雙手操作不同步'],
        ['Buttons pressed more than 0.5 s apart', '兩鈕按下時間差超過 0.5 s'],
        ['Release both buttons and press them together', '放開雙鈕後同時按下'],
        operator,
      ],
      [
        'E-104',
        ['Guard door open', '防護門開啟'],
        ['Door not closed, interlock plug X20 pulled', '門未關妥，連鎖插頭 X20 未插'],
        ['Close the door, plug X20 in', '關妥防護門，插回 X20'],
        operator,
      ],
      [
        'E-105',
        ['Safety relay fault', '安全繼電器故障'],
        ['Relay K10 or K11 welded', '繼電器 K10 或 K11 熔著'],
        ['Replace both relays, never one alone', '兩只繼電器一併更換，不得只換一只'],
        maintenance,
      ],
    ]),
    h1(['4 Hydraulics (E-2xx)', '4 油壓系統（E-2xx）']),
    table(['Table 2: Hydraulics', '表 2：油壓系統'], columns, widths, [
      [
        'E-201',
        ['Oil temperature high (warning)', '油溫過高（警告）'],
        [
          'Oil above 60 °C; cooler dirty, cooling water below 12 L/min',
          '油溫高於 60 °C；冷卻器髒污，冷卻水量低於 12 L/min',
        ],
        ['Clean the cooler, open the water valve V15', '清潔冷卻器，開啟水閥 V15'],
        operator,
      ],
      [
        'E-202',
        ['Oil temperature too high (fault)', '油溫過高（故障）'],
        ['Oil above 70 °C', '油溫高於 70 °C'],
        ['Let the oil cool below 50 °C, then find the cause', '待油溫降至 50 °C 以下，再查明原因'],
        maintenance,
      ],
      [
        'E-203',
        ['Oil level low', '油位過低'],
        ['Leak; oil not filled up after a hose change', '洩漏；更換軟管後未補油'],
        ['Find the leak, fill ISO VG 46 up to the mark', '查明洩漏處，補充 ISO VG 46 至刻線'],
        maintenance,
      ],
      [
        'E-204',
        ['Return filter clogged', '回油濾芯阻塞'],
        ['Pressure difference at RF-10 above 0.25 MPa', 'RF-10 壓差超過 0.25 MPa'],
        ['Replace the element RF-10 within 8 operating hours', '於 8 運轉小時內更換濾芯 RF-10'],
        maintenance,
      ],
      [
        'E-205',
        ['Pressure filter clogged', '高壓濾芯阻塞'],
        ['Pressure difference at PF-05 above 0.5 MPa', 'PF-05 壓差超過 0.5 MPa'],
        ['Replace the element PF-05 at once', '立即更換濾芯 PF-05'],
        maintenance,
      ],
      [
        'E-210',
        ['Pressure not reached', '壓力未達設定'],
        [
          'Set pressure not reached within 3.0 s: pump worn, valve V3 stuck, oil too thin',
          '3.0 s 內未達設定壓力：泵浦磨耗、閥 V3 卡滯、油品過稀',
        ],
        [
          'Measure the pump flow at 10 MPa: at least 42 L/min (KP-60) or 78 L/min (KP-100)',
          '於 10 MPa 量測泵浦流量：KP-60 至少 42 L/min，KP-100 至少 78 L/min',
        ],
        maintenance,
      ],
      [
        'E-211',
        ['Overpressure', '壓力過高'],
        [
          'Above 23.0 MPa (KP-60) or 27.5 MPa (KP-100); relief valve SV1 stuck',
          '高於 23.0 MPa（KP-60）或 27.5 MPa（KP-100）；安全閥 SV1 卡滯',
        ],
        ['Stop, replace SV1, test it before the restart', '停機更換 SV1，測試後方可重新啟動'],
        maintenance,
      ],
      [
        'E-212',
        ['Accumulator pre-charge low (KP-100 only)', '蓄壓器預充壓力不足（僅 KP-100）'],
        ['Nitrogen below 8.1 MPa: bladder or valve leaks', '氮氣低於 8.1 MPa：皮囊或氣閥洩漏'],
        [
          'Charge to 9.0 MPa; replace the bladder KP-AC10-0900 if it falls again within 30 days',
          '充氮至 9.0 MPa；若 30 天內再次下降，更換皮囊 KP-AC10-0900',
        ],
        maintenance,
      ],
    ]),
    h1(['5 Ram (E-3xx)', '5 滑塊（E-3xx）']),
    table(['Table 3: Ram', '表 3：滑塊'], columns, widths, [
      [
        'E-301',
        ['Position encoder fault', '位置編碼器故障'],
        ['Cable of the linear encoder B5 damaged, scale dirty', '線性編碼器 B5 電纜損傷、尺面髒污'],
        ['Check the plug, clean the scale, reference the axis', '檢查接頭、清潔尺面，執行原點復歸'],
        maintenance,
      ],
      [
        'E-302',
        ['Ram drift', '滑塊下滑'],
        [
          'Ram sinks more than 3 mm in 10 minutes: check valve RV2 or cylinder seals leak',
          '10 分鐘內下滑超過 3 mm：逆止閥 RV2 或油缸油封洩漏',
        ],
        [
          'Put the die safety blocks in, replace the seal kit KP-SK60-1002 or KP-SK100-1004',
          '放入安全塊，更換油封組 KP-SK60-1002 或 KP-SK100-1004',
        ],
        maintenance,
      ],
      [
        'E-303',
        ['Stopping time exceeded', '停止時間過長'],
        ['More than 180 ms: valve V1 slow, oil too cold', '超過 180 ms：閥 V1 反應遲緩、油溫過低'],
        ['Warm the oil to 35 °C, repeat the measurement, replace V1', '油溫升至 35 °C 後重測，必要時更換 V1'],
        maintenance,
      ],
      [
        'E-304',
        ['Parallelism out of tolerance', '平行度超差'],
        [
          'More than 0.15 mm over 1,000 mm: eccentric load, guide clearance too large',
          '每 1,000 mm 超過 0.15 mm：偏心負載、導軌間隙過大',
        ],
        ['Centre the die, set the clearance to 0.05–0.10 mm', '模具置中，調整間隙至 0.05–0.10 mm'],
        maintenance,
      ],
    ]),
    h1(['6 Electrical system and control (E-4xx, E-5xx)', '6 電氣與控制系統（E-4xx、E-5xx）']),
    table(['Table 4: Electrical system and control', '表 4：電氣與控制系統'], columns, widths, [
      [
        'E-401',
        ['Main motor overload', '主馬達過載'],
        [
          'Thermal relay F3 tripped: setting KP-60 29 A, KP-100 57 A',
          '熱動電驛 F3 跳脫：設定值 KP-60 為 29 A，KP-100 為 57 A',
        ],
        ['Wait 15 minutes, check the current of all three phases', '等待 15 分鐘，檢查三相電流'],
        maintenance,
      ],
      [
        'E-402',
        ['Phase failure or wrong phase sequence', '缺相或逆相'],
        ['Fuse F1 blown; supply connected wrongly after a move', '保險絲 F1 熔斷；搬遷後電源接線錯誤'],
        ['Check L1, L2, L3, swap two phases if the pump turns backwards', '檢查 L1、L2、L3，泵浦反轉時對調兩相'],
        maintenance,
      ],
      [
        'E-403',
        ['Soft starter fault', '軟啟動器故障'],
        ['More than 6 starts per hour', '每小時啟動超過 6 次'],
        ['Let it cool for 20 minutes, leave the pump running in breaks', '冷卻 20 分鐘，休息時間保持泵浦運轉'],
        operator,
      ],
      [
        'E-501',
        ['Communication with the remote I/O lost', '遠端 I/O 通訊中斷'],
        [
          'No telegram for 200 ms: plug loose, power supply G1 below 22 V',
          '200 ms 無訊號：接頭鬆脫、電源 G1 低於 22 V',
        ],
        ['Check the plugs at station A2, measure G1', '檢查 A2 站接頭，量測 G1 電壓'],
        maintenance,
      ],
      [
        'E-502',
        ['Battery of the control low', '控制器電池電力不足'],
        ['Lithium battery older than 5 years', '鋰電池使用超過 5 年'],
        ['Replace the battery within 14 days, with the power on', '於 14 天內在通電狀態下更換電池'],
        maintenance,
      ],
    ]),
    h1(['7 Lubrication (E-6xx)', '7 潤滑系統（E-6xx）']),
    table(['Table 5: Lubrication', '表 5：潤滑系統'], columns, widths, [
      [
        'E-601',
        ['Lubrication pressure low', '潤滑壓力不足'],
        ['Below 1.2 MPa: line broken, pump P3 worn', '低於 1.2 MPa：管路破裂、泵浦 P3 磨耗'],
        ['Repair the line; no more than 50 strokes without lubrication', '修復管路；無潤滑狀態不得超過 50 個行程'],
        maintenance,
      ],
      [
        'E-602',
        ['Lubricant low', '潤滑油不足'],
        ['Reservoir T2 below 0.8 L', '油箱 T2 低於 0.8 L'],
        ['Fill ISO VG 220 up to 4 L', '補充 ISO VG 220 至 4 L'],
        operator,
      ],
    ]),
    h1(['8 Whom to call', '8 聯絡方式']),
    bullets(
      ['Maintenance, all shifts: extension 2260', '保養組（全班別）：分機 2260'],
      ['Hydraulic maintenance: extension 2270', '油壓保養組：分機 2270'],
      ['Engineering, day shift: extension 2250', '工程課（日班）：分機 2250'],
    ),
    note([
      'Codes that are not in this SOP come from the machine maker. Write them down and call engineering.',
      '本標準未列之代碼屬原廠代碼，請記錄後通知工程課。',
    ]),
  ],
}
