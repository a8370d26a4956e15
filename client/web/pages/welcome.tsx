/** The first page: what this is, create or sign in, and the doors of the demonstration where there is one. */
import { useState } from 'react'
import { useLocation } from 'wouter'
import { ButtonLink } from '../components/button.tsx'
import { Icon } from '../components/icons.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { Wait } from '../components/wait.tsx'
import { config, loadDoors, type Door } from '../hooks/config.ts'
import { waitingInvitation } from '../hooks/invitation.ts'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, vault } from '../hooks/vault.ts'
import styles from './welcome.module.css'
import ui from '../components/ui.module.css'

/** Signing in, unlocking and confirming the shares found there in one: only for people who are made up. */
async function enter(door: Door): Promise<void> {
  await vault.signIn(door.email, door.password)
  await vault.unlock(door.unlock, true)
  await vault.confirmShares()
}

function DoorButton({ door, busy, onPress }: { door: Door; busy: boolean; onPress: () => void }) {
  const { t, pick } = useText()
  return (
    <li>
      <button type="button" className={styles['door']} onClick={onPress} disabled={busy}>
        <span className={`${ui['cell']} ${styles['portrait']}`}>
          <Icon name="person" />
        </span>
        <span className={styles['doorName']}>{t.welcome.enterAs(door.name)}</span>
        <span className={styles['doorRole']}>{pick(door.role)}</span>
      </button>
    </li>
  )
}

function Doors() {
  const { t } = useText()
  const [, go] = useLocation()
  const doors = useReading('doors', loadDoors)
  const [chosen, setChosen] = useState<Door | null>(null)
  const action = useAction(enter)
  const open = async (door: Door): Promise<void> => {
    setChosen(door)
    if (await action.run(door)) go('/')
  }
  return (
    <Card>
      <h2>{t.welcome.doors}</h2>
      <p className={ui['quiet']}>{t.welcome.doorsHint}</p>
      <ul className={styles['doors']}>
        {doors.value?.map(door => (
          <DoorButton key={door.id} door={door} busy={action.busy} onPress={() => void open(door)} />
        ))}
      </ul>
      {action.busy && chosen && <Wait>{t.welcome.entering(chosen.name)}</Wait>}
      <Problem of={action.error ?? doors.error} />
    </Card>
  )
}

function Steps() {
  const { t } = useText()
  return (
    <Card>
      <h2>{t.welcome.steps}</h2>
      <ol className={styles['steps']}>
        {[t.welcome.step1, t.welcome.step2, t.welcome.step3].map((text, at) => (
          <li key={text} className={styles['step']}>
            <span className={`${ui['cell']} ${styles['number']}`} aria-hidden="true">
              {at + 1}
            </span>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </Card>
  )
}

export default function Welcome() {
  const { t } = useText()
  const demo = config.use()?.demo ?? false
  return (
    <Page title={t.welcome.title}>
      <div className={styles['hero']}>
        <p className={styles['lead']}>{t.welcome.intro}</p>
        {waitingInvitation() && <Notice look="good">{t.welcome.invited}</Notice>}
        <div className={ui['buttons']}>
          <ButtonLink look="primary" to="/create">
            {t.welcome.create}
          </ButtonLink>
          <ButtonLink to="/sign-in">{t.welcome.signIn}</ButtonLink>
        </div>
      </div>
      {demo && <Doors />}
      <Steps />
    </Page>
  )
}
