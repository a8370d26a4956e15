/** The rescue kit, shown once: printed or saved, then the vault. */
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { Button } from '../components/button.tsx'
import { Check } from '../components/choice.tsx'
import { Notice } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { saveFile } from '../hooks/save-file.ts'
import { freshKit } from '../hooks/kit.ts'
import { waitingInvitation } from '../hooks/invitation.ts'
import { useText } from '../hooks/text.ts'
import styles from './kit.module.css'
import ui from '../components/ui.module.css'

const stay = (event: BeforeUnloadEvent): void => event.preventDefault()

const sheet = (title: string, words: readonly string[]): Blob =>
  new Blob([[title, '', ...words.map((word, at) => `${at + 1}. ${word}`), ''].join('\n')], { type: 'text/plain' })

export default function Kit({ words, owner }: { words: readonly string[]; owner: string }) {
  const { t } = useText()
  const [, go] = useLocation()
  const [saved, setSaved] = useState(false)
  useEffect(() => {
    addEventListener('beforeunload', stay)
    return () => removeEventListener('beforeunload', stay)
  }, [])
  const done = (): void => {
    freshKit.set(null)
    go(waitingInvitation() ? '/join' : '/')
  }
  return (
    <Page title={t.kit.title} narrow>
      <Card>
        <p className={styles['screen']}>{t.create.step(3, 3)}</p>
        <p>{t.kit.sheet(owner)}</p>
        <p>{t.kit.intro}</p>
        <h2 className={ui['hidden']}>{t.kit.words}</h2>
        <ol className={styles['words']}>
          {words.map((word, at) => (
            <li key={`${at} ${word}`} className={styles['word']}>
              <span className={styles['at']}>{at + 1}</span>
              <span data-word>{word}</span>
            </li>
          ))}
        </ol>
        <Notice>{t.kit.advice}</Notice>
        <div className={`${ui['buttons']} ${styles['screen']}`}>
          <Button onPress={() => print()}>{t.kit.print}</Button>
          <Button onPress={() => saveFile(sheet(t.kit.sheet(owner), words), t.kit.fileName)}>{t.kit.save}</Button>
        </div>
        <div className={`${ui['form']} ${styles['screen']}`}>
          <Check label={t.kit.saved} checked={saved} onChange={setSaved} />
          <Button look="primary" onPress={done} disabled={!saved}>
            {t.kit.done}
          </Button>
        </div>
      </Card>
    </Page>
  )
}
