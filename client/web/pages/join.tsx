/** Where an invitation link leads. What stands behind its `#` never reaches a server. */
import { useEffect, useState } from 'react'
import { Button, ButtonLink } from '../components/button.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { circleAddress } from '../hooks/addresses.ts'
import { forgetInvitation, waitingInvitation } from '../hooks/invitation.ts'
import { useText } from '../hooks/text.ts'
import { useAction, vault } from '../hooks/vault.ts'
import type { GroupInfo } from '../../core/types.ts'

export default function Join() {
  const { t } = useText()
  const [link] = useState(() => (location.hash ? location.href : waitingInvitation()))
  const [joined, setJoined] = useState<GroupInfo | null>(null)
  // It has been read: it must neither stay in the address nor open this page again.
  useEffect(() => {
    forgetInvitation()
    history.replaceState(null, '', '/join')
  }, [])
  const action = useAction(async () => setJoined(await vault.join(link ?? '')))
  return (
    <Page title={t.join.title} narrow>
      <Card>
        {joined ? (
          <>
            <Notice look="good">{t.join.done}</Notice>
            <div>
              <ButtonLink look="primary" to={circleAddress(joined.group)}>
                {t.join.see}
              </ButtonLink>
            </div>
          </>
        ) : link ? (
          <>
            <p>{t.join.intro}</p>
            <Problem of={action.error} />
            <div>
              <Button look="primary" onPress={() => void action.run()} busy={action.busy && t.app.loading}>
                {t.join.ask}
              </Button>
            </div>
          </>
        ) : (
          <p>{t.join.noLink}</p>
        )}
      </Card>
    </Page>
  )
}
