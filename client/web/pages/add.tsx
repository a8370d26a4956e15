/** Adding files, by drop or picker, and the tray that says where each one is. */
import { useRef, useState, type DragEvent } from 'react'
import { Link, useSearchParams } from 'wouter'
import { Button } from '../components/button.tsx'
import { Select, TextField } from '../components/field.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { Icon } from '../components/icons.tsx'
import { TrayEntry } from '../components/tray-entry.tsx'
import { addFiles, clearStored, tray } from '../hooks/tray.ts'
import { useText } from '../hooks/text.ts'
import { useReading, vault } from '../hooks/vault.ts'
import styles from '../components/list.module.css'
import ui from '../components/ui.module.css'

const NEW = ' new'

function useFolder() {
  const { t } = useText()
  const [params] = useSearchParams()
  const folders = useReading('folders', vault.folders)
  const [chosen, setChosen] = useState(params.get('folder'))
  const [fresh, setFresh] = useState('')
  const names = folders.value?.map(({ name }) => name) ?? []
  const value = chosen ?? names[0] ?? t.add.defaultFolder
  const offered = names.includes(value) || value === NEW ? names : [value, ...names]
  const options = [...offered.map(name => ({ value: name, label: name })), { value: NEW, label: t.add.newFolder }]
  const name = value === NEW ? fresh.trim() : value
  return { ready: folders.value !== undefined, error: folders.error, value, setChosen, fresh, setFresh, options, name }
}

function DropZone({ folder }: { folder: string }) {
  const { t } = useText()
  const picker = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    addFiles(event.dataTransfer.files, folder)
  }
  const hover = (event: DragEvent): void => {
    event.preventDefault()
    setOver(true)
  }
  return (
    <div
      className={`${styles['drop']} ${over ? styles['over'] : ''}`}
      onDrop={drop}
      onDragOver={hover}
      onDragLeave={() => setOver(false)}
    >
      <span className={ui['cell']}>
        <Icon name="add" />
      </span>
      <p>
        {t.add.drop}
        <br />
        <span className={ui['quiet']}>{t.add.or}</span>
      </p>
      <Button look="primary" onPress={() => picker.current?.click()} disabled={folder === ''}>
        {t.add.pick}
      </Button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={t.add.pick}
        onChange={event => addFiles(event.target.files ?? [], folder)}
      />
    </div>
  )
}

function Tray() {
  const { t } = useText()
  const entries = tray.use()
  if (entries.length === 0) return null
  return (
    <Card>
      <h2>{t.add.tray}</h2>
      <ul className={styles['rows']}>
        {entries.map(entry => (
          <TrayEntry key={entry.id} entry={entry} />
        ))}
      </ul>
      {entries.some(({ step }) => step === 'stored') && (
        <div className={ui['buttons']}>
          <Link href="/vault">{t.add.see}</Link>
          <Button look="link" onPress={clearStored}>
            {t.add.clear}
          </Button>
        </div>
      )}
    </Card>
  )
}

export default function Add() {
  const { t } = useText()
  const folder = useFolder()
  return (
    <Page title={t.add.title} narrow>
      <Notice>{t.add.intro}</Notice>
      <Problem of={folder.error} />
      <Select label={t.add.into} value={folder.value} options={folder.options} onChange={folder.setChosen} />
      {folder.value === NEW && <TextField label={t.vault.folderName} value={folder.fresh} onChange={folder.setFresh} />}
      {folder.ready && <DropZone folder={folder.name} />}
      <Tray />
    </Page>
  )
}
