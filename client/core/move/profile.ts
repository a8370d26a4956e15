/** Where a person's profile says that their storage is (SPEC F2), and saying so anew. */
import { pim, solid } from '#vocab'
import { checkIri } from '../acl.ts'
import type { Pod } from '../pod.ts'

export async function pointProfile(pod: Pod, from: string, to: string): Promise<void> {
  const triple = (storage: string): string => `<${checkIri(pod.webId)}> <${pim.storage}> <${checkIri(storage)}>.`
  const patch = [
    `<> a <${solid.InsertDeletePatch}>`,
    `<${solid.deletes}> { ${triple(from)} }`,
    `<${solid.inserts}> { ${triple(to)} }`,
  ]
  await pod.patch(pod.webId.split('#')[0]!, `${patch.join('; ')}.`)
}
