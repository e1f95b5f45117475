/**
 * Text of HTML elements as a reader sees it, and which elements are blocks. Pure; used by `html-blocks.ts` and `html-table.ts`.
 */
import type { AnyNode, Element } from 'domhandler'

/** Elements whose content is not shown as text. */
export const skipped = new Set([
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
      if (skipped.has(node.name) || leaveOut(node)) continue
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
