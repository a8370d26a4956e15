/** Above every page: that the pod does not answer, what waits on this device, and what the pod refuses for good. */
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { useText } from '../hooks/text.ts'
import { useAction, useStanding, vault } from '../hooks/vault.ts'
import type { QueuedChange } from '../../core/types.ts'
import { AlveoleError } from '../../../crypto/errors.ts'
import styles from './shell.module.css'

export function StandingNotice() {
  const { t } = useText()
  const { offline, waiting } = useStanding()
  const refused = waiting.filter(({ problem }) => problem !== null)
  const unsent = waiting.length - refused.length
  return (
    <div className={styles['standing']}>
      {(offline || unsent > 0) && (
        <Notice>
          {offline && <p>{t.standing.offline}</p>}
          {unsent > 0 && <p>{t.standing.waiting(unsent)}</p>}
        </Notice>
      )}
      {refused.map(change => (
        <Refused key={change.id} change={change} />
      ))}
    </div>
  )
}

function Refused({ change }: { change: QueuedChange }) {
  const { t, error, moment } = useText()
  const action = useAction(vault.discardChange)
  if (!change.problem) return null
  return (
    <Notice look="bad">
      <p>{t.standing.refused(moment(new Date(change.at)), error(new AlveoleError(change.problem)))}</p>
      <Button onPress={() => void action.run(change.id)} busy={action.busy && t.app.loading}>
        {t.standing.discard}
      </Button>
    </Notice>
  )
}
