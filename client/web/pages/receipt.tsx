/** The receipt of an answer, in both languages on one page, to be printed. */
import { useSearchParams } from 'wouter'
import { Button } from '../components/button.tsx'
import { Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { Wait } from '../components/wait.tsx'
import { useText } from '../hooks/text.ts'
import { useReading, vault } from '../hooks/vault.ts'
import { setIn } from '../locales/fr/spaces.ts'
import { consentWords } from '../../core/offers/in-words.ts'
import type { ConsentInfo } from '../../core/offers/standing.ts'
import type { OfferId } from '../../core/types.ts'
import styles from './receipt.module.css'
import ui from '../components/ui.module.css'

function Sheet({ of }: { of: ConsentInfo }) {
  return (
    <div className={styles['sheet']}>
      {(['fr', 'en'] as const).map(language => {
        const [title, ...lines] = setIn(language, consentWords(of, language))
        return (
          <section key={language} lang={language}>
            <h2>{title}</h2>
            {lines.map((line, at) => (
              <p key={`${at} ${line}`}>{line}</p>
            ))}
          </section>
        )
      })}
    </div>
  )
}

export default function Receipt() {
  const { t } = useText()
  const [params] = useSearchParams()
  const offer = (params.get('of') ?? '') as OfferId
  const receipt = useReading(`receipt ${offer}`, () => vault.receipt(offer))
  return (
    <Page title={t.offers.sheet}>
      <Problem of={receipt.error} />
      {!receipt.value && !receipt.error && <Wait>{t.app.loading}</Wait>}
      {receipt.value && (
        <Card>
          <Sheet of={receipt.value} />
          <div className={`${ui['buttons']} ${styles['screen']}`}>
            <Button look="primary" onPress={() => print()}>
              {t.offers.print}
            </Button>
          </div>
        </Card>
      )}
    </Page>
  )
}
