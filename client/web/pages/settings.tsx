/** Settings: language, this device, the rescue kit, and under Advanced the words of Solid. */
import { Button, ButtonLink } from '../components/button.tsx'
import { Check } from '../components/choice.tsx'
import { Devices } from '../components/devices.tsx'
import { Export } from '../components/export.tsx'
import { Select } from '../components/field.tsx'
import { Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { chooseLanguage, useText } from '../hooks/text.ts'
import { useAction, useSession, vault } from '../hooks/vault.ts'
import ui from '../components/ui.module.css'

function Device({ kept }: { kept: boolean }) {
  const { t } = useText()
  const keep = useAction(vault.keep)
  const out = useAction(vault.signOut)
  return (
    <Card>
      <h2>{t.settings.device}</h2>
      <Check label={t.settings.keep} hint={t.settings.keepHint} checked={kept} onChange={on => void keep.run(on)} />
      <Problem of={keep.error ?? out.error} />
      <div className={ui['buttons']}>
        <Button onPress={() => void vault.lock()}>{t.settings.lockNow}</Button>
        <Button onPress={() => void out.run()} busy={out.busy && t.app.loading}>
          {t.settings.signOut}
        </Button>
      </div>
      <p className={ui['hint']}>{t.settings.signOutHint}</p>
    </Card>
  )
}

export default function Settings() {
  const { t, language, date } = useText()
  const session = useSession()
  if (session.step !== 'open') return null
  const { who, kept, kitTested } = session
  const languages = [
    { value: 'en', label: t.languages.en },
    { value: 'fr', label: t.languages.fr },
  ]
  return (
    <Page title={t.settings.title} narrow>
      <Card>
        <Select
          label={t.settings.language}
          value={language}
          options={languages}
          onChange={value => chooseLanguage(value === 'fr' ? 'fr' : 'en')}
        />
      </Card>
      <Device kept={kept} />
      <Devices />
      <Card>
        <h2>{t.settings.rescue}</h2>
        <p>{kitTested ? t.kit.tested(date(kitTested)) : t.kit.untested}</p>
        <div>
          <ButtonLink to="/kit">{t.kit.test}</ButtonLink>
        </div>
      </Card>
      <Export />
      <details className={ui['card']}>
        <summary>{t.settings.advanced}</summary>
        <dl>
          <dt>{t.settings.webId}</dt>
          <dd>
            <code>{who.webId}</code>
          </dd>
          <dt>{t.settings.pod}</dt>
          <dd>
            <code>{who.pod}</code>
          </dd>
        </dl>
      </details>
    </Page>
  )
}
