/**
 * Turns generated tokens into text that can be sent at once: holds back incomplete UTF-8 characters and anything that may be
 * the beginning of a stop text. Invariant: what was handed out is never taken back, and never holds a stop text.
 */

/** Tokens of one character; a character that is still incomplete after so many is broken and goes out as it is. */
const maxPartialTokens = 8
/** How many tokens before a piece the tokenizer wants to see to place blanks correctly. */
const contextTokens = 8

const replacementCharacter = '\uFFFD'

export class TextStream<Token> {
  readonly #detokenize: (tokens: readonly Token[], previous: readonly Token[]) => string
  readonly #stops: readonly string[]
  #partial: Token[] = []
  #previous: Token[] = []
  #held = ''
  #stopped = false

  constructor(detokenize: (tokens: readonly Token[], previous: readonly Token[]) => string, stops: readonly string[]) {
    this.#detokenize = detokenize
    this.#stops = stops.filter((stop) => stop !== '')
  }

  /** True once a stop text was generated; what came before it has been handed out. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** The text that is certain after this token; often empty. */
  push(token: Token): string {
    this.#partial.push(token)
    const text = this.#detokenize(this.#partial, this.#previous)
    if (text.endsWith(replacementCharacter) && this.#partial.length < maxPartialTokens) return ''
    this.#previous = [...this.#previous, ...this.#partial].slice(-contextTokens)
    this.#partial = []
    return this.#release(text)
  }

  /** What was held back, when nothing more comes. */
  end(): string {
    const rest = this.#stopped || this.#partial.length === 0 ? '' : this.#detokenize(this.#partial, this.#previous)
    this.#partial = []
    const text = this.#release(rest) + this.#held
    this.#held = ''
    return text
  }

  #release(added: string): string {
    if (this.#stopped) return ''
    const text = this.#held + added
    const found = this.#stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0)
    if (found.length > 0) {
      this.#stopped = true
      this.#held = ''
      return text.slice(0, Math.min(...found))
    }
    const keep = this.#beginningOfStop(text)
    this.#held = text.slice(text.length - keep)
    return text.slice(0, text.length - keep)
  }

  /** Length of the longest end of the text that is the beginning of a stop text. */
  #beginningOfStop(text: string): number {
    let longest = 0
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, text.length); length > longest; length -= 1) {
        if (text.endsWith(stop.slice(0, length))) longest = length
      }
    }
    return longest
  }
}
