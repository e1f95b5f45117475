/** Says that processing is paused, and lets it go on. */
import { useTexts } from '../i18n/language-context.tsx'
import type { QueueControl } from './use-queue.ts'

export const PausedBanner = ({ control }: { readonly control: QueueControl }) => {
  const texts = useTexts()
  if (control.queue?.paused !== true) return null
  return (
    <section class="notice notice-paused" role="status">
      <div>
        <p class="notice-title">{texts.jobs.paused}</p>
        <p>{texts.jobs.pausedText}</p>
      </div>
      <button type="button" class="primary" onClick={() => control.pause(false)}>
        {texts.jobs.resume}
      </button>
    </section>
  )
}
