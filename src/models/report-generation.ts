/**
 * What stands for the generation role: the model that was chosen, or the one that writes until it is loaded. In: the choice, what serves and the state of
 * the host that it runs in. Neighbour: model-engines.ts.
 */
import type { KuraError } from '../core/errors.ts'
import type { ModelState, RoleReport } from '../core/models-report.ts'
import type { ModelChoice } from './choose-models.ts'
import { displayName } from './generation-model.ts'
import type { GenerationSlots } from './generation-slots.ts'
import type { ModelHost } from './model-host.ts'

interface GenerationNow {
  /** Whether this process is to write at all. */
  readonly isWanted: boolean
  readonly writing: Pick<GenerationSlots, 'serving' | 'isWaiting'>
  readonly host: ReturnType<ModelHost['status']> | undefined
  /** Of the last change of the model that writes. */
  readonly failure: KuraError | undefined
}

const stateOf = (choice: ModelChoice, { writing, host }: GenerationNow): ModelState => {
  if (choice.source === 'none') return 'off'
  if (choice.source === 'url') return 'external'
  if (writing.isWaiting) return 'starting'
  const model = writing.serving?.model
  if (model === undefined) return choice.present ? 'off' : 'missing'
  const state = host?.models.find(({ role, ordinal }) => role === 'generation' && ordinal === model.ordinal)?.state
  if (state === 'ready') return 'ready'
  return state === 'failed' || host?.state === 'stopped' ? 'down' : 'starting'
}

export const reportGeneration = (choice: ModelChoice, now: GenerationNow): RoleReport => {
  const { fallback } = choice
  const { failure } = now
  const writing = now.writing.serving
  const state = stateOf(choice, now)
  if (choice.source !== 'local' || !now.isWanted)
    return { name: choice.name === 'none' ? null : choice.name, state, reason: choice.reason }
  if (fallback && writing?.name === fallback.name) return { name: fallback.name, state, reason: fallback.reason }
  const name = displayName(choice.name)
  if (writing === undefined || writing.name === name) return { name, state, reason: choice.reason }
  const reason = failure ? `${name} can not take over: ${failure.message}` : `It writes until ${name} is loaded.`
  return { name: writing.name, state, reason }
}
