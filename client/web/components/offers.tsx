/** What a circle asks, in everyday words, and the answer: all of it, a part, no, or nothing. */
import { useState } from 'react'
import { children, isSensitive } from '#vocab'
import { Button, ButtonLink } from './button.tsx'
import { Check, Group } from './choice.tsx'
import { Notice, Problem } from './notice.tsx'
import { Card } from './page.tsx'
import { Wait } from './wait.tsx'
import { receiptAddress } from '../hooks/addresses.ts'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, vault } from '../hooks/vault.ts'
import { setIn } from '../locales/fr/spaces.ts'
import { facetLabel, offerWords } from '../../core/offers/in-words.ts'
import type { OfferInfo } from '../../core/offers/standing.ts'
import type { GroupInfo } from '../../core/types.ts'
import styles from './list.module.css'
import ui from './ui.module.css'

/** A whole domain is asked part by part: each is a box of its own. */
const partsOf = (asked: readonly string[]): string[] =>
  asked.flatMap(path => (path.includes('/') ? [path] : children(path).map(child => child.path)))

function Parts({
  of,
  isTicked,
  onChange,
}: {
  of: string[]
  isTicked: Ticked
  onChange: (path: string, on: boolean) => void
}) {
  const { t, language } = useText()
  return (
    <Group legend={<h4>{t.offers.parts}</h4>} hint={t.offers.partsHint}>
      {of.map(path => (
        <Check
          key={path}
          label={facetLabel(path, language)}
          {...(isSensitive(path) && { hint: t.offers.sensitive })}
          checked={isTicked(path)}
          onChange={on => onChange(path, on)}
        />
      ))}
    </Group>
  )
}
type Ticked = (path: string) => boolean

function Answer({ of: { offer, version, terms } }: { of: OfferInfo }) {
  const { t } = useText()
  const [changed, setChanged] = useState<{ [path: string]: boolean }>({})
  const [tell, setTell] = useState(false)
  const parts = partsOf(terms.facets)
  const isTicked: Ticked = path => changed[path] ?? !isSensitive(path)
  const ticked = parts.filter(isTicked)
  const chosen = ticked.length === parts.length ? terms.facets : ticked
  const accept = useAction(() => vault.acceptOffer(offer, version, [...chosen]))
  const refuse = useAction(() => vault.refuseOffer(offer, tell))
  const change = (path: string, on: boolean): void => setChanged(before => ({ ...before, [path]: on }))
  return (
    <>
      <Parts of={parts} isTicked={isTicked} onChange={change} />
      <Check label={t.offers.tell} checked={tell} onChange={setTell} />
      <Problem of={accept.error ?? refuse.error} />
      <div className={ui['buttons']}>
        <Button
          look="primary"
          onPress={() => void accept.run()}
          disabled={ticked.length === 0 || refuse.busy}
          busy={accept.busy && t.offers.accepting}
        >
          {t.offers.accept}
        </Button>
        <Button onPress={() => void refuse.run()} disabled={accept.busy} busy={refuse.busy && t.app.loading}>
          {t.offers.refuse}
        </Button>
      </div>
    </>
  )
}

/** What was given can be taken back as simply. */
function Answered({ of: { offer, consent, given, state } }: { of: OfferInfo }) {
  const { t, language } = useText()
  const withdraw = useAction(() => vault.withdrawConsent(offer))
  return (
    <>
      {given && <p>{given.facets.map(path => facetLabel(path, language)).join(', ')}</p>}
      {given && ASKS.includes(state) && <p>{t.offers.stands}</p>}
      <Problem of={withdraw.error} />
      <div className={ui['buttons']}>
        {given && (
          <Button onPress={() => void withdraw.run()} busy={withdraw.busy && t.offers.withdrawing}>
            {t.offers.withdraw}
          </Button>
        )}
        {consent && <ButtonLink to={receiptAddress(offer)}>{t.offers.receipt}</ButtonLink>}
      </div>
    </>
  )
}

const ASKS: readonly OfferInfo['state'][] = ['open', 'changed', 'refused', 'withdrawn']

/** What was given may have ended before the offer does: then it may be given again. */
const asks = ({ state, terms: { end } }: OfferInfo): boolean =>
  ASKS.includes(state) || (state === 'ended' && ('days' in end || Date.now() < end.until))

function Offer({ of, circle }: { of: OfferInfo; circle: GroupInfo }) {
  const { t, language } = useText()
  const { title, who, sentences, terms, facets } = setIn(language, offerWords(of.terms, language))
  const isGood = of.state === 'accepted' || of.state === 'narrowed'
  const remove = useAction(() => vault.withdrawOffer(circle.group, of.offer))
  return (
    <li className={ui['stack']} data-state={of.state}>
      <h3>{title}</h3>
      <Notice {...(isGood && { look: 'good' })}>{t.offers.state[of.state]}</Notice>
      <p>
        {who} {new Intl.ListFormat(language).format(facets.map(({ label }) => label))}.
      </p>
      <p>{sentences.join(' ')}</p>
      <details>
        <summary>{t.offers.terms}</summary>
        <p className={styles['about']}>{terms}</p>
      </details>
      {of.consent && <Answered of={of} />}
      {circle.role !== 'observer' && asks(of) && <Answer key={of.version} of={of} />}
      <Problem of={remove.error} />
      {circle.role === 'steward' && (
        <div>
          <Button look="danger" onPress={() => void remove.run()} busy={remove.busy && t.app.loading}>
            {t.offers.remove(title)}
          </Button>
        </div>
      )}
    </li>
  )
}

export function Offers({ circle }: { circle: GroupInfo }) {
  const { t } = useText()
  const offers = useReading(`offers ${circle.group}`, () => vault.offers(circle.group), { live: true })
  return (
    <Card>
      <h2>{t.offers.title}</h2>
      <Problem of={offers.error} />
      {!offers.value && !offers.error && <Wait>{t.app.loading}</Wait>}
      {offers.value?.length === 0 && <p className={ui['quiet']}>{t.offers.none}</p>}
      <ul className={styles['rows']}>
        {offers.value?.map(offer => (
          <Offer key={offer.offer} of={offer} circle={circle} />
        ))}
      </ul>
    </Card>
  )
}
