/** What went wrong, and what went well, said where it happened. */
import type { ReactNode } from 'react'
import { useText } from '../hooks/text.ts'
import styles from './ui.module.css'

export function Notice({ look, children }: { look?: 'good' | 'bad' | undefined; children: ReactNode }) {
  return (
    <div className={`${styles['notice']} ${look ? styles[look] : ''}`} role={look === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  )
}

export function Problem({ of }: { of: unknown }) {
  const { error } = useText()
  return of === null || of === undefined ? null : <Notice look="bad">{error(of)}</Notice>
}
