/** Finds the identity provider: by its address, or by the WebID of somebody who uses it (Solid-OIDC §5.1). */
import { Parser } from 'n3'
import * as oauth from 'oauth4webapi'
import { solid } from '#vocab'
import { AlveoleError } from '../../../crypto/errors.ts'
import { onlyLoopbackInsecure } from './token.ts'

export async function discover(issuer: string): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer)
  const response = await oauth.discoveryRequest(url, onlyLoopbackInsecure(url))
  return oauth.processDiscoveryResponse(url, response)
}

async function issuerOf(webId: string): Promise<string | null> {
  const response = await fetch(webId, { headers: { accept: 'text/turtle' } })
  if (!response.ok) return null
  const document = await response.text()
  const statements = new Parser({ baseIRI: webId }).parse(document)
  const named = statements.find(
    ({ subject, predicate }) => subject.value === webId && predicate.value === solid.oidcIssuer,
  )
  return named?.object.value ?? null
}

const addressOf = (text: string): URL => {
  const typed = text.trim()
  try {
    return new URL(/^https?:\/\//.test(typed) ? typed : `https://${typed}`)
  } catch (cause) {
    throw new AlveoleError('usage', 'Not an address', { cause })
  }
}

/** An address with a fragment is tried as a WebID first, any other as a provider first. */
export async function findProvider(text: string): Promise<oauth.AuthorizationServer> {
  const address = addressOf(text)
  const asProvider = (): Promise<oauth.AuthorizationServer> => discover(address.origin + address.pathname)
  const asPerson = async (): Promise<oauth.AuthorizationServer> => {
    const issuer = await issuerOf(address.href)
    if (issuer === null) throw new AlveoleError('unknown-person', 'No identity provider in the profile')
    return discover(issuer)
  }
  const [first, second] = address.hash ? [asPerson, asProvider] : [asProvider, asPerson]
  return first().catch(async (cause: unknown) =>
    second().catch(() => {
      throw cause instanceof AlveoleError ? cause : new AlveoleError('offline', 'No identity provider found', { cause })
    }),
  )
}
