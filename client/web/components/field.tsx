/** Inputs with their label, hint and error, tied together for screen readers. */
import { useId, type ReactNode } from 'react'
import styles from './ui.module.css'

interface FieldProps {
  label: string
  hint?: string
  error?: string | undefined
}

interface Tied {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean
  className: string | undefined
}

function Field({ label, hint, error, children }: FieldProps & { children: (tied: Tied) => ReactNode }) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div className={styles['field']}>
      <label className={styles['label']} htmlFor={id}>
        {label}
      </label>
      {hint && (
        <span className={styles['hint']} id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {children({ id, 'aria-describedby': described, 'aria-invalid': Boolean(error), className: styles['input'] })}
      {error && (
        <span className={`${styles['notice']} ${styles['bad']}`} id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  )
}

interface TextProps extends FieldProps {
  value: string
  onChange: (value: string) => void
  type?: 'text' | 'email' | 'password' | 'url' | 'search' | 'date'
  autoComplete?: string
  min?: string
}

export function TextField({
  label,
  hint,
  error,
  value,
  onChange,
  type = 'text',
  autoComplete = 'off',
  min,
}: TextProps) {
  return (
    <Field label={label} error={error} {...(hint && { hint })}>
      {tied => (
        <input
          {...tied}
          type={type}
          value={value}
          min={min}
          autoComplete={autoComplete}
          onChange={event => onChange(event.target.value)}
          required
        />
      )}
    </Field>
  )
}

export function TextArea({
  label,
  hint,
  error,
  value,
  onChange,
}: FieldProps & { value: string; onChange: (value: string) => void }) {
  return (
    <Field label={label} error={error} {...(hint && { hint })}>
      {tied => (
        <textarea
          {...tied}
          value={value}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={event => onChange(event.target.value)}
          required
        />
      )}
    </Field>
  )
}

export interface Option {
  value: string
  label: string
}

interface SelectProps extends FieldProps {
  value: string
  options: readonly Option[]
  onChange: (value: string) => void
}

/** The platform's own list: known to everyone, works with every keyboard and reader, weighs nothing. */
export function Select({ label, hint, value, options, onChange }: SelectProps) {
  return (
    <Field label={label} {...(hint && { hint })}>
      {tied => (
        <select {...tied} value={value} onChange={event => onChange(event.target.value)}>
          {options.map(option => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
