/** What the service worker of media and the vault's worker say to each other, over a port of each request's own. */

/** To the page, which passes it on with the port. */
export interface Asked {
  media: string
  range: string | null
}

/** The first answer: what HTTP has to say, or that there is nothing under this address. */
export type Head = { status: 200 | 206 | 416; headers: { [name: string]: string } } | null

/** From then on: one chunk for each `more`, null at the end, or that it broke off. */
export type Chunk = Uint8Array<ArrayBuffer> | null | 'broken'

/** To the vault's worker. */
export type Wish = 'more' | 'stop'
