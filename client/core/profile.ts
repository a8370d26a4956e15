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

const LARGEST = 4 * 1024 * 1024

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
    const quads = new Parser({ baseIRI: document }).parse(new TextDecoder().decode(turtle))
    const me = getThing(fromRdfJsDataset(new Store(quads)), webId)
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
