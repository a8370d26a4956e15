/** What is asked before a share changes: taking it back, another end, all of them stopped. */
import { useState } from 'react'
import { Ask } from './dialog.tsx'
import { Until } from './until.tsx'
import { inDays } from '../hooks/ending.ts'
import { useText } from '../hooks/text.ts'
import { useAction, vault } from '../hooks/vault.ts'
import type { GrantInfo } from '../../core/types.ts'
import { AlveoleError } from '../../../crypto/errors.ts'

interface OfOne {
  share: GrantInfo
  onClose: () => void
}

export function Removal({ share, onClose }: OfOne) {
  const { t } = useText()
  const action = useAction(() => vault.revoke(share.grant))
  return (
    <Ask
      title={t.shares.removeAsk(share.toName)}
      yes={t.shares.remove}
      doing={t.shares.removing}
      action={action}
      onClose={onClose}
    >
      <p>{t.shares.removeWarning}</p>
    </Ask>
  )
}

export function Extension({ share, onClose }: OfOne) {
  const { t, moment } = useText()
  const [until, setUntil] = useState(inDays(30))
  const action = useAction(() => vault.extend(share.grant, until.at))
  return (
    <Ask
      title={t.shares.extendAsk(share.toName)}
      yes={t.shares.extendYes}
      look="primary"
      doing={t.shares.extending}
      action={action}
      onClose={onClose}
    >
      <p>{t.shares.extendNow(moment(share.until))}</p>
      <Until value={until} onChange={setUntil} />
    </Ask>
  )
}

/** What stands in the way in one folder is told; the list behind says of each how far it has come. */
async function stopAll(): Promise<void> {
  const { problems } = await vault.stopEverything()
  if (problems[0]) throw new AlveoleError(problems[0].code)
}

export function Stop({ count, onClose }: { count: number; onClose: () => void }) {
  const { t } = useText()
  const action = useAction(stopAll)
  return (
    <Ask title={t.shares.stopAsk} yes={t.shares.stop} doing={t.shares.stopping} action={action} onClose={onClose}>
      <p>{t.shares.stopWarning(count)}</p>
      <p>{t.shares.stopKept}</p>
    </Ask>
  )
}
