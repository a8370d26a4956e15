/** File: any other file, kept whole. */
import { alv } from '../terms.ts'
import { both, defineKind, property } from './define.ts'

const ENTRY = 'papers/entry'
const SOURCE = 'papers/source'

export const file = defineKind({
  name: 'File',
  iri: alv.File,
  label: both('Fichier', 'File'),
  plural: both('Fichiers', 'Files'),
  icon: '📎',
  view: 'list',
  facets: [ENTRY, SOURCE],
  properties: {
    name: property(alv.fileName, 'text', ENTRY, 'Nom', 'Name', 'drop'),
    mediaType: property(alv.mediaType, 'text', ENTRY, 'Type de fichier', 'Media type', 'drop'),
    size: property(alv.size, 'number', ENTRY, 'Taille', 'Size', 'drop'),
    modified: property(alv.modified, 'date', ENTRY, 'Modifié le', 'Modified', 'year'),
    content: property(alv.content, 'blob', SOURCE, 'Contenu', 'Content', 'drop'),
    // Of a page or a frame of it, so it goes with the file itself
    thumbnail: property(alv.thumbnail, 'thumbnail', SOURCE, 'Vignette', 'Thumbnail', 'drop'),
  },
  originFacet: SOURCE,
  named: ['name'],
  dated: ['modified'],
})
