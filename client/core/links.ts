/** The Link header of an answer (RFC 8288), as far as Solid servers write it. */

/** The target of the first link of this relation, as it stands there. */
export function linkOf(response: Response, relation: string): string | null {
  const links = response.headers.get('link') ?? ''
  for (const [, target, parameters] of links.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (parameters!.match(/rel="?([^";,]*)"?/)?.[1] === relation) return target!
  }
  return null
}
