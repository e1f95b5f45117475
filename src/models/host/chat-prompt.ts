/**
 * Chat messages to the tokens that a model reads, by the chat template inside its GGUF, and what ends its answer. Invariant: the
 * content of a message is tokenized as text, so that it can not smuggle in control tokens.
 */
import {
  type ChatHistoryItem,
  type ChatWrapper,
  type LlamaModel,
  LlamaText,
  resolveChatWrapper,
  type Token,
} from 'node-llama-cpp'
import type { ChatMessage } from '../../core/models.ts'

export interface ChatPrompt {
  readonly tokens: readonly Token[]
  readonly stopTexts: readonly string[]
  /** Besides the model's own end-of-generation tokens. */
  readonly stopTokens: ReadonlySet<Token>
}

/** Picks the wrapper of the model's family; models that think aloud are told not to. */
export const createChatWrapper = (model: LlamaModel): ChatWrapper => {
  const template = model.fileInfo.metadata.tokenizer.chat_template
  const thinks = typeof template === 'string' && template.includes('<think>')
  return resolveChatWrapper(model, {
    warningLogs: false,
    ...(thinks ? { customWrapperSettings: { qwen: { thoughts: 'discourage' } } } : {}),
  })
}

const marks = /<[^<>\s]{1,40}>/g

/** Tokenizers take some marks, like `<tool_call>` and `<think>`, from any text: a blank behind the first sign keeps them text. */
const asText = (model: LlamaModel, content: string): string =>
  content.replace(marks, (mark) =>
    model.tokenize(mark).some((token) => model.getTokenAttributes(token).userDefined) ? `< ${mark.slice(1)}` : mark,
  )

const toHistory = (model: LlamaModel, messages: readonly ChatMessage[]): ChatHistoryItem[] =>
  messages.map((message): ChatHistoryItem => {
    const text = asText(model, message.content)
    return message.role === 'assistant' ? { type: 'model', response: [text] } : { type: message.role, text }
  })

export const createChatPrompt = (
  model: LlamaModel,
  wrapper: ChatWrapper,
  messages: readonly ChatMessage[],
): ChatPrompt => {
  // The open, empty reply at the end is what the model goes on writing.
  const chatHistory = [...toHistory(model, messages), { type: 'model', response: [''] } satisfies ChatHistoryItem]
  const state = wrapper.generateContextState({ chatHistory })
  const stopTexts: string[] = []
  const stopTokens = new Set<Token>()
  for (const trigger of state.stopGenerationTriggers) {
    if (trigger.values.every((value) => typeof value === 'string')) stopTexts.push(trigger.values.join(''))
    const tokens = LlamaText(trigger).tokenize(model.tokenizer)
    const [only] = tokens
    if (only !== undefined && tokens.length === 1) stopTokens.add(only)
  }
  return { tokens: state.contextText.tokenize(model.tokenizer), stopTexts, stopTokens }
}
