/** Cuts a sentence where it goes on to another thing: commas, semicolons, "and", 及, 但. In: canonical text (number-words.ts). Out: its clauses, in order. */

export interface Clause {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** 及 and 和 stand inside words: 普及, 和平; と and が only before a comma. */
const border =
  /\n|[;；。．！？!?、，|]|(?<!\d),|,(?!\d)|[:：](?=\s|\p{Script=Han}|$)|\.(?=\s)|(?<!\d)\s(?:and|or)(?=\s)|\s(?:and|or)(?=\s(?!\d))|\s(?:but|while|whereas|then|so that|because)(?=\s)|(?:并且|以及|而且|但是|然后|但(?!书)|而(?!言|是)|(?<!普|以|波|涉)及(?!时|格|早)|(?<=[\d\w°%])[和与])|および|及び|または|かつ/gu

export const clausesOf = (text: string): Clause[] => {
  const clauses: Clause[] = []
  let start = 0
  const add = (end: number) => {
    const piece = text.slice(start, end)
    if (piece.trim() !== '') clauses.push({ text: piece, start, end })
  }
  for (const match of text.matchAll(border)) {
    add(match.index)
    start = match.index + match[0].length
  }
  add(text.length)
  return clauses
}

const condition =
  /^\s*(?:if|when|whenever|once|in case|should|unless)\b|^\s*(?:若|如果|如|當|当|一旦|假如|萬一|万一)|(?:時|时|場合(?:は|には)?|场合(?:は|には)?|たら|すると|れば|ときは?)\s*$/iu

/** "If alarm E-07 appears", without what follows from it. */
export const isBareCondition = (part: string): boolean => condition.test(part) && !/[,，、]/.test(part)
