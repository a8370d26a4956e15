/** One circle: its people, who asks to join, the invitation link, what it asks and what it shares. */
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { Button, ButtonLink } from '../components/button.tsx'
import { Ask } from '../components/dialog.tsx'
import { Icon } from '../components/icons.tsx'
import { Invitation } from '../components/invitation.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Offers } from '../components/offers.tsx'
import { Card, Page } from '../components/page.tsx'
import { Wait } from '../components/wait.tsx'
import { askAddress, personAddress, shareAddress, sharedAddress } from '../hooks/addresses.ts'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, useSession, vault } from '../hooks/vault.ts'
import type { GroupId, GroupInfo, MemberInfo } from '../../core/types.ts'
import styles from '../components/list.module.css'
import ui from '../components/ui.module.css'

function Remove({ group, member, onClose }: { group: GroupId; member: MemberInfo; onClose: () => void }) {
  const { t } = useText()
  const action = useAction(() => vault.removeMember(group, member.webId))
  return (
    <Ask
      title={t.circle.removeAsk(member.name)}
      yes={t.circle.removeYes}
      doing={t.shares.removing}
      action={action}
      onClose={onClose}
    >
      <p>{t.circle.removeWarning}</p>
    </Ask>
  )
}

function Member({ group, member, mayRemove }: { group: GroupId; member: MemberInfo; mayRemove: boolean }) {
  const { t } = useText()
  const session = useSession()
  const me = session.step === 'open' && session.who.webId === member.webId
  const [removing, setRemoving] = useState(false)
  return (
    <li className={styles['person']}>
      <span className={ui['cell']}>
        <Icon name="person" />
      </span>
      <span className={styles['words']}>
        <span className={styles['name']}>{me ? `${member.name} (${t.circle.me})` : member.name}</span>
        <span className={styles['about']}>{t.circle.role[member.role]}</span>
      </span>
      {!me && <ButtonLink to={personAddress(member.webId)}>{t.person.check(member.name)}</ButtonLink>}
      {mayRemove && !me && (
        <Button look="danger" label={t.circle.remove(member.name)} onPress={() => setRemoving(true)}>
          {t.circle.removeYes}
        </Button>
      )}
      {removing && <Remove group={group} member={member} onClose={() => setRemoving(false)} />}
    </li>
  )
}

function Request({ group, member }: { group: GroupId; member: MemberInfo }) {
  const { t } = useText()
  const action = useAction(() => vault.admit(group, member.webId))
  return (
    <li className={styles['person']}>
      <span className={ui['cell']}>
        <Icon name="person" />
      </span>
      <span className={styles['words']}>
        <span className={styles['name']}>{member.name}</span>
        <span className={styles['about']}>{member.webId}</span>
        <Problem of={action.error} />
      </span>
      <Button look="primary" onPress={() => void action.run()} busy={action.busy && t.app.loading}>
        {t.circle.admit(member.name)}
      </Button>
    </li>
  )
}

function Requests({ group }: { group: GroupId }) {
  const { t } = useText()
  const requests = useReading(`requests ${group}`, () => vault.requests(group), { live: true })
  if (!requests.value?.length) return <Problem of={requests.error} />
  return (
    <Card>
      <h2>{t.circle.requests}</h2>
      <p className={ui['quiet']}>{t.circle.requestHint}</p>
      <ul className={styles['rows']}>
        {requests.value.map(member => (
          <Request key={member.webId} group={group} member={member} />
        ))}
      </ul>
    </Card>
  )
}

function Members({ circle }: { circle: GroupInfo }) {
  const { t } = useText()
  const members = useReading(`members ${circle.group}`, () => vault.members(circle.group), { live: true })
  const inside = members.value?.filter(({ state }) => state === 'member')
  return (
    <Card>
      <h2>{t.circle.members}</h2>
      <Problem of={members.error} />
      {!inside && !members.error && <Wait>{t.app.loading}</Wait>}
      <ul className={styles['rows']}>
        {inside?.map(member => (
          <Member key={member.webId} group={circle.group} member={member} mayRemove={circle.role === 'steward'} />
        ))}
      </ul>
    </Card>
  )
}

function Inside({ circle }: { circle: GroupInfo }) {
  const { t } = useText()
  const { group, name, role } = circle
  const steward = role === 'steward'
  return (
    <>
      <div className={ui['buttons']}>
        <ButtonLink look="primary" to={sharedAddress(group, name)}>
          {t.circle.see}
        </ButtonLink>
        <ButtonLink to={shareAddress({ circle: group })}>{t.circle.share}</ButtonLink>
        {steward && <ButtonLink to={askAddress(group)}>{t.offers.newFor}</ButtonLink>}
      </div>
      {steward && <Requests group={group} />}
      <Offers circle={circle} />
      <div className={styles['columns']}>
        <Members circle={circle} />
        {steward && <Invitation group={group} />}
      </div>
    </>
  )
}

export default function Circle() {
  const { t } = useText()
  const [params] = useSearchParams()
  const group = params.get('of')
  const circles = useReading('circles', vault.circles, { live: true })
  const circle = circles.value?.find(one => one.group === group)
  if (!circle) {
    return circles.value ? (
      <Notice look="bad">{t.circle.missing}</Notice>
    ) : circles.error ? (
      <Problem of={circles.error} />
    ) : (
      <Wait>{t.app.loading}</Wait>
    )
  }
  return (
    <Page title={circle.name || t.circles.unnamed}>
      {circle.state === 'pending' && <Notice look="good">{t.circle.pending}</Notice>}
      {circle.state === 'removed' && <Notice>{t.circle.removed}</Notice>}
      {circle.state === 'member' && <Inside circle={circle} />}
    </Page>
  )
}
