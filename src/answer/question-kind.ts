/**
 * What kind of answer a question asks for, by the words it is asked with: a procedure is answered with all of its steps, a comparison and a list need
 * more of the sources than a fact does. In: a question in any of Kura's languages. Out: its kind; `fact` where nothing says otherwise.
 */
import { foldText } from '../core/search-terms.ts'

export type QuestionKind = 'fact' | 'procedure' | 'comparison' | 'list'

/** `foldText` has made these Simplified and lower case. */
const procedure =
  /\bhow (?:do|does|can|should|must|would) (?:i|we|you|one|it|they|the operator|an? \w+)\b|\bhow (?:is|are) [^?]{3,60}?(?:ed|en|done|set up|put|cut|reset|shut)\b|\bhow to\b|\b(?:steps?|procedure|instructions?|sequence) (?:to|for|of|in)\b|\bwhat (?:must|should|do|shall) (?:i|we|you|one|the operator) do\b|\bwalk me through\b|步骤|如何|怎么(?!样)|怎样|怎麽|流程|顺序|作法|做法|手顺|手順|方法は|やり方|どうやって|どのように|どうすれば|仕方/u
/** Asks for a value or a part of it, though it says "how". */
const amount =
  /\bhow (?:many|much|long|often|far|high|low|old|large|big|fast|deep|thick|heavy|wide|soon|late|hot|cold|tight|strong)\b|多久|多少|几[次天个年月小]|何[回日年時分秒本個度]|どのくらい|どれくらい|いくつ/u
const comparison =
  /\bdifferences? between\b|\bdiffers?\b|\bcompar(?:e|ed|ison)\b|\bversus\b|\bvs\.?\b|\bwhich (?:one |of )?[^?]{0,60}\b(?:more|less|higher|lower|faster|slower|longer|shorter|better|larger|smaller|most|least)\b|区别|差别|差异|不同之处|有何不同|有什么不同|相比|比较|違い|违い|异なる点|比べ|どちらが/u
const list =
  /\b(?:what|which) are (?:the |all )|\blist (?:all|the|every)\b|\bname (?:all|the|two|three|four|five)\b|\bwhich (?:parts|tools|items|checks|documents|people|persons|models|alarms|codes|types|kinds|steps)\b|有哪些|哪些|列出|列举|分别是|何がありますか|どんな.{1,12}がありますか|を挙げ|一覧|すべて/u

export const questionKind = (question: string): QuestionKind => {
  const text = foldText(question)
  if (comparison.test(text)) return 'comparison'
  if (list.test(text) && !/步骤|手顺|手順|\bsteps\b/u.test(text)) return 'list'
  return procedure.test(text) && !amount.test(text) ? 'procedure' : 'fact'
}
