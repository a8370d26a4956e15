/** A page: its title names the tab too, and takes the focus when one arrives, so that readers announce it. */
import { useEffect, useRef, type ReactNode } from 'react'
import { useText } from '../hooks/text.ts'
import styles from './ui.module.css'

let visited = false

interface Props {
  title: string
  narrow?: boolean
  actions?: ReactNode
  children: ReactNode
}

export function Page({ title, narrow = false, actions, children }: Props) {
  const { t } = useText()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t.app.name}`
  }, [title, t])
  useEffect(() => {
    if (visited) {
      scrollTo(0, 0)
      heading.current?.focus({ preventScroll: true })
    }
    visited = true
  }, [])
  return (
    <div className={`${styles['page']} ${narrow ? styles['narrow'] : ''}`}>
      <div className={styles['pageHead']}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions && <div className={styles['buttons']}>{actions}</div>}
      </div>
      {children}
    </div>
  )
}

export function Card({ children }: { children: ReactNode }) {
  return <section className={styles['card']}>{children}</section>
}

export function Empty({ children }: { children: ReactNode }) {
  return <div className={styles['empty']}>{children}</div>
}
