/** The headers of an answer, written by CSS's own metadata writer, and kept for the same state and the same rights. */
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { ETagHandler, MetadataWriter } from '@solid/community-server'
import { css } from '../css.ts'
import { mediaType } from '#vocab'
import type { Mode } from './access-rules.ts'
import { Recent } from './recent.ts'

export type Described = {
  path: string
  size: number
  modified: Date
  user: ReadonlySet<Mode>
  everyone: ReadonlySet<Mode>
}
export type Headers = { tag: string | undefined; fields: readonly (readonly [string, string | string[]])[] }

const TERMS = {
  read: css.ACL.terms.Read,
  write: css.ACL.terms.Write,
  append: css.ACL.terms.Append,
  control: css.ACL.terms.Control,
}

type Value = string | string[]

/** Names as they are written: Node itself gives them back in lower case only. */
class Recorder extends ServerResponse {
  readonly fields = new Map<string, Value>()

  override setHeader(name: string, value: Value): this {
    this.fields.set(name, value)
    return super.setHeader(name, value)
  }
}

export class AnswerHeaders {
  readonly #writer: MetadataWriter
  readonly #tags: ETagHandler
  readonly #kept = new Recent<Headers>(2_000)

  constructor(writer: MetadataWriter, tags: ETagHandler) {
    this.#writer = writer
    this.#tags = tags
  }

  async for(described: Described): Promise<Headers> {
    const { path, size, modified, user, everyone } = described
    const key = [path, size, modified.getTime(), ...user, '/', ...everyone].join(' ')
    const known = this.#kept.get(key)
    if (known) return known
    const headers = await this.#write(described)
    this.#kept.set(key, headers)
    return headers
  }

  /** The metadata that CSS's file accessor and handlers would give to the resource. */
  async #write({ path, size, modified, user, everyone }: Described): Promise<Headers> {
    const metadata = new css.RepresentationMetadata({ path }, mediaType)
    css.addResourceMetadata(metadata, false)
    css.updateModifiedDate(metadata, modified)
    metadata.add(css.POSIX.terms.size, css.toLiteral(size, css.XSD.terms.integer))
    for (const mode of user) metadata.add(css.AUTH.terms.userMode, TERMS[mode])
    for (const mode of everyone) metadata.add(css.AUTH.terms.publicMode, TERMS[mode])
    const tag = this.#tags.getETag(metadata)
    if (tag) metadata.set(css.HH.terms.etag, tag)
    const response = new Recorder(new IncomingMessage(new Socket()))
    await this.#writer.handleSafe({ response, metadata })
    return { tag, fields: [...response.fields] }
  }
}
