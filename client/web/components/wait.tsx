/** Something is being done. */
import type { ReactNode } from 'react'
import styles from './ui.module.css'

export function Wait({ children }: { children: ReactNode }) {
  return (
    <span className={styles['wait']} role="status">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path
          d="M12 2.500 20.500 7.200v9.600L12 21.500l-8.500-4.700V7.200z"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.500"
          strokeDasharray="36 16"
        />
      </svg>
      {children}
    </span>
  )
}
