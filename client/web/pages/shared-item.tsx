/** One item of somebody else: only what was granted, with whose it is and until when. */
import { useSearchParams } from 'wouter'
import { kind } from '#vocab'
import { Problem } from '../components/notice.tsx'
import { Empty, Page } from '../components/page.tsx'
import { RecordDetails } from '../components/record.tsx'
import { Wait } from '../components/wait.tsx'
import { useText } from '../hooks/text.ts'
import { useReading, vault } from '../hooks/vault.ts'
import type { GroupId, ViewRow } from '../../core/types.ts'

function Found({ row }: { row: ViewRow }) {
  const { t, pick, moment } = useText()
  const known = kind(row.kind)
  const lines = [
    { label: t.item.kind, text: known ? pick(known.label) : row.kind },
    { label: t.view.whose, text: row.ownerName },
    { label: t.view.until, text: moment(row.until) },
  ]
  return (
    <Page title={row.label}>
      <RecordDetails
        kindName={row.kind}
        value={row.value}
        label={row.label}
        load={ref => vault.viewBlob(row, ref)}
        play={ref => vault.viewMedia(row, ref)}
        linked={false}
        lines={lines}
      />
    </Page>
  )
}

export default function SharedItem() {
  const { t, language } = useText()
  const [params] = useSearchParams()
  const [of, id] = [params.get('of') ?? '', params.get('id')]
  const view = useReading(`view ${of} ${language}`, () => vault.view(of as GroupId, language))
  const row = view.value?.rows.find(one => one.id === id)
  if (row) return <Found row={row} />
  if (view.error) return <Problem of={view.error} />
  return view.value ? <Empty>{t.view.none}</Empty> : <Wait>{t.app.loading}</Wait>
}
