/** Accueil, coffre, élément, ajout de fichiers. */
import { de } from './de.ts'
import { pluralOf } from '../plural.ts'
import type { vault as en } from '../en/vault.ts'

const plural = pluralOf('fr')
const items = (count: number): string => plural(count, { one: n => `${n} élément`, other: n => `${n} éléments` })

export const vault: typeof en = {
  home: {
    title: name => `Bonjour ${name}`,
    attention: 'Demande votre attention',
    kit: 'Votre kit de secours n’a pas été essayé. Deux minutes maintenant peuvent sauver votre coffre plus tard.',
    kitLink: 'Essayer mon kit',
    request: (who, circle) => `${who} demande à entrer dans le cercle « ${circle} ».`,
    requestLink: 'Voir la demande',
    ends: (who, when) => `L’accès ${de(who)} se termine le ${when}.`,
    endsLink: 'Voir mes accès',
    unconfirmed: 'Cet appareil est nouveau ici : regardez ce que vous partagez avant qu’il ne partage.',
    quiet: 'Tout va bien : rien ne vous attend pour l’instant.',
    recent: 'Ajoutés récemment',
    firstTitle: 'Votre coffre est prêt',
    first: 'Ajoutez un premier papier ou une photo, et regardez-le se fermer à clé.',
    firstAdd: 'Ajouter mon premier papier',
    seeAll: 'Tout voir',
  },
  vault: {
    title: 'Mon coffre',
    folders: 'Dossiers',
    allFolders: 'Tous les dossiers',
    newFolder: 'Nouveau dossier',
    folderName: 'Nom du dossier',
    createFolder: 'Créer le dossier',
    search: 'Chercher dans mon coffre',
    kinds: 'Sortes',
    allKinds: 'Tout',
    count: items,
    nothing: 'Rien ici pour l’instant.',
    notFound: 'Rien trouvé. Essayez un autre mot.',
    addHere: 'Ajouter des papiers ou des photos',
    more: (shown, all) => `En montrer plus (${shown} sur ${all})`,
    shareFolder: 'Partager ce dossier',
    undated: 'Sans date',
  },
  item: {
    details: 'Détails',
    folder: 'Dossier',
    kind: 'Sorte',
    source: 'Exactement tel que reçu',
    showSource: 'Montrer le texte d’origine',
    download: name => `Télécharger ${name}`,
    preparing: 'Ouverture du fichier…',
    remove: 'Supprimer cet élément',
    removeAsk: 'Supprimer cet élément de votre coffre ?',
    removeWarning: 'Il disparaît de votre coffre et de ce que vous partagez. On ne peut pas revenir en arrière.',
    removeYes: 'Supprimer',
    gone: 'Cet élément n’est plus dans votre coffre.',
    yes: 'Oui',
    no: 'Non',
    origin: file => `Du fichier ${file}`,
    changed: 'Dernier changement',
    picture: label => `Image : ${label}`,
    linked: 'Voir l’élément lié',
  },
  standing: {
    label: 'État',
    unsent: 'pas encore envoyé',
    offline:
      'Le serveur ne répond pas. Vous voyez ce que cet appareil en a ; ce que vous changez est gardé ici, fermé à clé, et envoyé dès qu’il répond.',
    waiting: count =>
      plural(count, {
        one: n => `${n} modification pas encore envoyée`,
        other: n => `${n} modifications pas encore envoyées`,
      }),
    refused: (when, why) => `Votre modification du ${when} n’a pas pu être envoyée. ${why}`,
    discard: 'Renoncer à cette modification',
  },
  add: {
    title: 'Ajouter à mon coffre',
    intro:
      'Papiers, photos, arbres généalogiques, dossiers de santé : tout ce que vous voulez. Chaque fichier est fermé à clé sur cet appareil avant d’être envoyé.',
    into: 'Dans le dossier',
    defaultFolder: 'Mes papiers',
    newFolder: 'Un nouveau dossier…',
    drop: 'Déposez des fichiers ici',
    pick: 'Choisir des fichiers',
    or: 'ou',
    tray: 'Fichiers',
    step: {
      waiting: 'En attente',
      locking: 'Se ferme à clé sur cet appareil',
      sending: 'Part, fermé à clé',
      stored: 'Rangé',
      failed: 'Pas ajouté',
    },
    progress: name => `Progression de ${name}`,
    added: count => plural(count, { one: n => `${n} élément ajouté`, other: n => `${n} éléments ajoutés` }),
    duplicates: count => plural(count, { one: n => `${n} y était déjà`, other: n => `${n} y étaient déjà` }),
    problems: count =>
      plural(count, { one: n => `${n} endroit n’a pas pu être lu`, other: n => `${n} endroits n’ont pas pu être lus` }),
    retry: 'Réessayer',
    stop: 'Arrêter',
    clear: 'Effacer la liste des fichiers rangés',
    see: 'Les voir dans mon coffre',
  },
}
