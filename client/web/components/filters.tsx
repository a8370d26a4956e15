/** What narrows a list down, beside folder, kind and words: what it is about, whom, and when. It stands in the address. */
import { useState } from 'react'
import { facet, isSensitive } from '#vocab'
import { Button } from './button.tsx'
import { Select, TextField, type Option } from './field.tsx'
import { useText, type Text } from '../hooks/text.ts'
import { useReading, vault } from '../hooks/vault.ts'
import type { CollectionId } from '../../core/types.ts'
import type { Search } from '../worker/api.ts'
import styles from './list.module.css'
import ui from './ui.module.css'

export const FILTERS = ['facet', 'person', 'from', 'to'] as const
export type Filter = Pick<Search, (typeof FILTERS)[number]>

/** People that are listed at once. */
const MANY = 100
const PEOPLE = ['Patient', 'Person']

/** The parts that occur, as in sharing: an area, and below it what people have a word for. */
function partsOf(leaves: readonly string[], { pick, t }: Text): Option[] {
  const parts = new Set(leaves.flatMap(leaf => [leaf.split('/')[0]!, leaf.split('/').slice(0, 2).join('/')]))
  const named = [...parts].sort().map(path => {
    const words = pick(facet(path)?.label ?? { fr: path, en: path })
    const label = `${path.includes('/') ? '\u2003' : ''}${words}${isSensitive(path) ? ` (${t.share.sensitive})` : ''}`
    return { value: path, label }
  })
  return [{ value: '', label: t.vault.anyPart }, ...named]
}

function People({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { t, language } = useText()
  const [name, setName] = useState('')
  const read = async () => {
    const page = { offset: 0, limit: MANY }
    const found = await Promise.all(PEOPLE.map(kind => vault.list({ kind, text: name }, page, language)))
    return found.flat().sort((a, b) => a.label.localeCompare(b.label, language))
  }
  const people = useReading(`people ${name} ${language}`, read).value ?? []
  const isMany = name !== '' || people.length >= MANY
  const options = people.map(({ id, label }) => ({ value: id as string, label }))
  return (
    <>
      {isMany && <TextField label={t.vault.personName} type="search" value={name} onChange={setName} />}
      <Select
        label={t.vault.person}
        value={value}
        options={[{ value: '', label: t.vault.anyPerson }, ...options]}
        onChange={onChange}
        {...(people.length >= MANY && { hint: t.vault.manyPeople(people.length) })}
      />
    </>
  )
}

interface Props {
  folder: CollectionId | undefined
  filter: Filter
  onChange: (filter: Filter) => void
}

function Fields({ folder, filter, onChange }: Props) {
  const text = useText()
  const { t } = text
  const set = (name: keyof Filter) => (value: string) => onChange({ ...filter, [name]: value })
  const search = folder ? { collection: folder } : {}
  const occur = useReading(`overview ${folder}`, () => vault.overview(search)).value?.facets ?? []
  return (
    <div className={styles['columns']}>
      <Select label={t.vault.part} value={filter.facet ?? ''} options={partsOf(occur, text)} onChange={set('facet')} />
      <People value={filter.person ?? ''} onChange={set('person')} />
      <TextField label={t.vault.from} type="date" value={filter.from ?? ''} onChange={set('from')} />
      <TextField label={t.vault.to} type="date" value={filter.to ?? ''} onChange={set('to')} />
      {Object.keys(filter).length > 0 && (
        <div>
          <Button onPress={() => onChange({})}>{t.vault.clear}</Button>
        </div>
      )}
    </div>
  )
}

export function Filters(props: Props) {
  const { t } = useText()
  const count = Object.values(props.filter).filter(Boolean).length
  const [open, setOpen] = useState(count > 0)
  return (
    <details className={ui['card']} open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{count > 0 ? `${t.vault.filters} (${count})` : t.vault.filters}</summary>
      {open && <Fields {...props} />}
    </details>
  )
}
