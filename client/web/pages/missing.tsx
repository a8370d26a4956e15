/** No such page. */
import { ButtonLink } from '../components/button.tsx'
import { Page } from '../components/page.tsx'
import { useText } from '../hooks/text.ts'

export default function Missing() {
  const { t } = useText()
  return (
    <Page title={t.app.missing} narrow>
      <div>
        <ButtonLink look="primary" to="/">
          {t.app.home}
        </ButtonLink>
      </div>
    </Page>
  )
}
