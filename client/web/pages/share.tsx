/** Sharing: what, with whom, which parts, until when, what for; then one sentence that says it all. */
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { alv, isSensitive, purposes } from '#vocab'
import { Button } from '../components/button.tsx'
import { Check, Group } from '../components/choice.tsx'
import { Select } from '../components/field.tsx'
import { Form } from '../components/form.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { Parts } from '../components/parts.tsx'
import { Recipient } from '../components/recipient.tsx'
import { Until } from '../components/until.tsx'
import { facetWords } from '../hooks/facet-words.ts'
import { readRecipients, type Person } from '../hooks/recipients.ts'
import { useText } from '../hooks/text.ts'
import { inDays, type Ending } from '../hooks/ending.ts'
import { useAction, useReading, vault } from '../hooks/vault.ts'
import type { CollectionId, CollectionInfo } from '../../core/types.ts'

/** What is granted is a concept of the second level: `health/immunizations`, `photos/where`. */
const partOf = (leaf: string): string => leaf.split('/').slice(0, 2).join('/')

async function partsIn(folders: readonly CollectionId[]): Promise<string[]> {
  const found = await vault.facetsIn([...folders])
  return [...new Set(found.map(({ facet }) => partOf(facet)))].toSorted()
}

/** What was ticked or unticked by hand; the rest follows the rule: all but the sensitive. */
function useParts(folders: readonly CollectionId[]) {
  const parts = useReading(`parts ${folders.join(' ')}`, () => partsIn(folders))
  const [changed, setChanged] = useState<{ [path: string]: boolean }>({})
  const isTicked = (path: string): boolean => changed[path] ?? !isSensitive(path)
  const change = (path: string, on: boolean): void => setChanged(before => ({ ...before, [path]: on }))
  return { offered: parts.value, error: parts.error, isTicked, change, ticked: parts.value?.filter(isTicked) ?? [] }
}

function useFolders() {
  const [params] = useSearchParams()
  const all = useReading('folders', vault.folders)
  const [chosen, setChosen] = useState<readonly string[] | null>(null)
  const asked = params.get('folder')
  const ids = chosen ?? (asked ? [asked] : (all.value?.map(({ id }) => id) ?? []))
  const folders = all.value?.filter(({ id }) => ids.includes(id)) ?? []
  const change = (id: string, on: boolean): void => setChosen(on ? [...ids, id] : ids.filter(other => other !== id))
  return { all: all.value, error: all.error, folders, change }
}

function Folders({
  all,
  chosen,
  onChange,
}: {
  all: readonly CollectionInfo[]
  chosen: readonly CollectionInfo[]
  onChange: (id: string, on: boolean) => void
}) {
  const { t } = useText()
  return (
    <Card>
      <Group legend={<h2>{t.share.what}</h2>} hint={t.share.whatHint}>
        {all.length === 0 && <p>{t.share.noFolder}</p>}
        {all.map(({ id, name }) => (
          <Check
            key={id}
            label={name}
            checked={chosen.some(folder => folder.id === id)}
            onChange={on => onChange(id, on)}
          />
        ))}
      </Group>
    </Card>
  )
}

interface Draft {
  person: Person | null
  facets: readonly string[]
  folders: readonly CollectionInfo[]
  ending: Ending
}

function Summary({ draft: { person, facets, folders, ending } }: { draft: Draft }) {
  const text = useText()
  const { t, moment } = text
  if (person === null || facets.length === 0) return <Notice>{t.share.needs}</Notice>
  const list = new Intl.ListFormat(text.language, { type: 'conjunction' })
  return (
    <Notice>
      <strong>{t.share.summaryTitle}</strong>
      <p>
        {t.share.summary(
          person.name,
          facetWords(facets, text),
          list.format(folders.map(({ name }) => name)),
          moment(ending.at),
        )}
      </p>
    </Notice>
  )
}

export default function Share() {
  const { t, pick } = useText()
  const [params] = useSearchParams()
  const [, go] = useLocation()
  const { all, error, folders, change } = useFolders()
  const parts = useParts(folders.map(({ id }) => id))
  const people = useReading('recipients', readRecipients)
  const [to, setTo] = useState(params.get('circle') ?? '')
  const [ending, setEnding] = useState<Ending>(() => inDays(30))
  const [purpose, setPurpose] = useState<string>(alv.FamilySharing)
  const person = people.value?.find(({ id }) => id === to) ?? (URL.canParse(to) ? { id: to, name: to } : null)
  const draft = { person, facets: parts.ticked, folders, ending }
  const ready = person !== null && parts.ticked.length > 0 && ending.at.getTime() > Date.now()
  const action = useAction(async () => {
    await vault.share({ to, collections: folders.map(({ id }) => id), facets: parts.ticked, until: ending.at, purpose })
    go('/sharing')
  })
  return (
    <Page title={t.share.title} narrow>
      <Problem of={error ?? people.error ?? parts.error} />
      <Form onSubmit={() => void action.run()}>
        {all && <Folders all={all} chosen={folders} onChange={change} />}
        <Recipient people={people.value ?? []} value={to} onChange={setTo} />
        <Parts offered={parts.offered ?? []} isTicked={parts.isTicked} onChange={parts.change} />
        <Until value={ending} onChange={setEnding} />
        <Card>
          <Select
            label={t.share.why}
            value={purpose}
            onChange={setPurpose}
            options={purposes.map(({ iri, label }) => ({ value: iri, label: pick(label) }))}
          />
        </Card>
        <Summary draft={draft} />
        <Problem of={action.error} />
        <Button look="primary" type="submit" disabled={!ready} busy={action.busy && t.share.going}>
          {t.share.go}
        </Button>
      </Form>
    </Page>
  )
}
