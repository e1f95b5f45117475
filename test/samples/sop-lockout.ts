/** SOP-KP-001: lockout and tagout of the sample hydraulic presses. Fictional machines; figures chosen to be plausible. */
import { bullets, danger, h1, h2, note, p, type Sop, steps, table, warning } from './sop-block.ts'

export const lockoutSop: Sop = {
  number: 'SOP-KP-001',
  revision: 'C',
  effective: '2026-04-01',
  title: ['Lockout and Tagout Procedure', '上鎖掛牌作業程序'],
  subtitle: ['Hydraulic presses KP-60 and KP-100', '油壓機 KP-60 與 KP-100'],
  editions: [
    { language: 'en', format: 'pdf', file: 'SOP-KP-001 Lockout-Tagout (en).pdf' },
    { language: 'zh-Hant', format: 'pdf', file: 'SOP-KP-001 上鎖掛牌 (zh-Hant).pdf' },
  ],
  blocks: [
    h1(['1 Purpose and scope', '1 目的與適用範圍']),
    p([
      'This procedure brings the hydraulic presses KP-60 and KP-100 into a zero-energy state before anybody reaches into the die space, opens a guard that is not interlocked, or works on the hydraulic, pneumatic or electrical system.',
      '本程序規定人員在進入模具空間、開啟無連鎖之防護罩，或對油壓、氣壓、電氣系統作業之前，如何使 KP-60 與 KP-100 油壓機達到零能量狀態。',
    ]),
    p([
      'It applies to die change, cleaning inside the frame, clearing of jams, maintenance and repair. It does not apply to normal loading and unloading with the two-hand control and the light curtain in function.',
      '適用於換模、機架內清潔、排除卡料、保養與維修。雙手操作裝置與光柵功能正常時之一般上下料不適用本程序。',
    ]),
    danger([
      'The ram of the KP-100 weighs 1,850 kg and falls when pressure is lost. Never put any part of the body under the ram before the die safety blocks are in place.',
      'KP-100 滑塊重 1,850 kg，失壓時會落下。安全塊未放妥之前，身體任何部位不得進入滑塊下方。',
    ]),
    h1(['2 Responsibilities', '2 權責']),
    table(
      ['Table 1: Who does what', '表 1：權責分工'],
      [
        ['Role', '角色'],
        ['Duty', '職責'],
        ['Training', '訓練'],
      ],
      [22, 53, 25],
      [
        [
          ['Authorised employee', '授權人員'],
          [
            'Applies and removes the locks, tests for zero energy, keeps the only key of the personal lock.',
            '上鎖與解鎖、確認零能量，並親自保管個人鎖唯一的鑰匙。',
          ],
          ['LOTO course, renewed every 12 months', '上鎖掛牌課程，每 12 個月複訓'],
        ],
        [
          ['Affected employee', '受影響人員'],
          [
            'Operates the press; leaves the area when told to and never touches a lock or tag of somebody else.',
            '操作油壓機；接獲通知即離開作業區，不得碰觸他人的鎖具或掛牌。',
          ],
          ['Instruction, 30 minutes', '告知訓練 30 分鐘'],
        ],
        [
          ['Shift supervisor', '值班主管'],
          [
            'Gives the permit, keeps the lockout log, decides on the removal of a lock under section 6.',
            '核發許可、保存上鎖紀錄，依第 6 節決定是否移除他人的鎖具。',
          ],
          ['LOTO course and audit training', '上鎖掛牌課程與稽核訓練'],
        ],
      ],
    ),
    h1(['3 Energy sources', '3 能量來源']),
    p([
      'Every source in Table 2 is locked. A press with one source left open is not locked out.',
      '表 2 所列能量來源均須上鎖。只要有一項未上鎖，即不視為完成上鎖。',
    ]),
    table(
      ['Table 2: Energy sources and isolating devices', '表 2：能量來源與隔離裝置'],
      [
        ['Energy', '能量'],
        ['Size', '大小'],
        ['Isolating device', '隔離裝置'],
        ['Proof of zero energy', '零能量確認方式'],
      ],
      [16, 24, 28, 32],
      [
        [
          ['Electrical', '電氣'],
          ['400 V AC, 50 Hz; KP-60 15 kW, KP-100 30 kW', '400 V AC，50 Hz；KP-60 為 15 kW，KP-100 為 30 kW'],
          ['Main switch Q1 on the control cabinet', '控制箱主開關 Q1'],
          [
            'Voltage tester on terminals L1, L2, L3 in cabinet field =B2, 5 minutes after switching off',
            '斷電 5 分鐘後，以驗電器量測控制箱 =B2 區端子 L1、L2、L3',
          ],
        ],
        [
          ['Hydraulic', '油壓'],
          ['KP-60 21 MPa, KP-100 25 MPa', 'KP-60 為 21 MPa，KP-100 為 25 MPa'],
          ['Pump off; drain valve V7 open and locked', '泵浦停止；洩壓閥 V7 開啟並上鎖'],
          ['Gauge G3 shows 0 MPa', '壓力錶 G3 指示 0 MPa'],
        ],
        [
          ['Accumulator A1 (KP-100 only)', '蓄壓器 A1（僅 KP-100）'],
          ['10 L, 25 MPa', '10 L，25 MPa'],
          ['Shut-off valve V8 closed and locked, relief valve V9 open', '截止閥 V8 關閉並上鎖，洩放閥 V9 開啟'],
          ['Gauge G4 shows 0 MPa for 60 seconds', '壓力錶 G4 持續 60 秒指示 0 MPa'],
        ],
        [
          ['Pneumatic', '氣壓'],
          ['0.6 MPa', '0.6 MPa'],
          ['Lockable ball valve V12, which vents', '可上鎖排氣球閥 V12'],
          ['Gauge G6 shows 0 MPa', '壓力錶 G6 指示 0 MPa'],
        ],
        [
          ['Gravity', '重力'],
          ['Ram: KP-60 920 kg, KP-100 1,850 kg', '滑塊：KP-60 為 920 kg，KP-100 為 1,850 kg'],
          ['Two die safety blocks, interlock plug X20 pulled', '安全塊兩只，拔下連鎖插頭 X20'],
          ['Ram rests on both blocks', '滑塊落座於兩只安全塊上'],
        ],
      ],
    ),
    h1(['4 Lockout', '4 上鎖步驟']),
    h2(['4.1 Preparation', '4.1 準備']),
    steps(
      [
        'Get the lockout permit from the shift supervisor and enter the press, the work and the names in the lockout log.',
        '向值班主管申請上鎖許可，並於上鎖紀錄簿填寫機台、作業內容與人員姓名。',
      ],
      [
        'Tell every affected employee at the press that it will be locked out and for how long.',
        '告知該機台所有受影響人員即將上鎖及預計時間。',
      ],
      [
        'Take the lockout kit: 5 personal locks, 1 group hasp, 2 die safety blocks, tags, voltage tester.',
        '備妥上鎖工具組：個人鎖 5 只、群組鎖鉤 1 只、安全塊 2 只、掛牌、驗電器。',
      ],
    ),
    h2(['4.2 Shutdown and isolation', '4.2 停機與隔離']),
    steps(
      [
        'Move the ram to the upper dead centre and stop the press with the button STOP at end of stroke.',
        '將滑塊移至上死點，按下「行程終點停止」鈕停機。',
      ],
      [
        'Put both die safety blocks on the bolster, pull the interlock plug X20 and keep it with the lock.',
        '將兩只安全塊放置於下模座上，拔下連鎖插頭 X20 並與鎖具一同保管。',
      ],
      [
        'Lower the ram in inching mode at no more than 10 mm/s until it rests on both blocks.',
        '以寸動模式、不超過 10 mm/s 之速度下降滑塊，直到落座於兩只安全塊上。',
      ],
      ['Switch the hydraulic pump off and wait until it stands still.', '關閉油壓泵浦，等待其完全停止。'],
      [
        'Open the drain valve V7 slowly, over at least 10 seconds, and lock it open.',
        '緩慢開啟洩壓閥 V7（至少 10 秒），並於開啟位置上鎖。',
      ],
      [
        'KP-100 only: close the shut-off valve V8, lock it, and open the relief valve V9.',
        '僅 KP-100：關閉截止閥 V8 並上鎖，再開啟洩放閥 V9。',
      ],
      ['Close the ball valve V12 and lock it.', '關閉球閥 V12 並上鎖。'],
      [
        'Turn the main switch Q1 to OFF, put the group hasp on it, and hang on it the personal lock and tag of each person who works on the press.',
        '將主開關 Q1 轉至 OFF，裝上群組鎖鉤，由每位作業人員掛上個人鎖與掛牌。',
      ],
    ),
    h2(['4.3 Proof of zero energy', '4.3 零能量確認']),
    steps(
      [
        'Wait 5 minutes: the capacitors of the soft starter hold a dangerous voltage until then.',
        '等待 5 分鐘：在此之前軟啟動器之電容仍有危險電壓。',
      ],
      [
        'Check the voltage tester on a known source, test L1, L2 and L3 against each other and against earth, and check the tester again.',
        '先以已知電源確認驗電器正常，再量測 L1、L2、L3 相間及對地電壓，最後再次確認驗電器。',
      ],
      [
        'Read the gauges G3, G6 and on the KP-100 also G4: each must show 0 MPa.',
        '讀取壓力錶 G3、G6，KP-100 另讀 G4：均須為 0 MPa。',
      ],
      [
        'Try to start the pump at the control panel: nothing may move. Turn the selector back to 0.',
        '於操作盤試啟動泵浦：不得有任何動作。將選擇開關轉回 0。',
      ],
      ['Sign the log: the press is locked out.', '於紀錄簿簽名：機台完成上鎖。'],
    ),
    warning([
      'If a gauge shows more than 0 MPa after 10 minutes, do not loosen any fitting. Call hydraulic maintenance, extension 2270.',
      '若 10 分鐘後任一壓力錶仍大於 0 MPa，不得鬆開任何接頭，請通知油壓保養組，分機 2270。',
    ]),
    h1(['5 Return to service', '5 復機步驟']),
    steps(
      [
        'Remove tools, rags and parts from the die space and close all guards.',
        '清除模具空間內之工具、擦布與零件，並關閉所有防護罩。',
      ],
      ['Count the persons and make sure that all are outside the marked area.', '清點人數，確認所有人員均在標線區外。'],
      [
        'Each person removes only the own lock and tag. The authorised employee removes the hasp last.',
        '各人僅得移除自己的鎖具與掛牌，授權人員最後移除群組鎖鉤。',
      ],
      [
        'KP-100 only: close the relief valve V9 and open the shut-off valve V8 slowly.',
        '僅 KP-100：關閉洩放閥 V9，緩慢開啟截止閥 V8。',
      ],
      [
        'Close the drain valve V7, open the ball valve V12, and turn Q1 to ON.',
        '關閉洩壓閥 V7，開啟球閥 V12，將 Q1 轉至 ON。',
      ],
      [
        'Raise the ram in inching mode, take the die safety blocks out, and plug X20 in.',
        '以寸動模式升起滑塊，取出安全塊，插回連鎖插頭 X20。',
      ],
      [
        'Run 3 strokes without a part and test the emergency stop and the light curtain.',
        '空車運轉 3 個行程，測試緊急停止與光柵功能。',
      ],
      ['Tell the affected employees and close the entry in the log.', '通知受影響人員，並於紀錄簿結案。'],
    ),
    h1(['6 Lock of an absent person', '6 當事人不在時之鎖具移除']),
    p([
      'A lock may be removed by somebody else only when its owner has left the plant. The shift supervisor tries to reach the owner by telephone at least 2 times within 30 minutes, inspects the press together with an authorised employee, and records the removal on form F-118. The owner is told before the next shift.',
      '僅當鎖具所有人已離廠時，方得由他人移除。值班主管須於 30 分鐘內至少 2 次以電話聯絡當事人，會同授權人員檢查機台，並以表單 F-118 記錄；當事人於下一班上班前須獲告知。',
    ]),
    h1(['7 Shift change and group work', '7 交接班與多人作業']),
    bullets(
      [
        'The lock of the next shift is put on before the lock of the last shift comes off.',
        '接班人員上鎖後，交班人員方得解鎖。',
      ],
      [
        'A group hasp holds at most 6 locks; with more persons a lock box is used.',
        '群組鎖鉤最多掛 6 只鎖；人數更多時使用鎖箱。',
      ],
      [
        'Contractors use their own locks and are accompanied by an authorised employee.',
        '承攬商使用其自有鎖具，並由授權人員陪同。',
      ],
    ),
    h1(['8 Records and audit', '8 紀錄與稽核']),
    p([
      'Lockout logs are kept for 3 years. Every authorised employee is observed during one lockout every 12 months by somebody who was not part of it; deviations go to the safety committee within 7 days.',
      '上鎖紀錄保存 3 年。每位授權人員每 12 個月須由未參與該作業之人員觀察一次上鎖作業；缺失於 7 日內提報安全委員會。',
    ]),
    note([
      'Colours: personal locks are red, locks of contractors are blue, locks of the maintenance department are yellow.',
      '顏色：個人鎖為紅色，承攬商鎖為藍色，保養部門鎖為黃色。',
    ]),
  ],
}
