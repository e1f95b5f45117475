/**
 * What is chosen for each model role and why, what could be chosen, and the tables of the index: shown by `kura models`, the API and the page.
 * Neighbours: src/models tells of the engines, the composition root of the indexes.
 */

export const modelRoles = ['embedding', 'generation', 'reranking'] as const
export type ModelRole = (typeof modelRoles)[number]

/** `external`: another engine by KURA_*_URL; `missing`: the file is not on this machine. */
export const modelStates = ['ready', 'starting', 'missing', 'down', 'external', 'off'] as const
export type ModelState = (typeof modelStates)[number]

/** `building`: takes over when it holds every document; `kept`: of a former model, to go back to. */
export const indexStates = ['answering', 'building', 'kept'] as const
export type IndexState = (typeof indexStates)[number]

/** When a choice of a model takes effect. */
export const choiceEffects = ['at_once', 'when_built', 'when_loaded', 'next_start'] as const
export type ChoiceEffect = (typeof choiceEffects)[number]

/** What stands for a role now. */
export interface RoleReport {
  /** Catalog or file name; null where the role is off. */
  readonly name: string | null
  readonly state: ModelState
  /** Why this one was chosen, or why there is none. */
  readonly reason: string
}

export interface EnginesReport {
  readonly chosen: readonly (RoleReport & { readonly role: ModelRole })[]
  readonly catalog: readonly {
    readonly name: string
    readonly role: ModelRole
    readonly title: string
    readonly licence: string
    readonly bytes: number
    readonly contextTokens: number
    readonly parameters: number
    readonly quantization: string
    /** The file is on this machine. */
    readonly installed: boolean
  }[]
  /** LoRA adapters, each used by its name like a model of the catalog. */
  readonly adapters: readonly {
    readonly name: string
    /** Catalog name or path of the model that it is laid over. */
    readonly base: string
    readonly bytes: number
    readonly sha256: string
    readonly scale: number
    /** Its file and that of the model are on this machine. */
    readonly installed: boolean
  }[]
}

export interface IndexesReport {
  readonly indexes: readonly {
    /** Name of the embedding model, as it is chosen by. */
    readonly model: string
    readonly active: boolean
    readonly state: IndexState
    /** Documents' revisions that it holds, of all. */
    readonly progress: { readonly done: number; readonly total: number }
    /** One sentence for people. */
    readonly detail: string
  }[]
  /** The embedding model that is to take over, and how far that is; null where the chosen one answers. */
  readonly change: { readonly model: string; readonly detail: string } | null
}

export interface ModelsReport extends EnginesReport, IndexesReport {}
