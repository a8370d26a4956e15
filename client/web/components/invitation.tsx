/** A new invitation link, to copy or to hand to the phone's own sharing. */
import { useState } from 'react'
import { Button } from './button.tsx'
import { Problem } from './notice.tsx'
import { Card } from './page.tsx'
import { useText } from '../hooks/text.ts'
import { useAction, vault } from '../hooks/vault.ts'
import type { GroupId } from '../../core/types.ts'
import styles from './list.module.css'
import ui from './ui.module.css'

function Link({ link }: { link: string }) {
  const { t } = useText()
  const copy = useAction(() => navigator.clipboard.writeText(link))
  const [copied, setCopied] = useState(false)
  const press = async (): Promise<void> => setCopied(await copy.run())
  return (
    <>
      <input
        className={styles['link']}
        readOnly
        value={link}
        aria-label={t.circles.link}
        onFocus={event => event.target.select()}
      />
      <Problem of={copy.error} />
      <div className={ui['buttons']}>
        <Button look="primary" onPress={() => void press()}>
          {t.circle.copy}
        </Button>
        <span role="status">{copied && t.circle.copied}</span>
      </div>
    </>
  )
}

export function Invitation({ group }: { group: GroupId }) {
  const { t } = useText()
  const [link, setLink] = useState<string | null>(null)
  const action = useAction(async () => setLink(await vault.invite(group)))
  return (
    <Card>
      <h2>{t.circle.invite}</h2>
      <p className={ui['quiet']}>{t.circle.inviteHint}</p>
      {link === null ? (
        <div>
          <Button onPress={() => void action.run()} busy={action.busy && t.app.loading}>
            {t.circle.makeLink}
          </Button>
        </div>
      ) : (
        <Link link={link} />
      )}
      <Problem of={action.error} />
    </Card>
  )
}
