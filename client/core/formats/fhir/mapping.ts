/** What a mapping of one resource type is, and what it may ask about the rest of the file. */
import type { Json, RecordValue } from '#vocab'
import type { Attachment } from '../format.ts'
import type { View } from './view.ts'

export interface Surroundings {
  /** `{ref: identity}` of the resource a Reference names, when it is in the file. */
  ref: (reference: View | undefined) => Json | undefined
  /** Words for whom or what a Reference names. */
  who: (reference: View | undefined) => string | undefined
  /** Resources inside the one being read, by `#id`. */
  contained: (reference: View | undefined) => View | undefined
}

export interface Mapping {
  kind: string
  properties: (view: View, around: Surroundings) => RecordValue
  attachments?: (view: View) => Attachment[]
}
