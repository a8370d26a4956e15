/** A choice of one among a few, all of them in sight. */
import type { Option } from './field.tsx'
import styles from './list.module.css'

export function Chips({
  label,
  options,
  value,
  onChange,
}: {
  label: string
  options: readonly Option[]
  value: string
  onChange: (value: string) => void
}) {
  return (
    <div className={styles['chips']} role="group" aria-label={label}>
      {options.map(option => (
        <button
          key={option.value}
          type="button"
          className={styles['chip']}
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}
