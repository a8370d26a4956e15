/**
 * Document: a letter, summary or scanned document. FHIR DocumentReference, Composition, Binary.
 * A Composition that gathers several sections covers more than documents: its whole text is filed under health.
 */
import { alv } from '../terms.ts'
import type { FacetOf } from '../kind.ts'
import { both, property } from './define.ts'
import { healthKind, leaf } from './health.ts'
import { listOf } from './read.ts'

const home = 'health/documents'
const entry = leaf(home)

const gathers: FacetOf = value => (listOf(value['sections']).length > 0 ? 'health' : home)
const source = leaf(gathers, 'source')

export const document = healthKind({
  name: 'Document',
  iri: alv.Document,
  label: both('Document médical', 'Medical document'),
  plural: both('Documents médicaux', 'Medical documents'),
  icon: '📄',
  home,
  homes: [home, 'health'],
  properties: {
    categories: property(alv.category, 'code', entry, 'Catégorie', 'Category', 'code'),
    performer: property(alv.performer, 'text', entry, 'Auteur', 'Author', 'drop'),
    sections: property(alv.section, 'list', entry, 'Rubriques', 'Sections', 'drop'),
    mediaType: property(alv.mediaType, 'text', entry, 'Type de fichier', 'Media type', 'drop'),
    note: property(alv.note, 'note', source, 'Remarque', 'Note', 'drop'),
    content: property(alv.content, 'blob', source, 'Fichier', 'File', 'drop'),
    thumbnail: property(alv.thumbnail, 'thumbnail', source, 'Vignette', 'Thumbnail', 'drop'),
    envelope: property(alv.envelope, 'source', source, 'Enveloppe', 'Envelope', 'drop'),
    source: property(alv.source, 'source', source, 'Tel que reçu', 'As received', 'drop'),
  },
})
