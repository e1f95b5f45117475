/** One line at the foot: whether the server and its parts work, and which models are in use. Details on demand. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { getModels, getReadiness, type ModelInUse, type Readiness } from '../api/system.ts'
import type { Texts } from '../i18n/en.ts'
import { useTexts } from '../i18n/language-context.tsx'

const lookEveryMs = 20_000

type State = 'checking' | 'ready' | 'limited' | 'down' | 'unreachable'

const stateOf = (readiness: Readiness | undefined | 'checking'): State => {
  if (readiness === 'checking') return 'checking'
  if (readiness === undefined) return 'unreachable'
  if (!readiness.ready) return 'down'
  const whole = readiness.degraded.length === 0 && readiness.components.every(({ state }) => state === 'ok')
  return whole ? 'ready' : 'limited'
}

const modelLabel = (model: ModelInUse, texts: Texts): string => {
  if (model.name === '') return model.role === 'generation' ? texts.system.noGeneration : ''
  // a model that is not in the catalog is named by its path
  return model.name.split(/[\\/]/).at(-1) ?? model.name
}

/** Looks at the server now and then, and at once when the reader comes back to the page. */
const useSystem = () => {
  const [readiness, setReadiness] = useState<Readiness | undefined | 'checking'>('checking')
  const [models, setModels] = useState<readonly ModelInUse[]>([])
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
      if (nextModels.length > 0) setModels(nextModels)
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
  const shown = models.filter((model) => modelLabel(model, texts) !== '')
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
        {shown.map((model) => (
          <span key={model.role}>
            {texts.system.roles[model.role] ?? model.role}: <b>{modelLabel(model, texts)}</b>
          </span>
        ))}
      </p>
    </section>
  )
}
