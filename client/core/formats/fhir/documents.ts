/** FHIR R4 DocumentReference, Composition, Binary: documents, with the file they carry inside. */
import type { Attachment } from '../format.ts'
import type { Mapping } from './mapping.ts'
import { codes, compact, date, joined, words } from './types.ts'
import type { View } from './view.ts'

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), char => char.charCodeAt(0))
  } catch {
    return null
  }
}

/** The file of an Attachment or a Binary. Text that is no base64 is reported and stays in the source. */
function carried(view: View, name: string): Attachment[] {
  const data = view.text('data')
  if (data === undefined || data === '') return []
  const bytes = decodeBase64(data)
  if (!bytes) {
    view.mark('data')
    return []
  }
  const mediaType = view.text('contentType') ?? 'application/octet-stream'
  return [{ property: 'content', blob: new Blob([bytes], { type: mediaType }), name, mediaType }]
}

const firstAttachment = (view: View): View | undefined =>
  view.objects('content').flatMap(item => item.object('attachment') ?? [])[0]

export const documentReference: Mapping = {
  kind: 'Document',
  properties: (view, { who }) => {
    const attachment = firstAttachment(view)
    return compact({
      text: view.text('description') ?? attachment?.text('title') ?? words(view.object('type')),
      codes: codes(view.object('type')),
      categories: view.objects('category').flatMap(codes),
      status: view.text('status'),
      date: date(view.text('date') ?? attachment?.text('creation')),
      performer: joined(view.objects('author').map(who), ', '),
      mediaType: attachment?.text('contentType'),
    })
  },
  attachments: view => {
    const attachment = firstAttachment(view)
    return attachment ? carried(attachment, attachment.text('title') ?? 'document') : []
  },
}

export const composition: Mapping = {
  kind: 'Document',
  properties: (view, { who }) =>
    compact({
      text: view.text('title') ?? words(view.object('type')),
      codes: codes(view.object('type')),
      categories: view.objects('category').flatMap(codes),
      status: view.text('status'),
      date: date(view.text('date')),
      performer: joined(view.objects('author').map(who), ', '),
      sections: view.objects('section').flatMap(item => item.text('title') ?? words(item.object('code')) ?? []),
    }),
}

export const binary: Mapping = {
  kind: 'Document',
  properties: view => compact({ mediaType: view.text('contentType') }),
  attachments: view => carried(view, view.text('id') ?? 'binary'),
}
