/** The vault: folders, kinds, search. What is chosen stands in the address, so that Back works. */
import { useDeferredValue, useState } from 'react'
import { useSearchParams } from 'wouter'
import { kind } from '#vocab'
import { Button, ButtonLink } from '../components/button.tsx'
import { TextField } from '../components/field.tsx'
import { Form } from '../components/form.tsx'
import { Items } from '../components/items.tsx'
import { Problem } from '../components/notice.tsx'
import { Card, Empty, Page } from '../components/page.tsx'
import { Wait } from '../components/wait.tsx'
import { addAddress, shareAddress } from '../hooks/addresses.ts'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, vault } from '../hooks/vault.ts'
import type { CollectionId, CollectionInfo } from '../../core/types.ts'
import type { Listed } from '../worker/api.ts'
import styles from '../components/list.module.css'
import ui from '../components/ui.module.css'

function Chips({
  label,
  options,
  value,
  onChange,
}: {
  label: string
  options: readonly { value: string; label: string }[]
  value: string
  onChange: (value: string) => void
}) {
  return (
    <div className={styles['chips']} role="group" aria-label={label}>
      {options.map(option => (
        <button
          key={option.value}
          type="button"
          className={styles['chip']}
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}

function NewFolder() {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const action = useAction(vault.createFolder)
  const create = async (): Promise<void> => {
    if (!(await action.run(name.trim()))) return
    setName('')
    setOpen(false)
  }
  if (!open) return <Button onPress={() => setOpen(true)}>{t.vault.newFolder}</Button>
  return (
    <Card>
      <Form onSubmit={() => void create()}>
        <TextField label={t.vault.folderName} value={name} onChange={setName} />
        <Problem of={action.error} />
        <Button look="primary" type="submit" busy={action.busy && t.app.loading}>
          {t.vault.createFolder}
        </Button>
      </Form>
    </Card>
  )
}

/** The kinds that occur, most frequent first. */
const kindsOf = (items: readonly Listed[]): [string, number][] =>
  [...Map.groupBy(items, item => item.kind)]
    .map(([name, all]) => [name, all.length] as [string, number])
    .sort((a, b) => b[1] - a[1])

function Kinds({
  items,
  value,
  onChange,
}: {
  items: readonly Listed[]
  value: string
  onChange: (value: string) => void
}) {
  const { t, pick } = useText()
  const kinds = kindsOf(items).map(([name, count]) => {
    const known = kind(name)
    return { value: name, label: `${known ? pick(known.plural) : name} (${count})` }
  })
  return (
    <Chips
      label={t.vault.kinds}
      value={value}
      onChange={onChange}
      options={[{ value: '', label: t.vault.allKinds }, ...kinds]}
    />
  )
}

function Found({ folder, text }: { folder: CollectionInfo | undefined; text: string }) {
  const { t, language } = useText()
  const [params, setParams] = useSearchParams()
  const chosen = params.get('kind') ?? ''
  const search = { ...(folder && { collection: folder.id }), ...(text && { text }) }
  const found = useReading(JSON.stringify([search, language]), () => vault.list(search, language))
  if (found.value === undefined) return found.error ? <Problem of={found.error} /> : <Wait>{t.app.loading}</Wait>
  const choose = (name: string): void => setParams(before => ({ ...Object.fromEntries(before), kind: name }))
  const items = chosen ? found.value.filter(item => item.kind === chosen) : found.value
  return (
    <>
      {found.value.length > 0 && <Kinds items={found.value} value={chosen} onChange={choose} />}
      <p className={ui['quiet']} role="status">
        {items.length > 0 && t.vault.count(items.length)}
      </p>
      <Items key={`${folder?.id} ${chosen} ${text}`} items={items} />
      {items.length === 0 && <Empty>{text ? t.vault.notFound : t.vault.nothing}</Empty>}
    </>
  )
}

export default function Vault() {
  const { t } = useText()
  const [params, setParams] = useSearchParams()
  const [text, setText] = useState('')
  const settled = useDeferredValue(text)
  const folders = useReading('folders', vault.folders)
  const folder = folders.value?.find(({ id }) => id === (params.get('folder') as CollectionId | null))
  const options = [
    { value: '', label: t.vault.allFolders },
    ...(folders.value ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <Page
      title={folder?.name ?? t.vault.title}
      actions={
        <>
          <ButtonLink look="primary" to={folder ? addAddress(folder.name) : '/add'}>
            {t.vault.addHere}
          </ButtonLink>
          {folder && <ButtonLink to={shareAddress({ folder: folder.id })}>{t.vault.shareFolder}</ButtonLink>}
        </>
      }
    >
      <Chips
        label={t.vault.folders}
        options={options}
        value={folder?.id ?? ''}
        onChange={id => setParams(id ? { folder: id } : {})}
      />
      <TextField label={t.vault.search} type="search" value={text} onChange={setText} />
      <Problem of={folders.error} />
      <Found folder={folder} text={settled.trim()} />
      <div>
        <NewFolder />
      </div>
    </Page>
  )
}
