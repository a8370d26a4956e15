/** Check boxes, and a list of which one is chosen. */
import { useId, type ReactNode } from 'react'
import type { Option } from './field.tsx'
import styles from './ui.module.css'

interface CheckProps {
  label: ReactNode
  hint?: string
  checked: boolean
  onChange: (checked: boolean) => void
}

export function Check({ label, hint, checked, onChange }: CheckProps) {
  return (
    <label className={styles['check']}>
      <input type="checkbox" checked={checked} onChange={event => onChange(event.target.checked)} />
      <span>{label}</span>
      {hint && <span className={styles['hint']}>{hint}</span>}
    </label>
  )
}

export function Group({ legend, hint, children }: { legend: ReactNode; hint?: string; children: ReactNode }) {
  const id = useId()
  return (
    <fieldset className={styles['group']} aria-describedby={hint && id}>
      <legend>{legend}</legend>
      {hint && (
        <p className={styles['hint']} id={id}>
          {hint}
        </p>
      )}
      {children}
    </fieldset>
  )
}

interface RadiosProps {
  legend: ReactNode
  value: string
  options: readonly Option[]
  onChange: (value: string) => void
}

export function Radios({ legend, value, options, onChange }: RadiosProps) {
  const name = useId()
  return (
    <Group legend={legend}>
      {options.map(option => (
        <label className={styles['check']} key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </Group>
  )
}
