/**
 * The numbers of sources that a model writes into its sentences: `[1]`, "According to source [2],", （來源 1）. They say nothing, and citations are made by code. In: a sentence
 * as it was written. Out: the same without them. Pure. Used by sentence-stream.ts. Where a document speaks of a "power source 2", or the model writes [4400], nothing is taken out.
 */

const name = '(?:sources?|passages?|references?|來源|来源|資料來源|资料来源|出典|出處|出处|参照元)'
/** In brackets or not, one or more. */
const numbers = '[[【(]?\\d{1,3}[\\]】)]?(?:\\s?[,、]\\s?[[【(]?\\d{1,3}[\\]】)]?)*'
const bracketed = '(?:\\[\\d{1,2}(?:\\s*[,，、]\\s*\\d{1,2})*\\]|【\\d{1,2}】)'

/** "According to source [2], ", 根據[2]中的資訊，: what begins a sentence and is no part of it. */
const opening = new RegExp(
  [
    `^\\s*(?:according to|based on|as (?:stated|mentioned|given|shown) in) (?:the )?(?:sources?|passages?|documents?)? ?${bracketed}[,:]?\\s*`,
    `^\\s*(?:根[據据]|依[據据照])\\s*(?:來源|来源|資料|资料)?\\s*${bracketed}\\s*[中裡里]?的?(?:資訊|信息|资讯|內容|内容|資料|资料|描述|說明|说明)?\\s*[,，、]?`,
    `^\\s*(?:出典|資料)?\\s*${bracketed}\\s*(?:によると|によれば)[、,]?`,
  ].join('|'),
  'iu',
)
/** `Source [2]:`, `（來源 1）`, `[1]`, anywhere. */
const anywhere = new RegExp(
  [
    `[([（【]\\s?(?:according to |see |in )?${name}\\s?[:：]?\\s?${numbers}\\s?[)\\]）】][:：,，]?`,
    `^\\s*(?:according to |in |根據|根据)?${name}\\s?[:：]?\\s?${numbers}\\s?[:：,，]`,
    `\\b(?:according to|see) ${name} ?${numbers}[,，]?`,
    `${name}\\s?[[【]\\d{1,3}[\\]】]`,
    bracketed,
  ].join('|'),
  'giu',
)

export const withoutSourceNumbers = (sentence: string): string => {
  const told = sentence.replace(opening, '')
  const bare = told.replace(anywhere, ' ')
  if (bare === sentence) return sentence
  const tidy = bare
    .replace(/\s+(?=[.。,，;；]|$)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  return told === sentence ? tidy : tidy.replace(/^[a-z]/, (first) => first.toUpperCase())
}
