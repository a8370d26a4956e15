/** Until when: always shown as a date with its hour and zone, however it was chosen. */
import { Radios } from './choice.tsx'
import { TextField } from './field.tsx'
import { Notice } from './notice.tsx'
import { Card } from './page.tsx'
import { dayOf, endOfDay, inDays, inThreeMonths, type Ending } from '../hooks/ending.ts'
import { useText } from '../hooks/text.ts'

const chosen = (how: string, now: Ending): Ending => {
  if (how === '1') return inDays(1)
  if (how === '7') return inDays(7)
  if (how === '30') return inDays(30)
  return how === 'quarter' ? inThreeMonths() : endOfDay(dayOf(now.at))
}

export function Until({ value, onChange }: { value: Ending; onChange: (ending: Ending) => void }) {
  const { t, moment } = useText()
  const options = [
    { value: '1', label: t.share.day },
    { value: '7', label: t.share.week },
    { value: '30', label: t.share.month },
    { value: 'quarter', label: t.share.quarter },
    { value: 'date', label: t.share.date },
  ]
  const past = value.at.getTime() <= Date.now()
  return (
    <Card>
      <Radios
        legend={<h2>{t.share.until}</h2>}
        value={value.how}
        options={options}
        onChange={how => onChange(chosen(how, value))}
      />
      {value.how === 'date' && (
        <TextField
          label={t.share.pickDate}
          type="date"
          min={dayOf(new Date())}
          value={dayOf(value.at)}
          error={past ? t.share.past : undefined}
          onChange={day => day && onChange(endOfDay(day))}
        />
      )}
      <Notice>{t.shares.until(moment(value.at))}</Notice>
    </Card>
  )
}
