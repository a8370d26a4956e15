/** What opens the vault: each device and the password, and taking one out. */
import { useState } from 'react'
import { Button } from './button.tsx'
import { Ask } from './dialog.tsx'
import { TextField } from './field.tsx'
import { Problem } from './notice.tsx'
import { Card } from './page.tsx'
import { Wait } from './wait.tsx'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, vault } from '../hooks/vault.ts'
import type { DeviceInfo } from '../../core/types.ts'
import styles from './list.module.css'
import ui from './ui.module.css'

function Remove({ device, name, onClose }: { device: DeviceInfo; name: string; onClose: () => void }) {
  const { t } = useText()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const account = email && password ? { email, password } : null
  const action = useAction(() => vault.removeDevice(device.id, account))
  return (
    <Ask
      title={t.devices.removeAsk(name)}
      yes={t.devices.removeYes}
      doing={t.devices.removing}
      action={action}
      onClose={onClose}
    >
      <p>{device.kind === 'password' ? t.devices.passwordWarning : t.devices.removeWarning}</p>
      <p className={ui['quiet']}>{t.devices.logins}</p>
      <TextField label={t.devices.email} type="email" value={email} onChange={setEmail} autoComplete="username" />
      <TextField
        label={t.devices.password}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
      />
    </Ask>
  )
}

function Row({ device }: { device: DeviceInfo }) {
  const { t, date } = useText()
  const [removing, setRemoving] = useState(false)
  const name = device.kind === 'password' ? t.devices.vaultPassword : device.name || t.devices.unnamed
  const standing = (device.leaving && t.devices.leaving) || (device.this && t.devices.this)
  const about = [standing, t.devices.added(date(device.added))].filter(Boolean).join(' · ')
  return (
    <li className={styles['person']}>
      <span className={styles['words']}>
        <span className={styles['name']}>{name}</span>
        <span className={styles['about']}>{about}</span>
      </span>
      {!device.this && (
        <Button look="danger" label={t.devices.remove(name)} onPress={() => setRemoving(true)}>
          {t.devices.removeYes}
        </Button>
      )}
      {removing && <Remove device={device} name={name} onClose={() => setRemoving(false)} />}
    </li>
  )
}

export function Devices() {
  const { t } = useText()
  const devices = useReading('devices', vault.devices)
  return (
    <Card>
      <h2>{t.devices.title}</h2>
      <p className={ui['quiet']}>{t.devices.intro}</p>
      <Problem of={devices.error} />
      {!devices.value && !devices.error && <Wait>{t.app.loading}</Wait>}
      <ul className={styles['rows']}>
        {devices.value
          ?.filter(({ active, leaving }) => active || leaving)
          .map(device => (
            <Row key={device.id} device={device} />
          ))}
      </ul>
    </Card>
  )
}
