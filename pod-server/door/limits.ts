/** What one server takes from one client. 0: as much as it sends. */
export type Limits = {
  /** Of a request's body, in bytes. */
  body: number
  /** Requests of one address in a minute; as many may come at once. */
  rate: number
  /** Whether a proxy of ours stands before, whose word on who asks and for what address counts. */
  isProxied: boolean
}
