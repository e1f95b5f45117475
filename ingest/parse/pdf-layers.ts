/**
 * Layers of a page that are not shown (other languages of a drawing, notes for print). In: the marks that a page sets around its content, and whether a
 * layer is shown. Out: whether what is drawn now is hidden. Hidden text is none of the page's: no reader sees it. Used by `pdf-operators.ts`.
 */

/** Tells of a layer, as pdf.js describes it in an operator list, whether it is shown. */
export type LayerTest = (layer: unknown) => boolean

export class HiddenLayers {
  readonly #isShown: LayerTest
  /** For each open mark whether it hides its content. */
  readonly #open: boolean[] = []
  #hiding = 0

  constructor(isShown: LayerTest) {
    this.#isShown = isShown
  }

  get isHidden(): boolean {
    return this.#hiding > 0
  }

  /** @param values tag and properties of a mark; only the tag `OC` is that of a layer */
  begin(values: unknown): void {
    const [tag, layer] = Array.isArray(values) ? values : []
    const hides = tag === 'OC' && !this.#isShown(layer)
    this.#open.push(hides)
    if (hides) this.#hiding += 1
  }

  end(): void {
    if (this.#open.pop() === true) this.#hiding -= 1
  }
}
