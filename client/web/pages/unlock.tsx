/** The vault is locked: its password, or the rescue kit. */
import { useState, type ReactNode } from 'react'
import { Button } from '../components/button.tsx'
import { Check } from '../components/choice.tsx'
import { TextArea, TextField } from '../components/field.tsx'
import { Form } from '../components/form.tsx'
import { Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { LEAST_UNLOCK } from '../hooks/passphrase.ts'
import { useText } from '../hooks/text.ts'
import { useAction, vault } from '../hooks/vault.ts'
import type { Who } from '../worker/saved.ts'
import ui from '../components/ui.module.css'

interface WayProps {
  keep: boolean
  /** The choice of staying open, above the button. */
  children: ReactNode
}

function ByPassword({ keep, children }: WayProps) {
  const { t } = useText()
  const [password, setPassword] = useState('')
  const action = useAction(vault.unlock)
  return (
    <Form onSubmit={() => void action.run(password, keep)}>
      <p>{t.unlock.intro}</p>
      <TextField
        label={t.unlock.password}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
      />
      {children}
      <Problem of={action.error} />
      <Button look="primary" type="submit" busy={action.busy && t.unlock.opening}>
        {t.unlock.open}
      </Button>
    </Form>
  )
}

function ByKit({ keep, children }: WayProps) {
  const { t } = useText()
  const [words, setWords] = useState('')
  const [password, setPassword] = useState('')
  const action = useAction(vault.unlockByKit)
  const [tried, setTried] = useState(false)
  const short = password.length < LEAST_UNLOCK
  const submit = (): void => {
    setTried(true)
    if (!short) void action.run(words, password, keep)
  }
  return (
    <Form onSubmit={submit}>
      <TextArea label={t.unlock.words} value={words} onChange={setWords} />
      <TextField
        label={t.unlock.newPassword}
        hint={t.create.unlockHint}
        error={tried && short ? t.create.tooShort(LEAST_UNLOCK) : undefined}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
      />
      {children}
      <Problem of={action.error} />
      <Button look="primary" type="submit" busy={action.busy && t.unlock.opening}>
        {t.unlock.open}
      </Button>
    </Form>
  )
}

export default function Unlock({ who }: { who: Who }) {
  const { t } = useText()
  const [byKit, setByKit] = useState(false)
  const [keep, setKeep] = useState(false)
  const other = useAction(vault.signOut)
  const Way = byKit ? ByKit : ByPassword
  return (
    <Page title={t.unlock.title(who.name)} narrow>
      <Card>
        <Way keep={keep}>
          <Check label={t.create.keep} hint={t.create.keepHint} checked={keep} onChange={setKeep} />
        </Way>
      </Card>
      <div className={ui['buttons']}>
        <Button look="link" onPress={() => setByKit(!byKit)}>
          {byKit ? t.unlock.withPassword : t.unlock.withKit}
        </Button>
        <Button look="link" onPress={() => void other.run()} busy={other.busy && t.app.loading}>
          {t.unlock.other}
        </Button>
      </div>
    </Page>
  )
}
