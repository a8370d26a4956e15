/** One file of the tray: its step, its progress, what came of it. */
import { Button } from './button.tsx'
import { Problem } from './notice.tsx'
import { problems } from '../../core/formats/problems.ts'
import { useText, type Text } from '../hooks/text.ts'
import { pause, retry, type Entry } from '../hooks/tray.ts'
import styles from './list.module.css'
import ui from './ui.module.css'

const isReason = (reason: string): reason is keyof typeof problems => Object.hasOwn(problems, reason)

const outcome = ({ report, size }: Entry, { t, bytes }: Text): string => {
  if (!report) return bytes(size)
  const added = Object.values(report.records).reduce((sum, count) => sum + count, 0)
  return [
    bytes(size),
    t.add.added(added),
    report.duplicates > 0 && t.add.duplicates(report.duplicates),
    report.problems.length > 0 && t.add.problems(report.problems.length),
  ]
    .filter(Boolean)
    .join(' · ')
}

function Places({ report }: { report: Entry['report'] }) {
  const { pick } = useText()
  return (
    report !== null &&
    report.problems.length > 0 && (
      <ul className={ui['quiet']}>
        {report.problems.map(({ where, reason }) => (
          <li key={`${where} ${reason}`}>
            {where}: {isReason(reason) ? pick(problems[reason]) : reason}
          </li>
        ))}
      </ul>
    )
  )
}

export function TrayEntry({ entry }: { entry: Entry }) {
  const text = useText()
  const { t } = text
  const { id, name, step, done, error } = entry
  const moving = step === 'locking' || step === 'sending'
  return (
    <li className={ui['card']} data-step={step}>
      <div className={styles['person']}>
        <span className={styles['words']}>
          <span className={styles['name']}>{name}</span>
          <span className={styles['about']}>{outcome(entry, text)}</span>
        </span>
        <strong role="status">{t.add.step[step]}</strong>
        {step === 'failed' && <Button onPress={() => retry(id)}>{t.add.retry}</Button>}
        {step === 'paused' && <Button onPress={() => retry(id)}>{t.add.resume}</Button>}
        {moving && <Button onPress={() => void pause(id)}>{t.add.pause}</Button>}
      </div>
      {(moving || step === 'paused') && (
        <progress
          className={ui['progress']}
          aria-label={t.add.progress(name)}
          {...(done > 0 && { value: done })}
          max={1}
        />
      )}
      <Problem of={error} />
      <Places report={entry.report} />
    </li>
  )
}
