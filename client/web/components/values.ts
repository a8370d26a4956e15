/** Reads of a record's values for showing: odd shapes give less, never an exception. */
import type { Json, RecordValue } from '#vocab'
import { isBlob } from '../../core/blob-refs.ts'
import type { BlobRef } from '../../core/types.ts'

type JsonObject = { [key: string]: Json }

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const objects = (value: Json | undefined): JsonObject[] =>
  (Array.isArray(value) ? value : [value]).filter(one => isObject(one))

export const textOf = (value: Json | undefined): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null

export const blobIn = (value: Json | undefined): BlobRef | null => (isBlob(value) ? value : null)

export interface NamedBlob {
  property: string
  blob: BlobRef
}

export const blobsOf = (value: RecordValue): NamedBlob[] =>
  Object.entries(value).flatMap(([property, one]) =>
    (Array.isArray(one) ? one : [one]).flatMap(each => {
      const blob = blobIn(each)
      return blob ? [{ property, blob }] : []
    }),
  )

/** The record ids that a reference names. */
export const refsOf = (value: Json): string[] => objects(value).flatMap(one => textOf(one['ref']) ?? [])

/** Words of a place: nobody reads more than five decimals (a metre). */
export const placeText = (value: Json): string =>
  objects(value)
    .map(({ latitude, longitude }) => [latitude, longitude].map(one => Number(one).toFixed(5)).join(', '))
    .join(' · ')
