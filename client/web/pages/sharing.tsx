/** Accesses: what I share and until when, taking it back, what others share with me. */
import { useState } from 'react'
import { Link } from 'wouter'
import { purposes } from '#vocab'
import { Button, ButtonLink } from '../components/button.tsx'
import { Icon } from '../components/icons.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { Extension, Removal, Stop } from '../components/share-changes.tsx'
import { Wait } from '../components/wait.tsx'
import { sharedAddress } from '../hooks/addresses.ts'
import { facetWords } from '../hooks/facet-words.ts'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, vault } from '../hooks/vault.ts'
import type { GrantId, GrantInfo } from '../../core/types.ts'
import type { WithMe } from '../worker/api.ts'
import styles from '../components/list.module.css'
import ui from '../components/ui.module.css'

/** What is written next still opens to the former reader: the keys change then, or now. */
function Rotation({ grant }: { grant: GrantId }) {
  const { t } = useText()
  const { run, busy, error } = useAction(() => vault.rotate(grant))
  return (
    <>
      <Button onPress={() => void run()} busy={busy && t.shares.rotating}>
        {t.shares.rotate}
      </Button>
      <Problem of={error} />
    </>
  )
}

function Share({ share }: { share: GrantInfo }) {
  const text = useText()
  const { t, moment, pick } = text
  const [asking, setAsking] = useState<'end' | 'removal' | null>(null)
  const close = (): void => setAsking(null)
  const { toName, facets, until, ended, purpose, state, progress, confirmed, enforcedBy } = share
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
        <strong>{progress ? t.shares.progress[progress] : t.shares.state[state]}</strong>
        {running && confirmed && (
          <Button label={t.shares.extendFor(toName)} onPress={() => setAsking('end')}>
            {t.shares.extend}
          </Button>
        )}
        {running && (
          <Button look="danger" label={t.shares.removeFor(toName)} onPress={() => setAsking('removal')}>
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
      {progress === 'cut' && <Rotation grant={share.grant} />}
      {asking === 'end' && <Extension share={share} onClose={close} />}
      {asking === 'removal' && <Removal share={share} onClose={close} />}
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
  const [stopping, setStopping] = useState(false)
  return (
    <section className={ui['page']}>
      <h2>{t.shares.byMe}</h2>
      <Problem of={shares.error} />
      {!running && !shares.error && <Wait>{t.app.loading}</Wait>}
      {running?.some(({ confirmed }) => !confirmed) && <Confirmation />}
      {running?.length === 0 && <p>{t.shares.noneByMe}</p>}
      {running && running.length > 0 && (
        <div className={ui['buttons']}>
          <Button look="danger" onPress={() => setStopping(true)}>
            {t.shares.stop}
          </Button>
        </div>
      )}
      {stopping && <Stop count={running?.length ?? 0} onClose={() => setStopping(false)} />}
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
