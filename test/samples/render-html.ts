/** A sample SOP as an HTML page that Chromium prints to a PDF with real text, fonts and page numbers. */
import { inLanguage, type Sop, type SopBlock, type SopLanguage, severityLabel, type Text } from './sop-block.ts'

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** TrueType fonts: Chromium embeds them as such, while OpenType/CFF fonts become hundreds of Type 3 fonts. */
const fonts = `"Liberation Sans", "Droid Sans Fallback", sans-serif`

const style = (footer: string, pageWord: readonly [string, string]): string => `
  @page { size: A4; margin: 20mm 18mm 22mm; @bottom-left { content: "${footer}"; font: 8pt ${fonts}; color: #555 }
    @bottom-right { content: "${pageWord[0]}" counter(page) " / " counter(pages) "${pageWord[1]}"; font: 8pt ${fonts}; color: #555 } }
  /* Synthetic bold would turn glyphs into Type 3 fonts. */
  body { font-synthesis: none; font: 10.5pt/1.5 ${fonts}; color: #111; margin: 0 }
  h1 { font-size: 20pt; margin: 0 0 2mm; line-height: 1.25 } .subtitle { font-size: 12pt; color: #444; margin: 0 0 4mm }
  .meta td { border: 0.3mm solid #999; padding: 1mm 2mm } .meta { border-collapse: collapse; margin-bottom: 6mm; font-size: 9pt }
  h2 { font-size: 14pt; margin: 7mm 0 2mm; break-after: avoid } h3 { font-size: 11.5pt; margin: 4mm 0 1mm; break-after: avoid }
  p { margin: 0 0 2.5mm } li { margin-bottom: 1.2mm }
  table.data { border-collapse: collapse; width: 100%; margin: 1mm 0 4mm; font-size: 9pt; table-layout: fixed }
  table.data th, table.data td { border: 0.25mm solid #777; padding: 1mm 1.6mm; text-align: left; vertical-align: top }
  table.data th { background: #e8ecf0 } tr { break-inside: avoid } caption { text-align: left; font-weight: 600; padding: 1mm 0 }
  .box { border-left: 2mm solid #c00; background: #fdeeee; padding: 2mm 3mm; margin: 3mm 0; break-inside: avoid }
  .box strong { color: #c00 } .warning { border-color: #e08a00; background: #fff6e5 } .code { white-space: nowrap } .note { border-color: #2864b4; background: #eef4fc }
`

const renderBlock = (block: SopBlock, say: (text: Text) => string): string => {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level + 1}>${say(block.text)}</h${block.level + 1}>`
    case 'paragraph':
      return `<p>${say(block.text)}</p>`
    case 'steps':
      return `<ol>${block.items.map((item) => `<li>${say(item)}</li>`).join('')}</ol>`
    case 'bullets':
      return `<ul>${block.items.map((item) => `<li>${say(item)}</li>`).join('')}</ul>`
    case 'warning':
      return `<p class="box ${block.severity}"><strong>${say(severityLabel[block.severity])}</strong> ${say(block.text)}</p>`
    case 'table': {
      const columns = block.widths.map((width) => `<col style="width:${width}%">`).join('')
      const head = block.columns.map((cell) => `<th>${say(cell)}</th>`).join('')
      const rows = block.rows.map((row) => `<tr>${row.map((cell) => `<td>${say(cell)}</td>`).join('')}</tr>`).join('')
      return `<table class="data"><caption>${say(block.caption)}</caption><colgroup>${columns}</colgroup><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`
    }
  }
}

export const metaRows = (sop: Sop, language: SopLanguage): readonly (readonly [string, string])[] =>
  language === 'en'
    ? [
        ['Document', sop.number],
        ['Revision', sop.revision],
        ['Effective from', sop.effective],
        ['Owner', 'Plant Engineering'],
      ]
    : [
        ['文件編號', sop.number],
        ['版次', sop.revision],
        ['生效日期', sop.effective],
        ['權責單位', '工程課'],
      ]

export const renderHtml = (sop: Sop, language: SopLanguage): string => {
  // Codes such as KP-100 stay on one line: a break at the hyphen would tear them apart in the extracted text.
  const say = (text: Text): string =>
    escapeHtml(inLanguage(text, language)).replace(/\b[A-Z]+\d*(?:-[A-Z0-9]+)+\b/g, '<span class="code">$&</span>')
  const meta = metaRows(sop, language)
  const footer = `${sop.number} ${inLanguage(sop.title, language)} (${sop.revision})`
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${sop.number} ${say(sop.title)}</title>
<style>${style(footer, language === 'en' ? ['Page ', ''] : ['第 ', ' 頁'])}</style></head><body>
<h1>${say(sop.title)}</h1><p class="subtitle">${say(sop.subtitle)}</p>
<table class="meta"><tr>${meta.map(([key, value]) => `<td>${key}: ${escapeHtml(value)}</td>`).join('')}</tr></table>
${sop.blocks.map((block) => renderBlock(block, say)).join('\n')}
</body></html>`
}
