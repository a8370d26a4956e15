/** Why a file, or a place in it, could not be read: stable codes and what people are told. */
import type { Localised } from '#vocab'

export const problems = {
  empty: { fr: 'Le fichier est vide.', en: 'The file is empty.' },
  unreadable: { fr: 'Le fichier n’a pas pu être lu.', en: 'The file could not be read.' },
  encoding: { fr: 'Des caractères ne sont pas lisibles.', en: 'Some characters are not readable.' },
  'cut-short': { fr: 'Le fichier est coupé à cet endroit.', en: 'The file is cut short here.' },
  syntax: { fr: 'La suite n’est pas écrite dans ce format.', en: 'What follows is not written in this format.' },
  'too-deep': { fr: 'Trop de niveaux imbriqués.', en: 'Too many nested levels.' },
  'wrong-type': { fr: 'Une valeur n’a pas la forme attendue.', en: 'A value does not have the expected form.' },
  'not-fhir': { fr: 'Ce n’est pas une donnée de santé FHIR.', en: 'This is not a FHIR health record.' },
  'no-resource': { fr: 'L’élément ne contient aucune donnée.', en: 'The entry holds no record.' },
  'no-type': { fr: 'Le type de la donnée manque.', en: 'The type of the record is missing.' },
  'not-gedcom': { fr: 'Ce n’est pas un arbre généalogique GEDCOM.', en: 'This is not a GEDCOM family tree.' },
  'bad-level': { fr: 'Le niveau de la ligne ne suit pas.', en: 'The level of the line does not follow.' },
  'bad-line': { fr: 'La ligne n’est pas au format GEDCOM.', en: 'The line is not in GEDCOM format.' },
  'same-id': { fr: 'Deux éléments portent le même identifiant.', en: 'Two entries have the same identifier.' },
  'missing-target': {
    fr: 'L’élément désigné n’est pas dans le fichier.',
    en: 'The entry referred to is not in the file.',
  },
  altered: {
    fr: 'Le contenu n’est plus celui qui a été exporté.',
    en: 'The contents are not those that were exported.',
  },
  'not-restorable': {
    fr: 'Ce n’est pas un export complet que l’on peut remettre dans un coffre.',
    en: 'This is not a complete export that can be put back into a vault.',
  },
  'bad-path': { fr: 'Un nom de fichier mène hors de l’export.', en: 'A file name leads out of the export.' },
  'too-long': { fr: 'Un élément est démesurément long.', en: 'An entry is far too long.' },
  'no-such-kind': {
    fr: 'Cette version ne connaît pas ce type de donnée.',
    en: 'This version does not know this kind of record.',
  },
  'broken-image': {
    fr: 'L’image est abîmée ; le fichier est gardé tel quel.',
    en: 'The image is damaged; the file is kept as is.',
  },
  'broken-metadata': {
    fr: 'Les informations de la photo sont illisibles ; la photo est gardée.',
    en: 'The information in the photo is not readable; the photo is kept.',
  },
} as const satisfies Record<string, Localised>

export type ProblemReason = keyof typeof problems
