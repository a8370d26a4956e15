/** My circles; create one; join one with a link. */
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { Button } from '../components/button.tsx'
import { TextField } from '../components/field.tsx'
import { Form } from '../components/form.tsx'
import { Icon } from '../components/icons.tsx'
import { Problem } from '../components/notice.tsx'
import { Card, Empty, Page } from '../components/page.tsx'
import { Wait } from '../components/wait.tsx'
import { circleAddress } from '../hooks/addresses.ts'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, vault } from '../hooks/vault.ts'
import type { GroupInfo } from '../../core/types.ts'
import styles from '../components/list.module.css'
import ui from '../components/ui.module.css'

function Row({ circle }: { circle: GroupInfo }) {
  const { t } = useText()
  const { group, name, members, role, state } = circle
  const about = state === 'member' ? `${t.circles.people(members)} · ${t.circles.role[role]}` : t.circles.state[state]
  return (
    <li>
      <Link href={circleAddress(group)} className={styles['row']}>
        <span className={ui['cell']}>
          <Icon name="circles" />
        </span>
        <span className={styles['words']}>
          <span className={styles['name']}>{name || t.circles.unnamed}</span>
          <span className={styles['about']}>{about}</span>
        </span>
      </Link>
    </li>
  )
}

function Found() {
  const { t } = useText()
  const [, go] = useLocation()
  const [name, setName] = useState('')
  const action = useAction(async () => go(circleAddress((await vault.foundCircle(name.trim())).group)))
  return (
    <Card>
      <h2>{t.circles.found}</h2>
      <Form onSubmit={() => void action.run()}>
        <TextField label={t.circles.name} hint={t.circles.nameHint} value={name} onChange={setName} />
        <Problem of={action.error} />
        <Button look="primary" type="submit" busy={action.busy && t.app.loading}>
          {t.circles.create}
        </Button>
      </Form>
    </Card>
  )
}

function JoinByLink() {
  const { t } = useText()
  const [, go] = useLocation()
  const [link, setLink] = useState('')
  const action = useAction(async () => go(circleAddress((await vault.join(link.trim())).group)))
  return (
    <Card>
      <h2>{t.circles.join}</h2>
      <Form onSubmit={() => void action.run()}>
        <TextField label={t.circles.link} hint={t.circles.joinHint} value={link} onChange={setLink} />
        <Problem of={action.error} />
        <Button type="submit" busy={action.busy && t.app.loading}>
          {t.circles.ask}
        </Button>
      </Form>
    </Card>
  )
}

export default function Circles() {
  const { t } = useText()
  const circles = useReading('circles', vault.circles, { live: true })
  return (
    <Page title={t.circles.title}>
      <p>{t.circles.intro}</p>
      <Problem of={circles.error} />
      {circles.value === undefined && !circles.error && <Wait>{t.app.loading}</Wait>}
      {circles.value?.length === 0 && <Empty>{t.circles.none}</Empty>}
      <ul className={styles['rows']}>
        {circles.value?.map(circle => (
          <Row key={circle.group} circle={circle} />
        ))}
      </ul>
      <div className={styles['columns']}>
        <Found />
        <JoinByLink />
      </div>
    </Page>
  )
}
