/** The one button, and a link that looks like it. A busy button says what it does and cannot be pressed twice. */
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Wait } from './wait.tsx'
import styles from './ui.module.css'

type Look = 'primary' | 'plain' | 'danger' | 'link'

const classes = (look: Look): string => `${styles['button']} ${styles[look]}`

interface Props {
  look?: Look
  children: ReactNode
  onPress?: () => void
  type?: 'button' | 'submit'
  /** What is being done, shown instead of the label. */
  busy?: string | false
  disabled?: boolean
  label?: string
}

export function Button({ look = 'plain', children, onPress, type = 'button', busy = false, disabled, label }: Props) {
  return (
    <button
      type={type}
      className={classes(look)}
      disabled={disabled === true || busy !== false}
      onClick={onPress}
      aria-label={busy === false ? label : undefined}
    >
      {busy === false ? children : <Wait>{busy}</Wait>}
    </button>
  )
}

export function ButtonLink({ look = 'plain', to, children }: { look?: Look; to: string; children: ReactNode }) {
  return (
    <Link href={to} className={classes(look)}>
      {children}
    </Link>
  )
}
