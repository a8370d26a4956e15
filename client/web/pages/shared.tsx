/** What a circle, or one person, shares: every row says whose it is and until when. */
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { kind } from '#vocab'
import { KindIcon } from '../components/kind-icon.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Button } from '../components/button.tsx'
import { Empty, Page } from '../components/page.tsx'
import { Wait } from '../components/wait.tsx'
import { sharedItemAddress } from '../hooks/addresses.ts'
import { useText } from '../hooks/text.ts'
import { useReading, useSession, vault } from '../hooks/vault.ts'
import { AlveoleError, isCode } from '../../../crypto/errors.ts'
import type { ErrorCode } from '../../../crypto/errors.ts'
import type { GroupId, SharedView, ViewRow } from '../../core/types.ts'
import styles from '../components/list.module.css'
import ui from '../components/ui.module.css'

const STEP = 100

function Row({ row, of }: { row: ViewRow; of: string }) {
  const { t, date, shortMoment } = useText()
  const session = useSession()
  const mine = session.step === 'open' && session.who.webId === row.owner
  return (
    <tr>
      <td>
        <Link href={sharedItemAddress(of, row.id)}>{row.label}</Link>
      </td>
      <td data-label={t.view.when}>{row.date ? date(row.date) : t.vault.undated}</td>
      <td data-label={t.view.whose}>{mine ? `${row.ownerName} (${t.view.mine})` : row.ownerName}</td>
      <td data-label={t.view.until}>{shortMoment(row.until)}</td>
    </tr>
  )
}

function Table({ name, rows, of }: { name: string; rows: readonly ViewRow[]; of: string }) {
  const { t, pick } = useText()
  const known = kind(name)
  const [limit, setLimit] = useState(STEP)
  const title = `${known ? pick(known.plural) : name} (${rows.length})`
  return (
    <section className={ui['card']} aria-label={title}>
      <h2 className={styles['person']}>
        <KindIcon name={name} />
        {title}
      </h2>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t.view.what}</th>
            <th scope="col">{t.view.when}</th>
            <th scope="col">{t.view.whose}</th>
            <th scope="col">{t.view.until}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, limit).map(row => (
            <Row key={`${row.grant} ${row.id}`} row={row} of={of} />
          ))}
        </tbody>
      </table>
      {rows.length > limit && (
        <div>
          <Button onPress={() => setLimit(limit + STEP)}>{t.vault.more(limit, rows.length)}</Button>
        </div>
      )}
    </section>
  )
}

function Tables({ view, of }: { view: SharedView; of: string }) {
  const { t, error } = useText()
  const byDate = view.rows.toSorted((a, b) => (b.date ?? '').localeCompare(a.date ?? ''))
  return (
    <>
      {view.problems.map(({ owner, code }) => (
        <Notice key={`${owner} ${code}`} look="bad">
          {t.view.problem(owner, error(new AlveoleError(code as ErrorCode)))}
        </Notice>
      ))}
      <p className={ui['quiet']}>{t.view.own}</p>
      {view.rows.length === 0 && <Empty>{t.view.none}</Empty>}
      {[...Map.groupBy(byDate, row => row.kind)].map(([name, rows]) => (
        <Table key={name} name={name} rows={rows} of={of} />
      ))}
    </>
  )
}

export default function Shared() {
  const { t, language } = useText()
  const [params] = useSearchParams()
  const of = params.get('of') ?? ''
  const view = useReading(`view ${of} ${language}`, () => vault.view(of as GroupId, language), { live: true })
  const gone = isCode(view.error, 'not-granted')
  return (
    <Page title={t.view.title(params.get('name') ?? '')}>
      {gone ? <Notice>{t.view.removed}</Notice> : <Problem of={view.error} />}
      {!gone && view.value && <Tables view={view.value} of={of} />}
      {!view.value && !view.error && <Wait>{t.app.loading}</Wait>}
    </Page>
  )
}
