/** Everything out, as one file that needs no Alvéole to be read. */
import { useState } from 'react'
import { isCode } from '../../../crypto/errors.ts'
import { Button } from './button.tsx'
import { Radios } from './choice.tsx'
import { TextField } from './field.tsx'
import { Form } from './form.tsx'
import { Notice, Problem } from './notice.tsx'
import { Card } from './page.tsx'
import { useExport, writesFiles } from '../hooks/export.ts'
import { LEAST_UNLOCK } from '../hooks/passphrase.ts'
import { useText } from '../hooks/text.ts'
import { IN_MEMORY } from '../worker/export-limit.ts'
import ui from './ui.module.css'

export function Export() {
  const { t, bytes } = useText()
  const [sealed, setSealed] = useState(true)
  const [passphrase, setPassphrase] = useState('')
  const everything = useExport()
  const { written, busy, isDone } = everything
  const short = sealed && passphrase !== '' && passphrase.length < LEAST_UNLOCK
  const options = [
    { value: 'age', label: t.export.sealed },
    { value: 'tar', label: t.export.open },
  ]
  return (
    <Card>
      <h2>{t.export.title}</h2>
      <p>{t.export.about}</p>
      {!writesFiles() && <p className={ui['hint']}>{t.export.limit(bytes(IN_MEMORY))}</p>}
      <Form onSubmit={() => void everything.run(sealed ? passphrase : null)}>
        <Radios
          legend={t.export.how}
          value={sealed ? 'age' : 'tar'}
          options={options}
          onChange={how => setSealed(how === 'age')}
        />
        {sealed ? (
          <TextField
            label={t.export.passphrase}
            hint={t.export.passphraseHint(LEAST_UNLOCK)}
            value={passphrase}
            onChange={setPassphrase}
            error={short ? t.export.short(LEAST_UNLOCK) : undefined}
          />
        ) : (
          <Notice>{t.export.warning}</Notice>
        )}
        <div className={ui['buttons']}>
          <Button
            type="submit"
            busy={busy && (written === null ? t.app.loading : t.export.written(bytes(written)))}
            disabled={sealed && passphrase.length < LEAST_UNLOCK}
          >
            {t.export.go}
          </Button>
          {busy && written !== null && <Button onPress={everything.stop}>{t.export.stop}</Button>}
        </div>
      </Form>
      {isCode(everything.error, 'too-large') ? (
        <Notice look="bad">{t.export.limit(bytes(IN_MEMORY))}</Notice>
      ) : (
        <Problem of={everything.error} />
      )}
      {isDone && <Notice look="good">{t.export.done(bytes(written ?? 0))}</Notice>}
    </Card>
  )
}
