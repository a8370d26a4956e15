/**
 * A question that must be answered first: the platform's modal dialog, which keeps the focus inside, closes on Escape
 * and gives the focus back.
 */
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { Problem } from './notice.tsx'
import type { Action } from '../hooks/vault.ts'
import { useText } from '../hooks/text.ts'
import styles from './ui.module.css'

interface Props {
  title: string
  children: ReactNode
  yes: string
  look?: 'primary' | 'danger'
  /** What is being done once pressed. */
  doing: string
  action: Action<[]>
  onClose: () => void
}

export function Ask({ title, children, yes, look = 'danger', doing, action, onClose }: Props) {
  const { t } = useText()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const go = async (): Promise<void> => {
    if (await action.run()) onClose()
  }
  return (
    <dialog ref={dialog} className={styles['dialog']} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
      <Problem of={action.error} />
      <div className={styles['buttons']}>
        <Button look={look} onPress={() => void go()} busy={action.busy && doing}>
          {yes}
        </Button>
        <Button onPress={() => dialog.current?.close()} disabled={action.busy}>
          {t.app.cancel}
        </Button>
      </div>
    </dialog>
  )
}
