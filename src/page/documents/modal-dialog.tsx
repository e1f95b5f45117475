/** A modal dialog: opens when it is rendered, closes by Escape, by its buttons, and gives the focus back. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface ModalDialogProps {
  readonly title: string
  readonly close: () => void
  readonly children: ComponentChildren
}

export const ModalDialog = ({ title, close, children }: ModalDialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    const element = dialog.current
    element?.showModal()
    return () => {
      element?.close()
      // after the dialog is gone; what opened it may be gone as well, with the row that was deleted
      requestAnimationFrame(() => {
        const next = opener?.isConnected ? opener : document.getElementById('content')
        if (next instanceof HTMLElement) next.focus()
      })
    }
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onCancel={close}>
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  )
}
