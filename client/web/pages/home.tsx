/** Home: what needs attention, what was added lately, and the first useful act. */
import { useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import { ButtonLink } from '../components/button.tsx'
import { ItemRow } from '../components/item-row.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { Wait } from '../components/wait.tsx'
import { waitingInvitation } from '../hooks/invitation.ts'
import { circleAddress } from '../hooks/addresses.ts'
import { useText, type Text } from '../hooks/text.ts'
import { useReading, useSession, vault } from '../hooks/vault.ts'
import type { GroupInfo, MemberInfo } from '../../core/types.ts'
import list from '../components/list.module.css'

const RECENT = 6
const SOON = 3 * 24 * 3600_000

interface Concern {
  text: string
  link: string
  to: string
}

async function requests(): Promise<{ circle: GroupInfo; asking: MemberInfo[] }[]> {
  const mine = (await vault.circles()).filter(({ role, state }) => role === 'steward' && state === 'member')
  return Promise.all(mine.map(async circle => ({ circle, asking: await vault.requests(circle.group) })))
}

async function concerns({ t, moment }: Text, kitTested: string | null): Promise<Concern[]> {
  const [asking, shares] = await Promise.all([requests(), vault.shares()])
  const soon = shares.filter(({ state, until }) => state === 'live' && Date.parse(until) - Date.now() < SOON)
  const waits = shares.some(({ confirmed }) => !confirmed)
  return [
    ...(waits ? [{ text: t.home.unconfirmed, link: t.home.endsLink, to: '/sharing' }] : []),
    ...asking.flatMap(({ circle, asking }) =>
      asking.map(({ name }) => ({
        text: t.home.request(name, circle.name),
        link: t.home.requestLink,
        to: circleAddress(circle.group),
      })),
    ),
    ...soon.map(({ toName, until }) => ({
      text: t.home.ends(toName, moment(until)),
      link: t.home.endsLink,
      to: '/sharing',
    })),
    ...(kitTested ? [] : [{ text: t.home.kit, link: t.home.kitLink, to: '/kit' }]),
  ]
}

function Attention({ kitTested }: { kitTested: string | null }) {
  const text = useText()
  const found = useReading(`concerns ${kitTested} ${text.language}`, () => concerns(text, kitTested), { live: true })
  const { t } = text
  return (
    <Card>
      <h2>{t.home.attention}</h2>
      <Problem of={found.error} />
      {found.value?.length === 0 && <p>{t.home.quiet}</p>}
      {found.value?.map(({ text, link, to }) => (
        <Notice key={text}>
          <span>{text}</span>
          <Link href={to}>{link}</Link>
        </Notice>
      ))}
    </Card>
  )
}

function Recent() {
  const { t, language } = useText()
  const items = useReading(`recent ${language}`, () => vault.recent(RECENT, language))
  if (items.value === undefined) return items.error ? <Problem of={items.error} /> : <Wait>{t.app.loading}</Wait>
  return items.value.length === 0 ? (
    <Card>
      <h2>{t.home.firstTitle}</h2>
      <p>{t.home.first}</p>
      <div>
        <ButtonLink look="primary" to="/add">
          {t.home.firstAdd}
        </ButtonLink>
      </div>
    </Card>
  ) : (
    <Card>
      <h2>{t.home.recent}</h2>
      <ul className={list['rows']}>
        {items.value.map(item => (
          <li key={item.id}>
            <ItemRow item={item} />
          </li>
        ))}
      </ul>
      <Link href="/vault">{t.home.seeAll}</Link>
    </Card>
  )
}

export default function Home() {
  const { t } = useText()
  const session = useSession()
  const [, go] = useLocation()
  useEffect(() => {
    if (waitingInvitation()) go('/join', { replace: true })
  }, [go])
  if (session.step !== 'open') return null
  return (
    <Page title={t.home.title(session.who.name)}>
      <div className={list['columns']}>
        <Recent />
        <Attention kitTested={session.kitTested} />
      </div>
    </Page>
  )
}
