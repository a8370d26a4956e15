/** A form that never leaves the page: what it does is done by the worker. */
import type { FormEvent, ReactNode } from 'react'
import styles from './ui.module.css'

export function Form({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) {
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form className={styles['form']} onSubmit={submit}>
      {children}
    </form>
  )
}
