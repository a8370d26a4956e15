/** One item of one's own vault. */
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { kind } from '#vocab'
import { Button } from '../components/button.tsx'
import { Ask } from '../components/dialog.tsx'
import { Problem } from '../components/notice.tsx'
import { Empty, Page } from '../components/page.tsx'
import { RecordDetails } from '../components/record.tsx'
import { Wait } from '../components/wait.tsx'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, vault } from '../hooks/vault.ts'
import type { VaultRecord } from '../../core/types.ts'

function Remove({ id }: { id: string }) {
  const { t } = useText()
  const [, go] = useLocation()
  const [asking, setAsking] = useState(false)
  const action = useAction(async () => {
    await vault.removeRecord(id)
    go('/vault')
  })
  return (
    <div>
      <Button look="danger" onPress={() => setAsking(true)}>
        {t.item.remove}
      </Button>
      {asking && (
        <Ask
          title={t.item.removeAsk}
          yes={t.item.removeYes}
          doing={t.app.loading}
          action={action}
          onClose={() => setAsking(false)}
        >
          <p>{t.item.removeWarning}</p>
        </Ask>
      )}
    </div>
  )
}

function Found({ record }: { record: VaultRecord }) {
  const { t, pick, language, moment } = useText()
  const folders = useReading('folders', vault.folders)
  const known = kind(record.kind)
  const label = known?.labelOf(record.value, language) ?? record.kind
  const folder = folders.value?.find(({ id }) => id === record.collection)
  const lines = [
    { label: t.item.kind, text: known ? pick(known.label) : record.kind },
    ...(folder ? [{ label: t.item.folder, text: folder.name }] : []),
    { label: t.item.changed, text: moment(new Date(record.modified)) },
    ...(record.pending ? [{ label: t.standing.label, text: t.standing.unsent }] : []),
  ]
  return (
    <Page title={label}>
      <RecordDetails
        kindName={record.kind}
        value={record.value}
        label={label}
        load={ref => vault.blob(ref, record.collection)}
        play={ref => vault.media(ref, record.collection)}
        linked
        lines={lines}
      />
      <Remove id={record.id} />
    </Page>
  )
}

export default function Item() {
  const { t } = useText()
  const { id = '' } = useParams()
  const reading = useReading(`item ${id}`, () => vault.record(id))
  if (reading.value) return <Found key={id} record={reading.value} />
  if (reading.error) return <Problem of={reading.error} />
  return reading.value === null ? <Empty>{t.item.gone}</Empty> : <Wait>{t.app.loading}</Wait>
}
