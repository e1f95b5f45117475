/**
 * How the server is: readiness of its parts and the models in use. Both answers may grow or lack fields.
 */
import { type Fields, readFields, readList, readNumber, readText } from './read-values.ts'
import { sendForFields } from './request.ts'

export interface Component {
  readonly name: string
  readonly state: string
  readonly detail: string
}

export interface Readiness {
  readonly ready: boolean
  readonly components: readonly Component[]
  readonly degraded: readonly string[]
}

export interface ModelInUse {
  readonly role: string
  /** Empty where the role is off. */
  readonly name: string
}

/** A search index that is being built beside the one in use. */
export interface IndexBuild {
  readonly model: string
  /** Revisions that it holds, of all. */
  readonly done: number
  readonly total: number
}

export interface ModelsInUse {
  readonly chosen: readonly ModelInUse[]
  readonly builds: readonly IndexBuild[]
}

/** The readiness; undefined when the server does not answer. A 503 is an answer. */
export const getReadiness = async (signal: AbortSignal): Promise<Readiness | undefined> => {
  try {
    const response = await fetch('/readyz', { signal, headers: { accept: 'application/json' } })
    const fields = readFields(await response.json())
    return {
      ready: response.ok && fields.ready !== false,
      components: readList(fields.components, (item) => {
        const component = readFields(item)
        return {
          name: readText(component.name),
          state: readText(component.state, 'ok'),
          detail: readText(component.detail),
        }
      }),
      degraded: readList(fields.degraded, (item) => readText(item)).filter((code) => code !== ''),
    }
  } catch {
    return undefined
  }
}

const roles = ['embedding', 'generation', 'reranking'] as const

/** The models chosen for each role, in the order of use. A role that is off has an empty name. */
export const readModels = (body: Fields): ModelInUse[] => {
  const chosen = readList(body.chosen, (item) => {
    const model = readFields(item)
    return { role: readText(model.role), name: readText(model.name) }
  })
  return roles.flatMap((role) => chosen.filter((model) => model.role === role))
}

/** Indexes that are being built; one that is kept for a roll-back is not. */
export const readBuilds = (body: Fields): IndexBuild[] =>
  readList(body.indexes, (item) => {
    const index = readFields(item)
    const progress = readFields(index.progress)
    const [done, total] = [readNumber(progress.done), readNumber(progress.total)]
    return { model: readText(index.model), state: readText(index.state), done, total }
  }).filter(({ state, total }) => state === 'building' && total > 0)

/** The models in use; none where the server does not tell. */
export const getModels = async (signal: AbortSignal): Promise<ModelsInUse> => {
  const body = await sendForFields('/api/models', { signal }).catch(() => ({}))
  return { chosen: readModels(body), builds: readBuilds(body) }
}
