/** Asks for the password of an encrypted file. It goes to whoever asked, and is kept nowhere. */
import { useState } from 'preact/hooks'

interface PasswordFormProps {
  /** What the field is for. */
  readonly label: string
  readonly submitLabel: string
  /** Why it is asked for (again). */
  readonly note?: string
  readonly onSubmit: (password: string) => void
}

export const PasswordForm = ({ label, submitLabel, note, onSubmit }: PasswordFormProps) => {
  const [password, setPassword] = useState('')
  return (
    <form
      class="password-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (password === '') return
        onSubmit(password)
        setPassword('')
      }}
    >
      {note !== undefined && <p role="status">{note}</p>}
      <label class="field">
        <span>{label}</span>
        <input
          type="password"
          autocomplete="off"
          maxLength={1000}
          value={password}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary" disabled={password === ''}>
        {submitLabel}
      </button>
    </form>
  )
}
