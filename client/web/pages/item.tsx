/** One item of one's own vault. */
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { kind } from '#vocab'
import { Button } from '../components/button.tsx'
import { Ask } from '../components/dialog.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Card, Empty, Page } from '../components/page.tsx'
import { RecordDetails } from '../components/record.tsx'
import { Wait } from '../components/wait.tsx'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, vault, type Action } from '../hooks/vault.ts'
import type { VaultRecord } from '../../core/types.ts'
import ui from '../components/ui.module.css'

/** A button that asks before it does what cannot be undone. */
function Final({
  label,
  words,
  kept,
  action,
}: {
  label: string
  /** What stays all the same. */
  kept: string | null
  words: { ask: string; warning: string; yes: string; doing: string }
  action: Action<[]>
}) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button look="danger" onPress={() => setAsking(true)}>
        {label}
      </Button>
      {asking && (
        <Ask title={words.ask} yes={words.yes} doing={words.doing} action={action} onClose={() => setAsking(false)}>
          <p>{words.warning}</p>
          {kept && <Notice>{kept}</Notice>}
        </Ask>
      )}
    </>
  )
}

function Remove({ id, erase }: { id: string; erase: Action<[]> }) {
  const { t } = useText()
  const [, go] = useLocation()
  const { removeAsk, removeWarning, removeYes, eraseAsk, eraseWarning, eraseYes, erasing } = t.item
  const copies = useReading(`kept in ${id}`, () => vault.keptIn(id)).value
  const kept = copies ? t.item.keptIn(copies) : null
  const remove = useAction(async () => {
    await vault.removeRecord(id)
    go('/vault')
  })
  return (
    <div className={ui['buttons']}>
      <Final
        label={t.item.remove}
        words={{ ask: removeAsk, warning: removeWarning, yes: removeYes, doing: t.app.loading }}
        kept={kept}
        action={remove}
      />
      <Final
        label={t.item.erase}
        words={{ ask: eraseAsk, warning: eraseWarning, yes: eraseYes, doing: erasing }}
        kept={kept}
        action={erase}
      />
    </div>
  )
}

/** From its commit on the item is deleted; what is left of it on the server then goes. */
function Gone({ erase }: { erase: Action<[]> }) {
  const { t } = useText()
  if (erase.busy) return <Wait>{t.item.erasing}</Wait>
  if (!erase.error) return <Empty>{t.item.gone}</Empty>
  return (
    <Card>
      <p>{t.item.eraseLeft}</p>
      <Problem of={erase.error} />
      <div>
        <Button onPress={() => void erase.run()}>{t.item.eraseAgain}</Button>
      </div>
    </Card>
  )
}

function Found({ record, erase }: { record: VaultRecord; erase: Action<[]> }) {
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
      <Remove id={record.id} erase={erase} />
    </Page>
  )
}

export default function Item() {
  const { t } = useText()
  const { id = '' } = useParams()
  const reading = useReading(`item ${id}`, () => vault.record(id))
  const [, go] = useLocation()
  const erase = useAction(async () => {
    await vault.eraseRecord(id)
    go('/vault')
  })
  if (reading.value) return <Found key={id} record={reading.value} erase={erase} />
  if (reading.error) return <Problem of={reading.error} />
  return reading.value === null ? <Gone erase={erase} /> : <Wait>{t.app.loading}</Wait>
}
