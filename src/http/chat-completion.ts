/**
 * Kura's answers in the shapes of the OpenAI chat protocol: statements as text with numbered sources, so that they stay cited in
 * any client. In: the messages of a request, the events of an answer. Out: a question with its history, pieces of text.
 */
import type { Answer, AnswerEvent, Citation, Quote } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { Language } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'

interface ChatTurn {
  readonly role: string
  readonly content: string
}

/** The last user message is the question; the pairs of question and answer before it are the history. */
export const readChat = (
  messages: readonly ChatTurn[],
): { question: string; history: { question: string; answer: string }[] } => {
  const last = messages.findLastIndex(({ role }) => role === 'user')
  const question = messages[last]?.content
  if (question === undefined) {
    throw new KuraError('invalid_request', 'messages: must hold a message of the role user.', {
      details: { errors: [{ field: 'messages', message: 'must hold a message of the role user' }] },
    })
  }
  const history: { question: string; answer: string }[] = []
  let asked: string | undefined
  for (const { role, content } of messages.slice(0, last)) {
    if (role === 'user') asked = content
    else if (role === 'assistant' && asked !== undefined) {
      history.push({ question: asked, answer: content })
      asked = undefined
    }
  }
  return { question, history }
}

const english = {
  sources: 'Sources',
  revision: 'rev.',
  page: 'page',
  notFound: 'The documents do not answer this question.',
  differing: 'Other figures in',
}

const words: Readonly<Record<Language, Readonly<Record<keyof typeof english, string>>>> = {
  en: english,
  'zh-Hant': {
    sources: '來源',
    revision: '版次',
    page: '頁',
    notFound: '文件中找不到這個問題的答案。',
    differing: '數值不同',
  },
  'zh-Hans': {
    sources: '来源',
    revision: '版本',
    page: '页',
    notFound: '文档中找不到这个问题的答案。',
    differing: '数值不同',
  },
  ja: {
    sources: '出典',
    revision: '版',
    page: 'ページ',
    notFound: '文書の中にこの質問への答えは見つかりませんでした。',
    differing: '数値が異なる',
  },
  und: english,
}

type Cited = Pick<Citation, 'documentName' | 'revisionId' | 'revision' | 'page' | 'pageLabel'>

/** Writes the text piece by piece and numbers the sources (revision and page) in the order of their first use. */
class SourceList {
  readonly #numbers = new Map<string, { readonly number: number; readonly cited: Cited }>()

  mark(citations: readonly Cited[]): string {
    const numbers = citations.map((cited) => {
      const key = `${cited.revisionId}#${cited.page}`
      const known = this.#numbers.get(key) ?? { number: this.#numbers.size + 1, cited }
      this.#numbers.set(key, known)
      return known.number
    })
    return [...new Set(numbers)].map((number) => `[${number}]`).join('')
  }

  render(language: Language): string {
    if (this.#numbers.size === 0) return ''
    const { sources, revision, page } = words[language]
    const lines = [...this.#numbers.values()].map(({ number, cited }) =>
      [
        `[${number}] ${cited.documentName}`,
        `${revision} ${cited.revision}`,
        cited.pageLabel ?? `${page} ${cited.page}`,
      ].join(', '),
    )
    return `\n\n${sources}:\n${lines.join('\n')}`
  }
}

/** How many quotes stand in where no model wrote statements. */
const quotesInPlaceOfStatements = 3

const quotesAsText = (quotes: readonly Quote[], list: SourceList): string =>
  quotes
    .slice(0, quotesInPlaceOfStatements)
    .map((quote) => `“${quote.text}” ${list.mark([quote])}`)
    .join('\n')

/**
 * The text of the answer, as it comes in, and at the end the answer itself.
 */
export async function* chatPieces(
  events: AsyncIterable<AnswerEvent>,
): AsyncGenerator<{ readonly text: string } | { readonly answer: Answer }> {
  const list = new SourceList()
  let written = 0
  for await (const event of events) {
    if (event.type === 'statement') {
      const { text, citations, differing } = event.statement
      const sources = list.mark(citations)
      const others = differing ? ` (${words[detectLanguage(text)].differing} ${list.mark(differing)})` : ''
      yield { text: `${written > 0 ? '\n' : ''}${text} ${sources}${others}` }
      written += 1
    } else if (event.type === 'answer') {
      const { answer } = event
      if (answer.status === 'not_found') yield { text: words[answer.language].notFound }
      else if (written === 0) yield { text: quotesAsText(answer.quotes, list) }
      const sources = list.render(answer.language)
      if (sources) yield { text: sources }
      yield { answer }
    }
  }
}
