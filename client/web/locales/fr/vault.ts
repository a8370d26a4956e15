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
    filters: 'Affiner',
    part: 'À propos de',
    anyPart: 'Tout',
    person: 'Personne',
    anyPerson: 'Tout le monde',
    personName: 'Chercher une personne',
    manyPeople: shown =>
      `Seules les ${shown} premières personnes sont listées : écrivez un nom pour en trouver d’autres.`,
    from: 'Du',
    to: 'Au',
    clear: 'Tout montrer à nouveau',
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
    removeWarning:
      'Il disparaît de votre coffre et de ce que vous partagez ; ses anciennes versions et ses fichiers quittent le serveur peu à peu. On ne peut pas revenir en arrière.',
    removeYes: 'Supprimer',
    erase: 'Effacer tout de suite',
    eraseAsk: 'Effacer tout de suite cet élément, du serveur aussi ?',
    eraseWarning:
      'Il disparaît de votre coffre et de ce que vous partagez, et aussitôt il n’en reste rien sur le serveur : aucune version antérieure, aucun morceau de ses fichiers. Ce que d’autres ont ouvert ou téléchargé jusqu’ici, ils ont pu le garder ; de même les sauvegardes de qui tient le serveur. On ne peut pas revenir en arrière.',
    keptIn: count =>
      plural(count, {
        one: () =>
          'Vous en partagez une copie figée : elle reste sur le serveur, et partagée, tant que cet accès n’est pas retiré.',
        other: n =>
          `Vous en partagez ${n} copies figées : elles restent sur le serveur, et partagées, tant que chaque accès n’est pas retiré.`,
      }),
    eraseYes: 'Effacer',
    erasing: 'Effacement du serveur. Avec de gros fichiers, cela prend un moment : laissez cette page ouverte.',
    eraseAgain: 'Continuer d’effacer',
    eraseLeft: 'Il est supprimé de votre coffre, mais le serveur n’a pas encore tout effacé.',
    gone: 'Cet élément n’est plus dans votre coffre.',
    yes: 'Oui',
    no: 'Non',
    origin: file => `Du fichier ${file}`,
    changed: 'Dernier changement',
    picture: label => `Image : ${label}`,
    video: label => `Vidéo : ${label}`,
    sound: label => `Son : ${label}`,
    unplayable: 'Ce navigateur ne sait pas lire ce fichier. Téléchargez-le pour l’ouvrir ailleurs.',
    linked: 'Voir l’élément lié',
    showPages: 'Afficher les pages ici',
    page: (number, of, label) => `Page ${number} sur ${of} : ${label}`,
    pageOf: (number, of) => `Page ${number} sur ${of}`,
    pages: 'Pages',
    previousPage: 'Page précédente',
    nextPage: 'Page suivante',
    unshowable: 'Les pages ne peuvent pas s’afficher ici. Téléchargez le fichier pour l’ouvrir ailleurs.',
  },
  export: {
    title: 'Tout emporter',
    about:
      'Tous vos dossiers, éléments et fichiers en un seul fichier, lisible sans Alvéole. Mettez-le de temps en temps sur un disque à vous.',
    limit: size =>
      `Ce navigateur ne remet un fichier qu’une fois tout prêt, et donc jusqu’à ${size}. Au-delà, prenez Chrome, Edge ou la ligne de commande.`,
    how: 'Comment',
    sealed: 'Fermé par un mot de passe (.tar.age)',
    open: 'Ouvert à quiconque a le fichier (.tar)',
    passphrase: 'Mot de passe de ce fichier',
    passphraseHint: least =>
      `Au moins ${least} caractères. Il n’est gardé nulle part : notez-le, le fichier ne s’ouvre pas sans lui.`,
    short: least => `${least} caractères au moins.`,
    warning:
      'Rien n’y est fermé : quiconque met la main sur le fichier lit tous vos papiers. On peut l’ajouter tel quel à un autre coffre.',
    go: 'Tout emporter',
    written: size => `${size} écrits…`,
    stop: 'Arrêter',
    done: size => `C’est fait : ${size}.`,
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
      paused: 'En pause',
      stored: 'Rangé',
      failed: 'Pas ajouté',
    },
    progress: name => `Progression de ${name}`,
    added: count => plural(count, { one: n => `${n} élément ajouté`, other: n => `${n} éléments ajoutés` }),
    duplicates: count => plural(count, { one: n => `${n} y était déjà`, other: n => `${n} y étaient déjà` }),
    problems: count =>
      plural(count, { one: n => `${n} endroit n’a pas pu être lu`, other: n => `${n} endroits n’ont pas pu être lus` }),
    retry: 'Réessayer',
    pause: 'Suspendre',
    resume: 'Reprendre',
    clear: 'Effacer la liste des fichiers rangés',
    see: 'Les voir dans mon coffre',
  },
}
