/**
 * Pages of a form that is laid out when it is opened (XFA): the file's own page only asks the reader to wait. In: a page as pdf.js lays the form out.
 * Out: a page with captions, texts and what was filled in, without places. Used by `pdf-reader.ts`.
 */
import { z } from 'zod'
import type { ParsedPage } from '../../src/core/document.ts'
import { collapseBlanks, PageBuilder } from './page-builder.ts'

interface FormNode {
  readonly name?: string | undefined
  readonly value?: string | undefined
  readonly attributes?: z.infer<typeof attributesSchema> | undefined
  readonly children?: readonly (FormNode | null)[] | undefined
}

const attributesSchema = z.object({
  class: z.array(z.string().nullable()).optional().catch(undefined),
  /** What stands in a field. */
  textContent: z.string().optional().catch(undefined),
  value: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  checked: z.boolean().optional().catch(undefined),
  style: z.object({ display: z.string().optional(), visibility: z.string().optional() }).optional().catch(undefined),
})

const nodeSchema: z.ZodType<FormNode> = z.object({
  name: z.string().optional().catch(undefined),
  value: z.string().optional().catch(undefined),
  attributes: attributesSchema.optional().catch(undefined),
  children: z
    .array(z.lazy(() => nodeSchema).nullable())
    .optional()
    .catch(undefined),
})

/** Elements that a line ends with. */
const breaksLine = new Set(['br', 'p', 'div', 'li'])
const ticked = '✓'

const childrenOf = ({ children = [] }: FormNode): FormNode[] => children.filter((child) => child !== null)

const isOf = ({ attributes }: FormNode, kind: string): boolean => attributes?.class?.includes(kind) === true

const isHidden = ({ attributes }: FormNode): boolean =>
  attributes?.style?.display === 'none' || attributes?.style?.visibility === 'hidden'

/** What was filled in or chosen. */
const filledIn = (node: FormNode): string => {
  const { name, attributes = {} } = node
  if (name === 'textarea') return attributes.textContent ?? ''
  if (name === 'select') {
    const chosen = childrenOf(node).find((option) => option.attributes?.value === attributes.value)
    return attributes.value === undefined ? '' : (chosen?.value ?? attributes.value)
  }
  if (attributes.type === 'checkbox' || attributes.type === 'radio') return attributes.checked === true ? ticked : ''
  return attributes.value ?? ''
}

const textOf = (node: FormNode): string => {
  if (isHidden(node)) return ''
  if (node.name === 'input' || node.name === 'textarea' || node.name === 'select') return ` ${filledIn(node)} `
  const text = (node.value ?? '') + childrenOf(node).map(textOf).join('')
  return breaksLine.has(node.name ?? '') ? ` ${text} ` : text
}

const write = (node: FormNode, builder: PageBuilder): void => {
  if (isHidden(node)) return
  if (isOf(node, 'xfaField') || isOf(node, 'xfaDraw') || node.value !== undefined) {
    const text = collapseBlanks(textOf(node))
    if (text !== '') builder.paragraph([{ text }])
  } else for (const child of childrenOf(node)) write(child, builder)
}

/** @param tree as `getXfa` gives it */
export const readFormPage = (number: number, tree: unknown): ParsedPage => {
  const builder = new PageBuilder()
  const root = nodeSchema.safeParse(tree)
  if (root.success) write(root.data, builder)
  return { number, outcome: { method: builder.isEmpty ? 'blank' : 'text' }, ...builder.build() }
}
