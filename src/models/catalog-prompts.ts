/**
 * Fills the embedding prompts of the catalog. What comes in is a template and the bare text, what goes out is what the model
 * reads. Invariant: the text is inserted as it is, whatever it looks like.
 */
const placeholder = /\{title(?:\|([^}]*))?\}(\n?)|\{text\}/g

/**
 * `{text}` is the text, `{title}` the title, `{title|none}` the title or the word after the bar. Without a title, `{title}` vanishes
 * together with the line break after it.
 *
 * @example fillPrompt('passage: {title}\n{text}', { text: 'Oil ISO VG 46' }) // 'passage: Oil ISO VG 46'
 */
export const fillPrompt = (template: string, values: { readonly text: string; readonly title?: string }): string => {
  const title = values.title?.trim() ?? ''
  return template.replace(placeholder, (match, instead: string | undefined, lineBreak: string | undefined) => {
    if (match === '{text}') return values.text
    if (title !== '') return title + (lineBreak ?? '')
    return instead === undefined ? '' : instead + (lineBreak ?? '')
  })
}
