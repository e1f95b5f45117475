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

const toHistory = (messages: readonly ChatMessage[]): ChatHistoryItem[] =>
  messages.map((message): ChatHistoryItem => {
    if (message.role === 'assistant') return { type: 'model', response: [message.content] }
    return { type: message.role, text: message.content }
  })

export const createChatPrompt = (
  model: LlamaModel,
  wrapper: ChatWrapper,
  messages: readonly ChatMessage[],
): ChatPrompt => {
  // The open, empty reply at the end is what the model goes on writing.
  const chatHistory = [...toHistory(messages), { type: 'model', response: [''] } satisfies ChatHistoryItem]
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
