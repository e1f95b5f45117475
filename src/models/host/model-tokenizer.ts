/**
 * Text to tokens as the model's makers meant it. node-llama-cpp departs from that for unigram vocabularies (the XLM-R family:
 * multilingual-e5, bge-m3), and vectors come out with a cosine of 0.974 to 0.997 to the exact ones; here it is put right, and they
 * come to 0.9999. Invariant: prompts and limits are counted in the very tokens that are evaluated.
 */
import { type LlamaModel, LlamaVocabularyType, type Token } from 'node-llama-cpp'

export interface ModelTokenizer {
  /** Tokens of the text alone. */
  tokenize(text: string): Token[]
  /** With the beginning token that the library leaves out; the end token is added by the library. */
  complete(tokens: Token[]): Token[]
}

/** How unigram vocabularies write a blank. */
const blankPiece = '\u2581'

export const createModelTokenizer = (model: LlamaModel): ModelTokenizer => {
  if (model.vocabularyType !== LlamaVocabularyType.ugm) {
    return { tokenize: (text) => model.tokenize(text), complete: (tokens) => tokens }
  }
  const index = model.fileInfo.metadata.tokenizer.ggml.tokens.indexOf(blankPiece)
  const blank = index < 0 ? undefined : (index as Token)
  const { bos } = model.tokens
  return {
    tokenize: (text) => {
      // The model's own normaliser reduces runs of blanks and line breaks to one; llama.cpp's does not quite, and drops the last.
      const normal = text.replace(/\s+/gu, ' ')
      const tokens = model.tokenize(normal)
      return blank !== undefined && normal.endsWith(' ') ? [...tokens, blank] : tokens
    },
    complete: (tokens) => (bos === null ? tokens : [bos, ...tokens]),
  }
}
