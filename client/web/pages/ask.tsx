/** For stewards: what the circle asks of its members, filled in and published. */
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { children, euGdpr, legalBases, purposes, reachesSensitive, type Localised } from '#vocab'
import { Button } from '../components/button.tsx'
import { Check, Group } from '../components/choice.tsx'
import { Select, TextArea, TextField } from '../components/field.tsx'
import { Form } from '../components/form.tsx'
import { Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { circleAddress } from '../hooks/addresses.ts'
import { useText } from '../hooks/text.ts'
import { useAction, vault } from '../hooks/vault.ts'
import { facetLabel } from '../../core/offers/in-words.ts'
import type { GroupId } from '../../core/types.ts'
import ui from '../components/ui.module.css'

const DAYS = [30, 90, 365, 730]
const empty = { titleFr: '', titleEn: '', termsFr: '', termsEn: '', who: '', contact: '' }
type Words = typeof empty

function Texts({ words, onChange }: { words: Words; onChange: (words: Words) => void }) {
  const { t } = useText()
  const field = (name: keyof Words) => ({
    label: t.offers.form[name],
    value: words[name],
    onChange: (value: string) => onChange({ ...words, [name]: value }),
  })
  return (
    <Card>
      <TextField {...field('titleFr')} />
      <TextField {...field('titleEn')} />
      <TextArea {...field('termsFr')} />
      <TextArea {...field('termsEn')} />
      <TextField {...field('who')} />
      <TextField {...field('contact')} hint={t.offers.form.contactHint} />
    </Card>
  )
}

function Facets({ chosen, onChange }: { chosen: readonly string[]; onChange: (facets: string[]) => void }) {
  const { t, pick, language } = useText()
  const change = (path: string, on: boolean): void =>
    onChange(on ? [...chosen, path] : chosen.filter(other => other !== path))
  return (
    <Card>
      <Group legend={<h2>{t.offers.form.facets}</h2>} hint={t.offers.form.facetsHint}>
        {children('').map(({ path, label }) => (
          <details key={path}>
            <summary>{pick(label)}</summary>
            {children(path).map(part => (
              <Check
                key={part.path}
                label={facetLabel(part.path, language)}
                {...(reachesSensitive(part.path) && { hint: t.offers.sensitive })}
                checked={chosen.includes(part.path)}
                onChange={on => change(part.path, on)}
              />
            ))}
          </details>
        ))}
      </Group>
    </Card>
  )
}

interface Rest {
  purpose: string
  legalBasis: string
  days: string
  compensation: boolean
}

function Conditions({ rest, onChange }: { rest: Rest; onChange: (rest: Rest) => void }) {
  const { t, pick } = useText()
  const listed = (all: readonly { iri: string; label: Localised }[]) =>
    all.map(({ iri, label }) => ({ value: iri, label: pick(label) }))
  const { form } = t.offers
  return (
    <Card>
      <Select
        label={form.purpose}
        value={rest.purpose}
        options={listed(purposes)}
        onChange={purpose => onChange({ ...rest, purpose })}
      />
      <Select
        label={form.basis}
        value={rest.legalBasis}
        options={listed(legalBases)}
        onChange={legalBasis => onChange({ ...rest, legalBasis })}
      />
      <Select
        label={form.days}
        value={rest.days}
        options={DAYS.map(days => ({ value: `${days}`, label: form.day(days) }))}
        onChange={days => onChange({ ...rest, days })}
      />
      <Check
        label={form.paid}
        hint={form.paidHint}
        checked={rest.compensation}
        onChange={compensation => onChange({ ...rest, compensation })}
      />
    </Card>
  )
}

export default function Ask() {
  const { t } = useText()
  const [params] = useSearchParams()
  const [, go] = useLocation()
  const group = (params.get('of') ?? '') as GroupId
  const [words, setWords] = useState(empty)
  const [facets, setFacets] = useState<string[]>([])
  const [rest, setRest] = useState<Rest>({
    purpose: purposes[0]!.iri,
    legalBasis: euGdpr['A9-2-a'],
    days: '365',
    compensation: false,
  })
  const action = useAction(async () => {
    const { titleFr, titleEn, termsFr, termsEn, who: name, contact } = words
    const { days, ...conditions } = rest
    const said = { title: { fr: titleFr, en: titleEn }, terms: { fr: termsFr, en: termsEn } }
    const what = { facets, controller: { name, contact }, end: { days: Number(days) }, deidentified: false }
    await vault.publishOffer(group, { ...said, ...what, ...conditions })
    go(circleAddress(group))
  })
  return (
    <Page title={t.offers.newFor} narrow>
      <Form onSubmit={() => void action.run()}>
        <Texts words={words} onChange={setWords} />
        <Facets chosen={facets} onChange={setFacets} />
        <Conditions rest={rest} onChange={setRest} />
        <Problem of={action.error} />
        <div className={ui['buttons']}>
          <Button look="primary" type="submit" disabled={facets.length === 0} busy={action.busy && t.offers.form.going}>
            {t.offers.form.go}
          </Button>
        </div>
      </Form>
    </Page>
  )
}
