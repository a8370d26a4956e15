/** The vault is open in another tab. It opens here by itself once that one is closed. */
import { Button } from '../components/button.tsx'
import { Card, Page } from '../components/page.tsx'
import { useText } from '../hooks/text.ts'
import { takeOver } from '../hooks/worker.ts'

export default function Elsewhere() {
  const { t } = useText()
  return (
    <Page title={t.elsewhere.title} narrow>
      <Card>
        <p>{t.elsewhere.intro}</p>
        <div>
          <Button look="primary" onPress={takeOver}>
            {t.elsewhere.here}
          </Button>
        </div>
      </Card>
    </Page>
  )
}
