/** Says in plain words what did not work as it should while the answer was made. */
import { useTexts } from '../i18n/language-context.tsx'

export const DegradedNotice = ({ codes }: { readonly codes: readonly string[] }) => {
  const texts = useTexts()
  if (codes.length === 0) return null
  return (
    <div class="notice notice-degraded">
      <p class="notice-title">{texts.degraded.title}</p>
      <ul>
        {codes.map((code) => (
          <li key={code}>{texts.degraded.codes[code] ?? texts.errors[code]?.[0] ?? texts.degraded.other(code)}</li>
        ))}
      </ul>
    </div>
  )
}
