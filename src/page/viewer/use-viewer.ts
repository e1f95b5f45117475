/**
 * Which document is open beside the view. Closing gives the focus back to what opened it. On narrow screens the viewer covers
 * the page, and the browser's back button closes it.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ViewerTarget } from './viewer-target.ts'

/** Up to this width the viewer covers the page; the style sheet has the same limit. */
const narrow = '(max-width: 899px)'

export interface ViewerControl {
  readonly target: ViewerTarget | undefined
  /** True where the viewer hides everything else. */
  readonly covers: boolean
  readonly open: (target: ViewerTarget) => void
  readonly close: () => void
}

const useNarrow = (): boolean => {
  const [matches, setMatches] = useState(() => matchMedia(narrow).matches)
  useEffect(() => {
    const query = matchMedia(narrow)
    const read = () => setMatches(query.matches)
    query.addEventListener('change', read)
    return () => query.removeEventListener('change', read)
  }, [])
  return matches
}

const isViewerEntry = (state: unknown): boolean => typeof state === 'object' && state !== null && 'kuraViewer' in state

export const useViewer = (): ViewerControl => {
  const [target, setTarget] = useState<ViewerTarget | undefined>(undefined)
  const opener = useRef<Element | null>(null)
  const isNarrow = useNarrow()

  const shut = useCallback(() => {
    setTarget(undefined)
    const element = opener.current
    opener.current = null
    // after the page has been drawn without the viewer: an inert element can not take the focus
    requestAnimationFrame(() => requestAnimationFrame(() => element instanceof HTMLElement && element.focus()))
  }, [])

  const open = useCallback((next: ViewerTarget) => {
    if (document.activeElement?.closest('.viewer') === null) opener.current = document.activeElement
    if (!isViewerEntry(history.state)) history.pushState({ kuraViewer: true }, '')
    setTarget(next)
  }, [])

  const close = useCallback(() => {
    if (isViewerEntry(history.state)) history.back()
    else shut()
  }, [shut])

  useEffect(() => {
    const read = () => {
      if (!isViewerEntry(history.state)) shut()
    }
    addEventListener('popstate', read)
    return () => removeEventListener('popstate', read)
  }, [shut])

  const covers = target !== undefined && isNarrow
  return useMemo(() => ({ target, covers, open, close }), [target, covers, open, close])
}
