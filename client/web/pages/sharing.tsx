/** Accesses: what I share and until when, taking it back, what others share with me. */
import { useState } from 'react'
import { Link } from 'wouter'
import { purposes } from '#vocab'
import { Button, ButtonLink } from '../components/button.tsx'
import { Ask } from '../components/dialog.tsx'
import { Icon } from '../components/icons.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { Wait } from '../components/wait.tsx'
import { sharedAddress } from '../hooks/addresses.ts'
import { facetWords } from '../hooks/facet-words.ts'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, vault } from '../hooks/vault.ts'
import type { GrantInfo } from '../../core/types.ts'
import type { WithMe } from '../worker/api.ts'
import styles from '../components/list.module.css'
import ui from '../components/ui.module.css'

function Removal({ share, onClose }: { share: GrantInfo; onClose: () => void }) {
  const { t } = useText()
  const action = useAction(() => vault.revoke(share.grant))
  return (
    <Ask
      title={t.shares.removeAsk(share.toName)}
      yes={t.shares.remove}
      doing={t.shares.removing}
      action={action}
      onClose={onClose}
    >
      <p>{t.shares.removeWarning}</p>
    </Ask>
  )
}

function Share({ share }: { share: GrantInfo }) {
  const text = useText()
  const { t, moment, pick } = text
  const [removing, setRemoving] = useState(false)
  const { toName, facets, until, ended, purpose, state, enforcedBy } = share
  const why = purposes.find(({ iri }) => iri === purpose)
  const running = state === 'live' || state === 'scheduled' || state === 'giving'
  return (
    <li className={ui['card']} data-state={state}>
      <div className={styles['person']}>
        <span className={ui['cell']}>
          <Icon name="sharing" />
        </span>
        <span className={styles['words']}>
          <span className={styles['name']}>{toName}</span>
          <span className={styles['about']}>{facetWords(facets, text)}</span>
        </span>
        <strong>{t.shares.state[state]}</strong>
        {running && (
          <Button look="danger" label={t.shares.removeFor(toName)} onPress={() => setRemoving(true)}>
            {t.shares.remove}
          </Button>
        )}
      </div>
      <p>{t.shares.until(moment(until))}</p>
      <p className={ui['quiet']}>
        {why && t.shares.purpose(pick(why.label))}
        {running && ` · ${enforcedBy === 'server' ? t.shares.endsByItself : t.shares.endsByMe}`}
      </p>
      {!running && <Notice>{t.shares.keptUntil(moment(ended ?? until))}</Notice>}
      {removing && <Removal share={share} onClose={() => setRemoving(false)} />}
    </li>
  )
}

function Confirmation() {
  const { t } = useText()
  const { run, busy, error } = useAction(vault.confirmShares)
  return (
    <Notice>
      <span>{t.shares.unconfirmed}</span>
      <Button look="primary" busy={busy && t.shares.confirming} onPress={() => void run()}>
        {t.shares.confirm}
      </Button>
      <Problem of={error} />
    </Notice>
  )
}

function ByMe() {
  const { t } = useText()
  const shares = useReading('shares', vault.shares, { live: true })
  const ended = shares.value?.filter(({ state }) => state === 'ended') ?? []
  const running = shares.value?.filter(({ state }) => state !== 'ended')
  return (
    <section className={ui['page']}>
      <h2>{t.shares.byMe}</h2>
      <Problem of={shares.error} />
      {!running && !shares.error && <Wait>{t.app.loading}</Wait>}
      {running?.some(({ confirmed }) => !confirmed) && <Confirmation />}
      {running?.length === 0 && <p>{t.shares.noneByMe}</p>}
      <ul className={styles['rows']}>
        {[...(running ?? []), ...ended].map(share => (
          <Share key={share.grant} share={share} />
        ))}
      </ul>
    </section>
  )
}

function FromSomebody({ given }: { given: WithMe }) {
  const { t } = useText()
  return (
    <li>
      <Link href={sharedAddress(given.owner, given.ownerName)} className={styles['row']}>
        <span className={ui['cell']}>
          <Icon name="person" />
        </span>
        <span className={styles['words']}>
          <span className={styles['name']}>{t.shares.of(given.ownerName)}</span>
        </span>
      </Link>
    </li>
  )
}

function WithMeList() {
  const { t } = useText()
  const given = useReading('with me', vault.sharedWithMe)
  return (
    <Card>
      <h2>{t.shares.withMe}</h2>
      <Problem of={given.error} />
      {given.value?.length === 0 && <p>{t.shares.noneWithMe}</p>}
      <ul className={styles['rows']}>
        {given.value?.map(one => (
          <FromSomebody key={one.grant} given={one} />
        ))}
      </ul>
    </Card>
  )
}

export default function Sharing() {
  const { t } = useText()
  return (
    <Page
      title={t.shares.title}
      actions={
        <ButtonLink look="primary" to="/share">
          {t.shares.new}
        </ButtonLink>
      }
    >
      <ByMe />
      <WithMeList />
    </Page>
  )
}
