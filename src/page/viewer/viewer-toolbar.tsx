/** Paging, zoom, and the choice between the printed page and its text. */
import { useTexts } from '../i18n/language-context.tsx'
import { Icon, type IconName } from '../shell/icon.tsx'

interface ViewerToolbarProps {
  readonly page: number
  readonly total: number
  /** 1 fits the page to the width of the panel. */
  readonly zoom: number
  readonly drawn: boolean
  readonly canBeDrawn: boolean
  readonly goTo: (page: number) => void
  readonly setZoom: (zoom: number) => void
  readonly setAsText: (asText: boolean) => void
}

const zoomStep = 1.25
const largestZoom = 5
const smallestZoom = 0.5

export const ViewerToolbar = (props: ViewerToolbarProps) => {
  const texts = useTexts()
  const { page, total, zoom, drawn, canBeDrawn, goTo, setZoom, setAsText } = props
  const tool = (label: string, icon: IconName, enabled: boolean, act: () => void) => (
    <button type="button" class="plain" aria-label={label} title={label} disabled={!enabled} onClick={act}>
      <Icon name={icon} />
    </button>
  )
  return (
    <div class="viewer-toolbar">
      <div class="tools">
        {tool(texts.viewer.previous, 'previous', page > 1, () => goTo(page - 1))}
        <input
          type="number"
          inputmode="numeric"
          min={1}
          max={Math.max(1, total)}
          aria-label={texts.viewer.goTo}
          value={page}
          onChange={(event) => goTo(Math.trunc(event.currentTarget.valueAsNumber) || page)}
        />
        <span>{texts.viewer.of(total)}</span>
        {tool(texts.viewer.next, 'next', page < total, () => goTo(page + 1))}
      </div>
      {drawn && (
        <div class="tools">
          {tool(texts.viewer.zoomOut, 'minus', zoom > smallestZoom, () =>
            setZoom(Math.max(smallestZoom, zoom / zoomStep)),
          )}
          {tool(texts.viewer.zoomFit, 'fit', zoom !== 1, () => setZoom(1))}
          {tool(texts.viewer.zoomIn, 'plus', zoom < largestZoom, () => setZoom(Math.min(largestZoom, zoom * zoomStep)))}
        </div>
      )}
      {canBeDrawn && (
        <fieldset class="switch">
          <legend class="hidden">{texts.viewer.view}</legend>
          <button type="button" aria-pressed={drawn} onClick={() => setAsText(false)}>
            {texts.viewer.asPage}
          </button>
          <button type="button" aria-pressed={!drawn} onClick={() => setAsText(true)}>
            {texts.viewer.asText}
          </button>
        </fieldset>
      )}
    </div>
  )
}
