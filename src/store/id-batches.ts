/** Long lists of ids in pieces for one statement each: databases bound the number of parameters. */

const idsPerStatement = 500

export function* idBatches<Id>(ids: readonly Id[]): Generator<Id[]> {
  for (let start = 0; start < ids.length; start += idsPerStatement) yield ids.slice(start, start + idsPerStatement)
}
