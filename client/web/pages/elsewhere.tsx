/** The vault is open in another tab. */
import { Button } from '../components/button.tsx'
import { Problem } from '../components/notice.tsx'
import { Card, Page } from '../components/page.tsx'
import { useText } from '../hooks/text.ts'
import { useAction, vault } from '../hooks/vault.ts'

export default function Elsewhere() {
  const { t } = useText()
  const action = useAction(vault.takeOver)
  return (
    <Page title={t.elsewhere.title} narrow>
      <Card>
        <p>{t.elsewhere.intro}</p>
        <Problem of={action.error} />
        <Button look="primary" onPress={() => void action.run()} busy={action.busy && t.app.loading}>
          {t.elsewhere.here}
        </Button>
      </Card>
    </Page>
  )
}
