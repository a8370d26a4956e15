/**
 * Who may do what in the storage that a vault leaves. For the last look it can be read and not written, so that no other device
 * commits what would be left behind; afterwards it is shut, bytes and all, to everybody but its owner's right to change that.
 * A reader who was to be cut off at the new place must not find the same at the old one.
 */
import { ownerRule, writeAcl, type Mode, type Rule } from '../acl.ts'
import type { AccountState } from '../account-state.ts'
import { collectionRules } from '../collection-rules.ts'
import type { Context } from '../context.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import { inParallel } from '../parallel.ts'
import { collectionUrl, identityUrl, inboxUrl, vaultRoot } from '../paths.ts'
import type { Pod } from '../pod.ts'
import { everyCollection } from '../selections/entries.ts'

const EVERYBODY: Rule = { public: 'all', modes: ['Read'], on: ['self'] }
const SENDERS: Rule = { public: 'authenticated', modes: ['Append'], on: ['self'] }

async function setRules(pod: Pod, url: string, rules: readonly Rule[]): Promise<void> {
  await pod.put(await pod.aclOf(url), writeAcl(url, rules), { type: 'text/turtle' })
}

/** The folder before anything is in it. */
export const prepareFolder = async (to: Pod): Promise<void> => {
  await setRules(to, vaultRoot(to.storage), [ownerRule(to.webId)])
  await setRules(to, inboxUrl(to.storage), [ownerRule(to.webId), SENDERS])
}

type Folders = Pick<AccountState, 'collections' | 'selections'>

/** `modes`: what its owner may, beside giving rights. The identity stays public: who knows only the old place finds who this is. */
export async function shut(pod: Pod, account: Folders, modes: readonly Mode[]): Promise<void> {
  const { storage, webId } = pod
  const owner: Rule = { ...ownerRule(webId), modes: [...modes, 'Control'] }
  const all = [...account.collections, ...account.selections] // those that are being ended too
  const folders = all.map(({ id }) => collectionUrl(storage, id))
  await setRules(pod, identityUrl(storage), [{ ...owner, on: ['self'] }, EVERYBODY])
  await inParallel([...folders, inboxUrl(storage), vaultRoot(storage)], url => setRules(pod, url, [owner]))
}

/** Rules as the account has them, all anew. */
export async function openRules({ pod, account, me, clock }: Context, groups: KnownGroups): Promise<void> {
  const { storage } = pod
  await prepareFolder(pod)
  await setRules(pod, identityUrl(storage), [{ ...ownerRule(me.webId), on: ['self'] }, EVERYBODY])
  await inParallel(everyCollection(account.state), async ({ id }) => {
    const rules = await collectionRules(account.state, me.webId, id, clock(), group => groups.membersIri(group))
    await setRules(pod, collectionUrl(storage, id), rules)
  })
}
