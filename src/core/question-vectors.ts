/**
 * Vectors by which questions are compared with each other. In: questions. Out: the embedding model's vectors, centred for each language.
 * Embedders of the e5 family put all questions of a language into one narrow cone: parallel questions of two languages come out no nearer than
 * unrelated ones of one language. With the mean of usual questions of the language taken off, they do. Neighbours: same-question.ts compares.
 */
import { detectLanguage } from './detect-language.ts'
import type { Language } from './document.ts'
import { isAbort, KuraError } from './errors.ts'
import type { CallOptions, Embedder } from './models.ts'

export interface QuestionVector {
  /** Of the embedding model; vectors of different ones are never compared. */
  readonly fingerprint: string
  /** Centred, L2-normalised; length = model dimensions. */
  readonly vector: Float32Array
}

type Centre = 'en' | 'zh' | 'ja'

/** Usual questions on unlike things, whose mean is what only the language and the form of a question give a vector. */
const usualQuestions: Readonly<Record<Centre, readonly string[]>> = {
  en: [
    'Where is the first aid box?',
    'Who approves a purchase order?',
    'How many days of leave are there?',
    'What does the red lamp mean?',
    'How is the robot calibrated?',
    'When does the night shift begin?',
    'Which screws belong to the cover?',
    'Why does the conveyor stop?',
    'What is the password policy?',
    'How long does the paint dry?',
    'How much does the crane lift?',
    'What must be checked every morning?',
  ],
  zh: [
    '急救箱在哪里？',
    '采购单由谁批准？',
    '年假有多少天？',
    '红灯表示什么？',
    '机器人如何校准？',
    '夜班几点开始？',
    '盖板用哪些螺丝？',
    '输送带为什么会停？',
    '密码有什么规定？',
    '油漆要干多久？',
    '起重机能吊多重？',
    '每天早上要检查什么？',
  ],
  ja: [
    '救急箱はどこにありますか？',
    '注文書は誰が承認しますか？',
    '有給休暇は何日ありますか？',
    '赤いランプは何を意味しますか？',
    'ロボットはどのように校正しますか？',
    '夜勤は何時に始まりますか？',
    'カバーにはどのねじを使いますか？',
    'コンベアはなぜ止まりますか？',
    'パスワードの決まりは何ですか？',
    '塗料はどのくらいで乾きますか？',
    'クレーンは何トンまで吊れますか？',
    '毎朝何を点検しますか？',
  ],
}
const centreNames = ['en', 'zh', 'ja'] as const

type Centres = Readonly<Record<Centre, Float32Array>>

/** Computed once for each embedder and model: 36 short questions, some 300 ms on two cores. */
const known = new WeakMap<Embedder, { readonly fingerprint: string; readonly centres: Promise<Centres> }>()

const meanOf = (vectors: readonly Float32Array[]): Float32Array => {
  const zeros = new Float32Array(vectors[0]?.length ?? 0)
  return zeros.map((_, i) => vectors.reduce((sum, vector) => sum + (vector[i] ?? 0), 0) / vectors.length)
}

const computeCentres = async (embedder: Embedder): Promise<Centres> => {
  const vectors = await embedder.embedQueries(
    centreNames.flatMap((name) => usualQuestions[name]),
    { priority: 'question' },
  )
  const each = usualQuestions.en.length
  const [en, zh, ja] = centreNames.map((_, i) => meanOf(vectors.slice(i * each, (i + 1) * each)))
  if (!en || !zh || !ja) throw new KuraError('internal', 'A language has no centre.')
  return { en, zh, ja }
}

const centresOf = (embedder: Embedder, fingerprint: string): Promise<Centres> => {
  const cached = known.get(embedder)
  if (cached?.fingerprint === fingerprint) return cached.centres
  const centres = computeCentres(embedder)
  known.set(embedder, { fingerprint, centres })
  centres.catch(() => known.delete(embedder))
  return centres
}

const centreNameOf = (language: Language): Centre =>
  language === 'ja' ? 'ja' : language === 'zh-Hant' || language === 'zh-Hans' ? 'zh' : 'en'

const centred = (vector: Float32Array, centre: Float32Array): Float32Array => {
  const moved = vector.map((value, i) => value - (centre[i] ?? 0))
  const length = Math.hypot(...moved) || 1
  return moved.map((value) => value / length)
}

/**
 * One for each text, in order; undefined where no engine embeds now.
 * @throws AbortError
 */
export const embedQuestions = async (
  texts: readonly string[],
  embedder: Embedder,
  options: CallOptions = {},
): Promise<QuestionVector[] | undefined> => {
  try {
    const { fingerprint } = await embedder.info(options)
    const centres = await centresOf(embedder, fingerprint)
    const vectors = await embedder.embedQueries(texts, { ...options, priority: 'question' })
    return vectors.map((vector, i) => ({
      fingerprint,
      vector: centred(vector, centres[centreNameOf(detectLanguage(texts[i] ?? ''))]),
    }))
  } catch (error) {
    if (isAbort(error) || !(error instanceof KuraError)) throw error
    return undefined
  }
}
