/** Step 1 of a new vault: the account and its place on this server. */
import { useState } from 'react'
import { Button } from '../components/button.tsx'
import { TextField } from '../components/field.tsx'
import { Form } from '../components/form.tsx'
import { Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { useText } from '../hooks/text.ts'
import { useAction, vault } from '../hooks/vault.ts'

const LEAST = 8

export default function Create() {
  const { t } = useText()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const action = useAction(vault.signUp)
  const short = password.length < LEAST
  const [tried, setTried] = useState(false)
  const submit = (): void => {
    setTried(true)
    if (!short) void action.run({ name: name.trim(), email: email.trim(), password })
  }
  return (
    <Page title={t.create.title} narrow>
      <Card>
        <h2>{t.create.account}</h2>
        <p>{t.create.step(1, 3)}</p>
        <Form onSubmit={submit}>
          <TextField
            label={t.create.name}
            hint={t.create.nameHint}
            value={name}
            onChange={setName}
            autoComplete="name"
          />
          <TextField label={t.create.email} type="email" value={email} onChange={setEmail} autoComplete="email" />
          <TextField
            label={t.create.password}
            hint={t.create.passwordHint}
            error={tried && short ? t.create.tooShort(LEAST) : undefined}
            type="password"
            value={password}
            onChange={setPassword}
            autoComplete="new-password"
          />
          <Problem of={action.error} />
          <Button look="primary" type="submit" busy={action.busy && t.create.making}>
            {t.create.next}
          </Button>
        </Form>
      </Card>
    </Page>
  )
}
