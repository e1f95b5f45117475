/** One line at the foot: whether the server and its parts work, and which models are in use. Details on demand. */
import { useEffect, useRef, useState } from 'preact/hooks'
import {
  getModels,
  getReadiness,
  type IndexBuild,
  type ModelInUse,
  type ModelsInUse,
  type Readiness,
} from '../api/system.ts'
import type { Texts } from '../i18n/en.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { useFormatters } from './use-formatters.ts'

const lookEveryMs = 20_000

type State = 'checking' | 'ready' | 'limited' | 'down' | 'unreachable'

const stateOf = (readiness: Readiness | undefined | 'checking'): State => {
  if (readiness === 'checking') return 'checking'
  if (readiness === undefined) return 'unreachable'
  if (!readiness.ready) return 'down'
  const whole = readiness.degraded.length === 0 && readiness.components.every(({ state }) => state === 'ok')
  return whole ? 'ready' : 'limited'
}

/** A model that is not in the catalog is named by its path. */
const shortName = (name: string): string => name.split(/[\\/]/).at(-1) ?? name

const modelLabel = (model: ModelInUse, texts: Texts): string => {
  if (model.name === '') return model.role === 'generation' ? texts.system.noGeneration : ''
  return shortName(model.name)
}

/** How far an index is that is being built for another model, while questions are still answered from the old one. */
const BuildProgress = ({ build }: { readonly build: IndexBuild }) => {
  const texts = useTexts()
  const format = useFormatters()
  const label = texts.system.building(shortName(build.model), format.percent(build.done / build.total))
  return (
    <span class="index-build">
      <span>{label}</span>
      <progress aria-label={label} max={build.total} value={build.done} />
    </span>
  )
}

/** Looks at the server now and then, and at once when the reader comes back to the page. */
const useSystem = () => {
  const [readiness, setReadiness] = useState<Readiness | undefined | 'checking'>('checking')
  const [models, setModels] = useState<ModelsInUse>({ chosen: [], builds: [] })
  useEffect(() => {
    const controller = new AbortController()
    const look = async () => {
      if (document.hidden) return
      const [nextReadiness, nextModels] = await Promise.all([
        getReadiness(controller.signal),
        getModels(controller.signal),
      ])
      if (controller.signal.aborted) return
      setReadiness(nextReadiness)
      if (nextModels.chosen.length > 0) setModels(nextModels)
    }
    void look()
    const timer = setInterval(look, lookEveryMs)
    document.addEventListener('visibilitychange', look)
    return () => {
      controller.abort()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  return { readiness, models }
}

export const StatusLine = () => {
  const texts = useTexts()
  const { readiness, models } = useSystem()
  const state = stateOf(readiness)
  const components = typeof readiness === 'object' ? readiness.components : []
  const shown = models.chosen.filter((model) => modelLabel(model, texts) !== '')
  const fold = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const closeOutside = ({ target }: Event) => {
      if (target instanceof Node && fold.current?.contains(target) === false) fold.current.open = false
    }
    addEventListener('pointerdown', closeOutside)
    return () => removeEventListener('pointerdown', closeOutside)
  }, [])
  return (
    <section class="status-line" aria-label={texts.system.label}>
      <details ref={fold}>
        <summary>
          <span class={`dot dot-${state}`} aria-hidden="true" />
          <span>{texts.system[state]}</span>
        </summary>
        {components.length > 0 && (
          <dl class="status-details">
            {components.map((component) => (
              <div key={component.name}>
                <dt>{texts.system.parts[component.name] ?? texts.system.roles[component.name] ?? component.name}</dt>
                <dd>
                  <span class={`dot dot-part-${component.state}`} aria-hidden="true" />
                  {texts.system.states[component.state] ?? component.state}
                  {component.detail !== '' && (
                    <span class="quiet" lang="en">
                      {' '}
                      {component.detail}
                    </span>
                  )}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </details>
      <p class="status-models">
        {models.builds.map((build) => (
          <BuildProgress key={build.model} build={build} />
        ))}
        {shown.map((model) => (
          <span key={model.role}>
            {texts.system.roles[model.role] ?? model.role}: <b>{modelLabel(model, texts)}</b>
          </span>
        ))}
      </p>
    </section>
  )
}
