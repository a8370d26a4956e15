/**
 * A new pod from our template folder, with values made safe for Turtle. The template engine escapes for HTML, which
 * turns L'Hôte into L&#x27;Hôte and lets a backslash end a literal early; templates use triple braces and these fields.
 */
import type { PodSettings, Resource, ResourceIdentifier } from '@solid/community-server'
import { css } from '../css.ts'

const escapeCharacter = (character: string): string => {
  if ('"\\'.includes(character)) return `\\${character}`
  return character < ' ' ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : character
}

/** Turtle §6.4: STRING_LITERAL_QUOTE. */
export const turtleString = (text: string): string => `"${Array.from(text, escapeCharacter).join('')}"`

/** Turtle §6.4: IRIREF; the URL parser has already escaped what it may not hold, in all parts but the fragment. */
export const turtleIri = (iri: string): string => {
  const { href } = new URL(iri)
  if (/[ <>"{}|^`\\]/.test(href)) throw new css.BadRequestHttpError('Not a usable IRI')
  return `<${href}>`
}

export class PodTemplateGenerator extends css.StaticFolderGenerator {
  override generate(location: ResourceIdentifier, options: PodSettings): AsyncIterable<Resource> {
    const slug = location.path.split('/').at(-2) ?? ''
    return super.generate(location, {
      ...options,
      ownerIri: turtleIri(options.webId),
      ownerName: turtleString(typeof options.name === 'string' && options.name.trim() ? options.name : slug),
      storageIri: turtleIri(options.base.path),
      inboxIri: turtleIri(`${options.base.path}inbox/`),
      typeIndexIri: turtleIri(`${options.base.path}settings/privateTypeIndex.ttl`),
      ...(options.oidcIssuer === undefined ? {} : { issuerIri: turtleIri(options.oidcIssuer) }),
    })
  }
}
