/**
 * How the parts of the program are, for /readyz: each check's failure is its component's state. In: the parts. Out: components and the codes
 * of what works less well than it should. Neighbours: kura.ts.
 */
import { KuraError } from './core/errors.ts'
import { localAdministrator } from './core/principal.ts'
import type { Health } from './http/deps.ts'
import type { ModelEngines } from './models/model-engines.ts'
import type { SearchIndexes } from './search-indexes.ts'
import type { Ledger } from './store/ledger.ts'

interface Parts {
  readonly ledger: Ledger
  readonly engines: ModelEngines
  readonly indexes: SearchIndexes
}

type Component = Health['components'][number]

export const checkHealth = async (parts: Parts): Promise<Health> => {
  const components = await Promise.all([
    checkLedger(parts),
    checkIndex(parts),
    checkEmbedding(parts),
    checkGeneration(parts),
    checkWorker(parts),
  ])
  const degraded = components.filter(({ state }) => state !== 'ok').map(({ name, state }) => `${name}_${state}`)
  return { ready: components.every(({ state }) => state !== 'down'), components, degraded }
}

const failed = (name: string, state: Component['state'], error: unknown): Component => ({
  name,
  state,
  detail: error instanceof KuraError ? error.message : 'It does not answer.',
})

const checkLedger = async ({ ledger }: Parts): Promise<Component> => {
  try {
    const { length } = await ledger.collections.list(localAdministrator)
    return { name: 'ledger', state: 'ok', detail: `${length} collections` }
  } catch (error) {
    return failed('ledger', 'down', error)
  }
}

/** An index that lacks documents still answers from the others. */
const checkIndex = async ({ ledger, indexes }: Parts): Promise<Component> => {
  try {
    const rows = await (await indexes.pair.index()).count()
    const progress = (await ledger.indexes.active())?.progress
    const detail = `${rows.toLocaleString('en-US')} chunks`
    if (!progress || progress.done >= progress.total) return { name: 'index', state: 'ok', detail }
    const built = `${progress.done.toLocaleString('en-US')} of ${progress.total.toLocaleString('en-US')} documents`
    return { name: 'index', state: 'degraded', detail: `${detail}; it is being filled: ${built}` }
  } catch (error) {
    return failed('index', 'down', error)
  }
}

/** Where the model that made the index can not be had at all, questions are answered by full text until another one takes over. */
const checkEmbedding = async ({ engines, indexes }: Parts): Promise<Component> => {
  try {
    return { name: 'embedding', state: 'ok', detail: (await indexes.pair.embedder.info()).name }
  } catch (error) {
    return failed('embedding', engines.answering.place === 'nowhere' ? 'degraded' : 'down', error)
  }
}

const checkGeneration = async ({ engines }: Parts): Promise<Component> => {
  const generation = engines.report().chosen.find(({ role }) => role === 'generation')
  const generates = ['ready', 'external', 'off'].includes(generation?.state ?? 'off')
  return { name: 'generation', state: generates ? 'ok' : 'degraded', detail: generation?.reason ?? '' }
}

const checkWorker = async ({ indexes: { worker } }: Parts): Promise<Component> =>
  worker?.running === false
    ? { name: 'worker', state: 'degraded', detail: 'The ingestion worker died and is started again.' }
    : { name: 'worker', state: 'ok', detail: worker ? 'The ingestion worker runs.' : 'Not run by this process.' }
