/**
 * Whether a text forbids or denies: a statement that tells to do what the manual forbids holds all of its words. Only markers that seldom
 * mean anything else are looked for, so that 不銹鋼 and しなければならない are no negations.
 */
const negations = [
  /\b(?:not|never|cannot|no longer|without|prohibited|forbidden|don't|doesn't|isn't|mustn't|can't)\b/i,
  /不得|不可|不要|不能|不應|不应|不許|不许|請勿|请勿|切勿|勿|禁止|嚴禁|严禁|沒有|没有|無法|无法/,
  /ないで|てはいけ|てはならな|しないこと|ません|禁止|できない/,
]

export const isNegated = (text: string): boolean => negations.some((each) => each.test(text.replaceAll('’', "'")))
