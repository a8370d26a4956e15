/**
 * Photo: a photograph. `image` shows without what cameras hide in files; `original` is the file as it came, place
 * included, and so a facet of its own.
 */
import { alv } from '../terms.ts'
import { both, defineKind, property } from './define.ts'
import { PICTURE_TYPES } from './words.ts'

const SOURCE = 'photos/source'

export const photo = defineKind({
  name: 'Photo',
  iri: alv.Photo,
  label: both('Photo', 'Photo'),
  plural: both('Photos', 'Photos'),
  icon: '🖼️',
  view: 'gallery',
  facets: ['image', 'when', 'where', 'people', 'about', 'camera', 'source'].map(name => `photos/${name}`),
  properties: {
    image: property(alv.image, 'blob', 'photos/image', 'Image', 'Image', 'picture'),
    thumbnail: property(alv.thumbnail, 'thumbnail', 'photos/image', 'Vignette', 'Thumbnail', 'picture'),
    mediaType: property(alv.mediaType, 'text', 'photos/image', 'Type de fichier', 'Media type', PICTURE_TYPES),
    orientation: property(alv.orientation, 'number', 'photos/image', 'Orientation', 'Orientation', 'number'),
    width: property(alv.width, 'number', 'photos/image', 'Largeur', 'Width', 'number'),
    height: property(alv.height, 'number', 'photos/image', 'Hauteur', 'Height', 'number'),
    taken: property(alv.date, 'date', 'photos/when', 'Prise le', 'Taken', 'year'),
    position: property(alv.position, 'place', 'photos/where', 'Lieu', 'Place', 'region'),
    placeName: property(alv.place, 'text', 'photos/where', 'Nom du lieu', 'Name of the place', 'region'),
    people: property(alv.person, 'list', 'photos/people', 'Personnes', 'People', 'drop'),
    title: property(alv.text, 'text', 'photos/about', 'Titre', 'Title', 'drop'),
    caption: property(alv.note, 'note', 'photos/about', 'Légende', 'Caption', 'drop'),
    keywords: property(alv.keyword, 'list', 'photos/about', 'Mots-clés', 'Keywords', 'drop'),
    camera: property(alv.camera, 'text', 'photos/camera', 'Appareil', 'Camera', 'drop'),
    settings: property(alv.settings, 'text', 'photos/camera', 'Réglages', 'Settings', 'drop'),
    original: property(alv.original, 'blob', SOURCE, 'Original', 'Original', 'drop'),
    fileName: property(alv.fileName, 'text', SOURCE, 'Nom du fichier', 'File name', 'drop'),
  },
  originFacet: SOURCE,
  named: ['title', 'caption', 'fileName'],
  dated: ['taken'],
})
