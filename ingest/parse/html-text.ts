/**
 * Text of HTML elements as a reader sees it, and which elements are blocks. Pure; used by `html-blocks.ts` and `html-table.ts`.
 */
import type { AnyNode, Element } from 'domhandler'
import { raise } from './office-symbols.ts'

/** Elements whose content is not shown as text. */
const skipped = new Set([
  ...[
    'script',
    'style',
    'noscript',
    'template',
    'head',
    'title',
    'svg',
    'math',
    'canvas',
    'iframe',
    'object',
    'audio',
    'video',
  ],
  ...['select', 'datalist'],
])
/** Elements that stand on lines of their own. */
export const blockTags = new Set([
  ...[
    'address',
    'article',
    'aside',
    'blockquote',
    'body',
    'center',
    'dd',
    'details',
    'dialog',
    'div',
    'dl',
    'dt',
    'fieldset',
  ],
  ...[
    'figcaption',
    'figure',
    'footer',
    'form',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'header',
    'hgroup',
    'hr',
    'html',
    'legend',
  ],
  ...[
    'li',
    'main',
    'menu',
    'nav',
    'ol',
    'p',
    'pre',
    'section',
    'summary',
    'table',
    'tbody',
    'td',
    'tfoot',
    'th',
    'thead',
    'tr',
    'ul',
  ],
])

export const isElement = (node: AnyNode): node is Element =>
  node.type === 'tag' || node.type === 'script' || node.type === 'style'

/** Whether the element and what stands in it is shown as text. */
export const isShown = ({ name, attribs }: Element): boolean =>
  !skipped.has(name) &&
  attribs.hidden === undefined &&
  !(name === 'input' && attribs.type === 'hidden') &&
  !/(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)/i.test(attribs.style ?? '')

/** The text of a tree as a reader sees it; blocks inside it are set apart by blanks. Not recursive: trees may be any depth. */
export const textOf = (root: AnyNode, leaveOut: (element: Element) => boolean = () => false): string => {
  let text = ''
  const stack: (AnyNode | string)[] = [root]
  while (stack.length > 0) {
    const node = stack.pop()
    if (node === undefined) break
    if (typeof node === 'string') text += node
    else if (node.type === 'text') text += node.data
    else if (isElement(node)) {
      if (!isShown(node) || leaveOut(node)) continue
      if (node.name === 'sup' && node.children.every((child) => child.type === 'text')) {
        text += raise(node.children.map((child) => (child.type === 'text' ? child.data : '')).join(''))
        continue
      }
      const gap = node.name === 'br' || blockTags.has(node.name) ? ' ' : ''
      stack.push(gap)
      for (let child = node.lastChild; child; child = child.prev) stack.push(child)
      stack.push(gap)
    }
  }
  return text
}

/** A whole number from an attribute. */
export const numberOf = (value: string | undefined, otherwise: number): number => {
  const number = Number.parseInt(value ?? '', 10)
  return Number.isFinite(number) ? number : otherwise
}
