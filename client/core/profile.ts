/**
 * Profiles, of oneself and of anybody whose WebID one is told. The one place that knows @inrupt/solid-client. It does not fetch
 * them, since it reads answers of any length, nor parse them, since its parser throws past whoever waits for it.
 */
import { fromRdfJsDataset, getStringNoLocale, getThing, getUrlAll } from '@inrupt/solid-client'
import { AlveoleError } from '#crypto'
import { foaf, pim, vcard } from '#vocab'
import { Parser, Store } from 'n3'
import { bytesOf, discard, reading, refuse } from './answer.ts'
import type { Profile } from './pod.ts'

/** Bytes of a profile. */
const LARGEST = 4 * 1024 * 1024
/** What we read of a person. */
const READ: ReadonlySet<string> = new Set([pim.storage, foaf.name, vcard.fn])
/** Statements of these: the library copies all that it has at each, and would take the square of a number that others choose. */
const MOST = 64

/** null where there is none, or none for us. Throws `server` where it is no profile. */
export async function readProfile(fetch: typeof globalThis.fetch, webId: string): Promise<Profile | null> {
  if (!URL.canParse(webId)) throw new AlveoleError('usage', 'not a WebID', { detail: { webId } })
  const document = webId.split('#')[0]!
  const response = await reading(fetch(document, { headers: { accept: 'text/turtle' } }))
  if ([401, 403, 404, 410].includes(response.status)) return discard(response, null)
  await refuse(response)
  return profileIn(response.url || document, webId, await reading(bytesOf(response, LARGEST)))
}

function profileIn(document: string, webId: string, turtle: Uint8Array): Profile | null {
  try {
    const told = new Parser({ baseIRI: document })
      .parse(new TextDecoder().decode(turtle))
      .filter(({ subject, predicate }) => subject.value === webId && READ.has(predicate.value))
    const me = getThing(fromRdfJsDataset(new Store(told.slice(0, MOST))), webId)
    if (!me) return null
    const storage = getUrlAll(me, pim.storage)[0] ?? null
    const name = getStringNoLocale(me, foaf.name) ?? getStringNoLocale(me, vcard.fn)
    return { name, storage: storage && isContainer(storage) ? storage : null }
  } catch (cause) {
    throw new AlveoleError('server', 'a profile that cannot be read', { cause, detail: { webId } })
  }
}

/** Whether what we ask for below it stays below it. */
const isContainer = (url: string): boolean =>
  URL.canParse(url) && /^https?:\/\/[^?#]+\/$/.test(url) && new URL(url).href === url
