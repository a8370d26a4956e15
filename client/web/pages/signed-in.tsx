/** Where an identity provider sends people back to. */
import { useEffect } from 'react'
import { ButtonLink } from '../components/button.tsx'
import { Problem } from '../components/notice.tsx'
import { Page } from '../components/page.tsx'
import { Wait } from '../components/wait.tsx'
import { useText } from '../hooks/text.ts'
import { useAction, vault } from '../hooks/vault.ts'

const finish = async (): Promise<void> => {
  const callback = location.href
  // The code works once: it must not be in the history, nor be tried again on reload.
  history.replaceState(null, '', '/signed-in')
  await vault.finishVisit(callback)
}

export default function SignedIn() {
  const { t } = useText()
  const { run, error } = useAction(finish)
  useEffect(() => void run(), [run])
  return (
    <Page title={t.signIn.title} narrow>
      {error === null ? <Wait>{t.signIn.returning}</Wait> : <ButtonLink to="/sign-in">{t.app.retry}</ButtonLink>}
      <Problem of={error} />
    </Page>
  )
}
