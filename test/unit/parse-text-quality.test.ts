/** Text that no language has is told from text that is merely unusual. */
import { describe, expect, it } from 'vitest'
import { isGarbled } from '../../ingest/parse/text-quality.ts'

const english = `Before any work on the hydraulic unit the main switch has to be turned off, locked and tagged. The pressure of the
accumulator is released at valve V12 until gauge G4 shows zero. Wait for sixty seconds, then try to start the pump with the green button; it
must not move. Replace the filter element every four thousand hours of operation or whenever the indicator shows red. Tighten the screws
crosswise to ninety newton metres and check the gasket of the cover for damage before the housing is closed again.`
const japanese = `作業を始める前に主電源スイッチを切り、施錠して札を掛けてください。蓄圧器の圧力はバルブV12で抜き、圧力計G4が零を示すまで待ちます。
フィルターは四千時間ごとに交換し、表示が赤くなったときは直ちに交換します。ねじは対角線の順に規定のトルクで締め付けてください。`
const chinese = `在液壓裝置上進行任何工作之前，必須關閉主開關並上鎖掛牌。蓄壓器的壓力由閥門釋放，直到壓力表顯示為零。等待六十秒，然後用綠色按鈕試著啟動泵浦，
它必須不動。每四千小時更換濾芯一次，指示器變紅時也要更換。螺絲應按對角順序擰緊，關閉外殼之前應檢查蓋板的墊片有無損壞。`

/** As a decoder of single bytes shows them. */
const asWestern = (bytes: Uint8Array): string => new TextDecoder('windows-1252').decode(bytes)
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const random = (seed: number): ((limit: number) => number) => {
  let state = seed
  return (limit) => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return state % limit
  }
}

describe('garbled', () => {
  it.each([
    [
      'glyph numbers 29 below the letters',
      [...english].map((c) => String.fromCharCode(Math.max(3, c.charCodeAt(0) - 29))).join(''),
    ],
    [
      'glyph numbers, but with blanks',
      english.replaceAll(/[!-~]/g, (c) => String.fromCharCode(Math.max(33, c.charCodeAt(0) - 29))),
    ],
    [
      'letters put in the place of others',
      english.replaceAll(/[a-z]/g, (c) => 'qxzjkvwbpygfmcuwldhrsnioate'[c.charCodeAt(0) - 97] ?? c),
    ],
    ['replacement characters', english.replaceAll(/[aeiou]/g, '\ufffd')],
    ['private use', english.replaceAll(/[a-z]/g, (c) => String.fromCharCode(0xe000 + c.charCodeAt(0)))],
    ['UTF-8 as Western European', asWestern(utf8(japanese))],
    [
      'two words of GB 2312 as Western European',
      asWestern(Uint8Array.of(0xc9, 0xe8, 0xb1, 0xb8, 0xb9, 0xa4, 0xd7, 0xf7)),
    ],
    ['UTF-8 as Shift_JIS', new TextDecoder('shift_jis').decode(utf8(japanese))],
    ['UTF-8 as GB18030', new TextDecoder('gb18030').decode(utf8(japanese))],
  ])('%s', (_, text) => {
    expect(isGarbled(text)).toBe(true)
  })

  it('glyph numbers of a large font taken for characters', () => {
    const next = random(5)
    const characters = Array.from({ length: 400 }, () => String.fromCharCode(0x100 + next(0x9e00)))
    expect(isGarbled(characters.join(''))).toBe(true)
    const han = Array.from({ length: 200 }, () => String.fromCharCode(0x4e00 + next(0x5100)))
    expect(isGarbled(han.join(''))).toBe(true)
  })
})

describe('unusual, but no more than that', () => {
  it.each([
    ['English', english],
    ['accents side by side', 'ÀÁÂÃÄÅÆÇ ÈÉÊËÌÍ'],
    ['Japanese', japanese],
    ['Traditional Chinese', chinese],
    ['all capitals', english.toUpperCase()],
    [
      'a list of parts',
      Array.from({ length: 60 }, (_, i) => `${i + 1} PPR-${9000 + i} HHCB-M8X${i} RCBO MCCB ${i}.50 pcs`).join('\n'),
    ],
    [
      'a listing',
      'int main(int argc, char **argv) { struct stat st; if (fstat(fd, &st) < 0) perror("fstat"); mkdirat(dfd, argv[1], 0755); strncpy(buf, src, sizeof(buf)); ' +
        'for (size_t idx = 0; idx < len; ++idx) printf("%02x ", ptr[idx]); pthread_mutex_lock(&mtx); memset(tmp, 0, cnt); free(tmp); snprintf(fmt, len, "xyz"); ' +
        'ioctl(fd, TIOCGWINSZ, &wsz); return strcmp(lhs, rhs) ? EXIT_FAILURE : EXIT_SUCCESS; }',
    ],
    [
      'figures with tolerances',
      Array.from({ length: 80 }, (_, i) => `${i}.25 ±0.05 µm ≤ ${i * 3} °C Ø${i} ½ × ¾`).join('\n'),
    ],
    ['formulas', '∑ᵢ xᵢ² ≤ ∫₀^∞ e^{−λt} dt ⇒ σ = √(μ² + ν²) · ∂f/∂x ∀ε>0 ∃δ: |α−β| < γ ⊂ Ω ∪ ∅ ≈ ±∞ '.repeat(6)],
    [
      'French',
      'Après l’arrêt complet, vérifiez que la clé est bien retirée; à défaut, l’accès à la zone reste interdit même à l’équipe habilitée. '.repeat(
        3,
      ),
    ],
    [
      'Vietnamese',
      'Trước khi bảo trì thiết bị thủy lực phải tắt công tắc chính, khóa và treo biển cảnh báo; chờ áp suất giảm về không rồi mới mở nắp. '.repeat(
        3,
      ),
    ],
    [
      'Polish',
      'Przed rozpoczęciem prac przy urządzeniu hydraulicznym należy wyłączyć wyłącznik główny, zablokować go i oznaczyć zgodnie z przepisami. '.repeat(
        3,
      ),
    ],
    [
      'Finnish',
      'Ennen hydrauliyksikön huoltotöiden aloittamista pääkytkin on käännettävä pois päältä, lukittava ja merkittävä varoituskyltillä. '.repeat(
        3,
      ),
    ],
    [
      'Russian',
      'Перед началом работ на гидравлической установке необходимо выключить главный выключатель и вывесить табличку. '.repeat(
        3,
      ),
    ],
    ['Greek', 'Πριν από κάθε εργασία στην υδραυλική μονάδα πρέπει να κλείσετε τον κεντρικό διακόπτη. '.repeat(3)],
    ['Korean', '유압 장치에서 작업을 시작하기 전에 주 전원 스위치를 끄고 잠근 다음 표지를 부착하십시오. '.repeat(3)],
    ['Thai', 'ก่อนเริ่มงานใด ๆ กับชุดไฮดรอลิก ต้องปิดสวิตช์หลัก ล็อก และแขวนป้ายเตือน '.repeat(3)],
    [
      'several languages',
      `${english.slice(0, 200)} ${japanese.slice(0, 80)} ${chinese.slice(0, 80)} Русский Ελληνικά 한국어 ไทย हिन्दी العربية עברית`,
    ],
    ['names in Chinese', '鄭瑋翔 黃婉瑜 蔡宗翰 許雅筑 謝旻諺 邱怡婷 賴彥廷 簡郁雯 鍾采潔 游竣傑 '.repeat(4)],
    ['very little', 'Q1 §7'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(isGarbled(text)).toBe(false)
  })
})
