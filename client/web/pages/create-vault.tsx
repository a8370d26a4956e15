/** Step 2: the vault's password. The kit of step 3 is handed on before the vault counts as open. */
import { useState } from 'react'
import { Button } from '../components/button.tsx'
import { Check } from '../components/choice.tsx'
import { TextField } from '../components/field.tsx'
import { Form } from '../components/form.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { freshKit } from '../hooks/kit.ts'
import { LEAST_UNLOCK, passphrase } from '../hooks/passphrase.ts'
import { useText } from '../hooks/text.ts'
import { useAction, vault } from '../hooks/vault.ts'
import ui from '../components/ui.module.css'

function useVaultPassword() {
  const { t } = useText()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const [suggested, setSuggested] = useState<string | null>(null)
  const suggest = (): void => {
    const words = passphrase()
    setSuggested(words)
    setPassword(words)
    setAgain('')
  }
  const short = password.length < LEAST_UNLOCK
  const differs = password !== again
  const errors = tried
    ? { password: short ? t.create.tooShort(LEAST_UNLOCK) : undefined, again: differs ? t.create.notSame : undefined }
    : {}
  return {
    password,
    setPassword: (typed: string): void => {
      setPassword(typed)
      setSuggested(null) // what was suggested opens nothing any more
    },
    again,
    setAgain,
    suggested,
    suggest,
    errors,
    valid: !short && !differs,
    check: () => setTried(true),
  }
}

export default function CreateVault() {
  const { t, language } = useText()
  const field = useVaultPassword()
  const [shown, setShown] = useState(false)
  const [keep, setKeep] = useState(true)
  const action = useAction(async () => freshKit.set(await vault.createVault(field.password, keep, language)))
  const submit = (): void => {
    field.check()
    if (field.valid) void action.run()
  }
  const type = shown ? 'text' : 'password'
  return (
    <Page title={t.create.vaultTitle} narrow>
      <Card>
        <p>{t.create.step(2, 3)}</p>
        <p>{t.create.vaultIntro}</p>
        <Form onSubmit={submit}>
          <TextField
            label={t.create.unlock}
            hint={t.create.unlockHint}
            error={field.errors.password}
            type={type}
            value={field.password}
            onChange={field.setPassword}
            autoComplete="new-password"
          />
          {field.suggested && (
            <Notice>
              <span>{t.create.suggested}</span>
              <strong>{field.suggested}</strong>
            </Notice>
          )}
          <TextField
            label={t.create.again}
            error={field.errors.again}
            type={type}
            value={field.again}
            onChange={field.setAgain}
            autoComplete="new-password"
          />
          <Check label={t.create.show} checked={shown} onChange={setShown} />
          <Check label={t.create.keep} hint={t.create.keepHint} checked={keep} onChange={setKeep} />
          <Problem of={action.error} />
          <div className={ui['buttons']}>
            <Button look="primary" type="submit" busy={action.busy && t.create.building}>
              {t.create.build}
            </Button>
            <Button onPress={field.suggest} disabled={action.busy}>
              {t.create.suggest}
            </Button>
          </div>
        </Form>
      </Card>
    </Page>
  )
}
