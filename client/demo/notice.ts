/**
 * A public notice in the first pod of the demonstration: that its people are made up and that their passwords are known to
 * everybody. It is written last, so that it also says that nothing is left to be done.
 */
import type { Pod } from '#core'
import { acl, foaf } from '#vocab'
import { podName } from '../core/pod-name.ts'
import { doors } from './doors.ts'

const NAME = 'demonstration.txt'

const TEXT = `Démonstration : ces personnes sont inventées et leurs mots de passe sont publics. N’y mettez rien de vrai.
Demonstration: these people are made up and their passwords are public. Keep nothing real here.
`

/** Readable without signing in, so that looking changes nothing. */
export async function isFinished(podUrl: string): Promise<boolean> {
  const response = await fetch(new URL(`${podName(doors[0]!.name)}/${NAME}`, podUrl), { cache: 'no-store' })
  await response.body?.cancel()
  return response.ok
}

const rule = (url: string, who: string, modes: readonly string[]): string =>
  `[] a <${acl.Authorization}>; <${acl.accessTo}> <${url}>; ${who}; <${acl.mode}> ${modes.map(mode => `<${mode}>`).join(', ')}.\n`

export async function publishNotice(pod: Pod): Promise<void> {
  const url = pod.storage + NAME
  const rules =
    rule(url, `<${acl.agent}> <${pod.webId}>`, [acl.Read, acl.Write, acl.Control]) +
    rule(url, `<${acl.agentClass}> <${foaf.Agent}>`, [acl.Read])
  const bytes = new TextEncoder()
  await pod.put(await pod.aclOf(url), bytes.encode(rules), { type: 'text/turtle' })
  await pod.put(url, bytes.encode(TEXT), { type: 'text/plain' })
}
