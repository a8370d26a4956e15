/** The vault: folders, kinds, search. What is chosen stands in the address, so that Back works. */
import { useDeferredValue, useState } from 'react'
import { useSearchParams } from 'wouter'
import { kind } from '#vocab'
import { Button, ButtonLink } from '../components/button.tsx'
import { TextField } from '../components/field.tsx'
import { Chips } from '../components/chips.tsx'
import { FILTERS, Filters, type Filter } from '../components/filters.tsx'
import { Form } from '../components/form.tsx'
import { Items } from '../components/items.tsx'
import { Problem } from '../components/notice.tsx'
import { Card, Empty, Page } from '../components/page.tsx'
import { Wait } from '../components/wait.tsx'
import { addAddress, shareAddress } from '../hooks/addresses.ts'
import { useRows } from '../hooks/rows.ts'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, vault } from '../hooks/vault.ts'
import type { CollectionId } from '../../core/types.ts'
import type { Overview, Search } from '../worker/api.ts'
import ui from '../components/ui.module.css'

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

function Kinds({
  kinds,
  value,
  onChange,
}: {
  kinds: Overview['kinds']
  value: string
  onChange: (value: string) => void
}) {
  const { t, pick } = useText()
  const options = kinds.map(({ kind: name, count }) => {
    const known = kind(name)
    return { value: name, label: `${known ? pick(known.plural) : name} (${count})` }
  })
  return (
    <Chips
      label={t.vault.kinds}
      value={value}
      onChange={onChange}
      options={[{ value: '', label: t.vault.allKinds }, ...options]}
    />
  )
}

/** Until all is counted, as many as were fetched. */
function countOf(kinds: Overview['kinds'] | undefined, chosen: string, fetched: number): number {
  if (!kinds) return fetched
  const counted = chosen ? kinds.filter(({ kind }) => kind === chosen) : kinds
  return counted.reduce((sum, { count }) => sum + count, 0)
}

interface FoundProps {
  search: Search
  kindName: string
  onKind: (name: string) => void
}

function Found({ search, kindName, onKind }: FoundProps) {
  const { t, language } = useText()
  const { rows, overview, error, look } = useRows({ ...search, ...(kindName && { kind: kindName }) }, language)
  const total = countOf(overview?.kinds, kindName, rows?.length ?? 0)
  const kinds = kindName ? [kindName] : (overview?.kinds.map(({ kind }) => kind) ?? [])
  const { collection: _, ...narrowed } = search
  return (
    <>
      <Problem of={error} />
      {overview && overview.kinds.length > 0 && <Kinds kinds={overview.kinds} value={kindName} onChange={onKind} />}
      <p className={ui['quiet']} role="status">
        {overview && total > 0 && t.vault.count(total)}
      </p>
      {rows ? <Items rows={rows} total={total} kinds={kinds} onLook={look} /> : !error && <Wait>{t.app.loading}</Wait>}
      {rows && total === 0 && <Empty>{Object.keys(narrowed).length > 0 ? t.vault.notFound : t.vault.nothing}</Empty>}
    </>
  )
}

/** What is not chosen does not stand in the address. */
const present = (chosen: { [name: string]: string | undefined }): { [name: string]: string } =>
  Object.fromEntries(Object.entries(chosen).flatMap(([name, value]) => (value ? [[name, value]] : [])))

export default function Vault() {
  const { t } = useText()
  const [params, setParams] = useSearchParams()
  const [text, setText] = useState('')
  const settled = useDeferredValue(text)
  const folders = useReading('folders', vault.folders)
  const folder = folders.value?.find(({ id }) => id === (params.get('folder') as CollectionId | null))
  const filter: Filter = Object.fromEntries(
    FILTERS.flatMap(name => (params.get(name) ? [[name, params.get(name)]] : [])),
  )
  const search = {
    ...(folder && { collection: folder.id }),
    ...(settled.trim() && { text: settled.trim() }),
    ...filter,
  }
  const put = (chosen: Filter & { kind?: string }): void =>
    setParams({ ...(folder && { folder: folder.id }), ...present({ kind: params.get('kind') ?? '', ...chosen }) })
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
      <Filters folder={folder?.id} filter={filter} onChange={put} />
      <Found search={search} kindName={params.get('kind') ?? ''} onKind={name => put({ ...filter, kind: name })} />
      <div>
        <NewFolder />
      </div>
    </Page>
  )
}
