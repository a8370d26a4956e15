/** The fire drill: are the words on paper the right ones? */
import { useState } from 'react'
import { Button } from '../components/button.tsx'
import { TextArea } from '../components/field.tsx'
import { Form } from '../components/form.tsx'
import { Notice, Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { useText } from '../hooks/text.ts'
import { useAction, vault } from '../hooks/vault.ts'

export default function TestKit() {
  const { t } = useText()
  const [words, setWords] = useState('')
  const [right, setRight] = useState<boolean | null>(null)
  const action = useAction(async () => setRight(await vault.testKit(words)))
  return (
    <Page title={t.kit.test} narrow>
      <Card>
        <p>{t.kit.testIntro}</p>
        <Form onSubmit={() => void action.run()}>
          <TextArea label={t.kit.testWords} value={words} onChange={setWords} />
          {right !== null && <Notice look={right ? 'good' : 'bad'}>{right ? t.kit.right : t.kit.wrong}</Notice>}
          <Problem of={action.error} />
          <Button look="primary" type="submit" busy={action.busy && t.app.loading}>
            {t.kit.check}
          </Button>
        </Form>
      </Card>
    </Page>
  )
}
