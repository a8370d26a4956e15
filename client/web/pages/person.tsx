/** One person: twelve words to compare aloud, so that nobody stands in between. */
import { useSearchParams } from 'wouter'
import { Button } from '../components/button.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { Wait } from '../components/wait.tsx'
import { useText } from '../hooks/text.ts'
import { useAction, useReading, vault } from '../hooks/vault.ts'
import type { PersonCheck } from '../../core/types.ts'
import styles from './kit.module.css'
import ui from '../components/ui.module.css'

const OTHER = { en: 'fr', fr: 'en' } as const

function Words({ person }: { person: PersonCheck }) {
  const { t, language } = useText()
  const { webId, words, state } = person
  const accept = useAction(state === 'changed' ? vault.reconfirmPerson : vault.confirmPerson)
  return (
    <Card>
      <h2>{t.person.words}</h2>
      <p>{t.person.how(person.name)}</p>
      <ol className={styles['words']}>
        {words[language].map((word, at) => (
          <li key={`${at} ${word}`} className={styles['word']}>
            <span className={styles['at']}>{at + 1}</span>
            <span data-word>
              {word} <span className={ui['quiet']}>({words[OTHER[language]][at]})</span>
            </span>
          </li>
        ))}
      </ol>
      <p className={ui['quiet']}>{t.person.differ}</p>
      <Problem of={accept.error} />
      <div>
        <Button
          look="primary"
          onPress={() => void accept.run(webId, words[language].join(' '))}
          busy={accept.busy && t.app.loading}
        >
          {t.person.match}
        </Button>
      </div>
    </Card>
  )
}

export default function Person() {
  const { t } = useText()
  const [params] = useSearchParams()
  const of = params.get('of') ?? ''
  const person = useReading(`person ${of}`, () => vault.check(of))
  if (!person.value) return person.error ? <Problem of={person.error} /> : <Wait>{t.app.loading}</Wait>
  const { name, state } = person.value
  return (
    <Page title={name} narrow>
      <Notice look={state === 'changed' ? 'bad' : state === 'confirmed' ? 'good' : undefined}>
        {t.person.state[state]}
      </Notice>
      <Words person={person.value} />
    </Page>
  )
}
