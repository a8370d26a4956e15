/** CSS's ETags, `"time-type"`, read up to the first hyphen only: types with a hyphen then match If-None-Match too. */
import type { RepresentationMetadata } from '@solid/community-server'
import { css } from '../css.ts'

const TAG = /^"(\d+)-(.+)"$/

export class WholeETagHandler extends css.BasicETagHandler {
  override matchesETag(metadata: RepresentationMetadata, eTag: string, strict: boolean): boolean {
    const date = metadata.get(css.DC.terms.modified)
    const [, time, type] = TAG.exec(eTag) ?? []
    if (!date || !time) return false
    return time === `${new Date(date.value).getTime()}` && (!strict || type === metadata.contentType)
  }
}
