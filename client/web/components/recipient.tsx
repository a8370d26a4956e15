/** With whom: a circle, a person met in one, or anybody by their address. */
import { useState } from 'react'
import { Select, TextField } from './field.tsx'
import { Card } from './page.tsx'
import { useText } from '../hooks/text.ts'
import { useSession } from '../hooks/vault.ts'
import type { Person } from '../hooks/recipients.ts'

const OTHER = 'other'

export function Recipient({
  people,
  value,
  onChange,
}: {
  people: readonly Person[]
  value: string
  onChange: (id: string) => void
}) {
  const { t } = useText()
  const session = useSession()
  const me = session.step === 'open' ? session.who.webId : ''
  const [other, setOther] = useState(false)
  const known = people
    .filter(({ id }) => id !== me)
    .map(({ id, name, members, circle }) => ({
      value: id,
      label: members === undefined ? t.share.person(name, circle ?? '') : t.share.circle(name, members),
    }))
  const options = [{ value: '', label: t.share.choose }, ...known, { value: OTHER, label: t.share.otherPerson }]
  const choose = (id: string): void => {
    setOther(id === OTHER)
    onChange(id === OTHER ? '' : id)
  }
  return (
    <Card>
      <Select label={t.share.who} value={other ? OTHER : value} options={options} onChange={choose} />
      {other && <TextField label={t.share.address} type="url" value={value} onChange={onChange} />}
    </Card>
  )
}
