/** Signing in: with the account of this server, or anywhere else that speaks Solid-OIDC. */
import { useState } from 'react'
import { Button } from '../components/button.tsx'
import { TextField } from '../components/field.tsx'
import { Form } from '../components/form.tsx'
import { Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { useText } from '../hooks/text.ts'
import { useAction, vault } from '../hooks/vault.ts'
import ui from '../components/ui.module.css'

function Here() {
  const { t } = useText()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const action = useAction(vault.signIn)
  return (
    <Card>
      <h2>{t.signIn.here}</h2>
      <Form onSubmit={() => void action.run(email.trim(), password)}>
        <TextField label={t.signIn.email} type="email" value={email} onChange={setEmail} autoComplete="username" />
        <TextField
          label={t.signIn.password}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
        />
        <Problem of={action.error} />
        <Button look="primary" type="submit" busy={action.busy && t.app.loading}>
          {t.signIn.enter}
        </Button>
      </Form>
    </Card>
  )
}

const visit = async (address: string): Promise<void> => location.assign(await vault.visitProvider(address))

function Elsewhere() {
  const { t } = useText()
  const [address, setAddress] = useState('')
  const action = useAction(visit)
  return (
    <Card>
      <h2>{t.signIn.elsewhere}</h2>
      <Form onSubmit={() => void action.run(address)}>
        <TextField
          label={t.signIn.provider}
          hint={t.signIn.elsewhereHint}
          value={address}
          onChange={setAddress}
          autoComplete="url"
        />
        <Problem of={action.error} />
        <Button type="submit" busy={action.busy && t.app.loading}>
          {t.signIn.visit}
        </Button>
      </Form>
    </Card>
  )
}

export default function SignIn() {
  const { t } = useText()
  return (
    <Page title={t.signIn.title} narrow>
      <Here />
      <Elsewhere />
      <details>
        <summary>{t.signIn.lost}</summary>
        <p className={ui['quiet']}>{t.signIn.lostText}</p>
      </details>
    </Page>
  )
}
