/** What is kept of a session between two openings of the page. */

/** From an identity provider: a refresh token bound to a key that cannot leave this browser (DPoP, RFC 9449). */
export interface OidcGrant {
  how: 'oidc'
  issuer: string
  clientId: string
  refreshToken: string | null
  keys: CryptoKeyPair
}

/** From this server's account page: client credentials, sealed with this browser's non-extractable key. */
export interface SecretGrant {
  how: 'secret'
  issuer: string
  sealed: Uint8Array<ArrayBuffer>
}

export interface Who {
  webId: string
  name: string
  /** Root of the person's storage. */
  pod: string
}

export interface Saved {
  who: Who
  grant: OidcGrant | SecretGrant
  /** Stays open on this device until locked. */
  kept: boolean
  /** When the rescue kit was tested here, ISO 8601. */
  kitTested: string | null
}

/** A visit to an identity provider that has not come back yet. */
export interface Pending {
  issuer: string
  clientId: string
  verifier: string
  state: string
  keys: CryptoKeyPair
}
