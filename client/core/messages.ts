/** What people are told when something goes wrong: what happened in plain words, and what to do. One line per code. */
import type { Language, Localised } from '#vocab'
import type { ErrorCode } from '../../crypto/errors.ts'

/** Where a code alone would mislead: `code field`, with the field that the error's detail names. */
const byField: Record<string, Localised> = {
  'wrong-unlock account': {
    fr: 'L’adresse e-mail ou le mot de passe du compte n’est pas le bon. Vérifiez les deux, puis réessayez.',
    en: 'The e-mail address or the account password is not right. Check both, then try again.',
  },
  'wrong-unlock device': {
    fr: 'Cet appareil a été retiré du coffre. Pour vous en resservir, connectez-vous de nouveau avec le mot de passe du coffre ou le kit.',
    en: 'This device was removed from the vault. To use it again, sign in anew with the vault password or the kit.',
  },
  'refused compensation': {
    fr: 'Des données de santé ne se demandent jamais contre de l’argent, même désidentifiées : elles restent dans le pod de leur propriétaire.',
    en: 'Health data can never be asked for in return for money, not even de-identified: it stands in its owner’s pod.',
  },
  'refused changed': {
    fr: 'Cette demande a changé depuis que vous l’avez lue. Lisez-la de nouveau, puis répondez. Rien n’a été partagé.',
    en: 'What is asked has changed since you read it. Read it again, then answer. Nothing was shared.',
  },
  'refused unread': {
    fr: 'Lisez d’abord ce que le cercle demande, sur cet appareil, puis répondez. Rien n’a été partagé.',
    en: 'First read what the circle asks, on this device, then answer. Nothing was shared.',
  },
  'refused answered': {
    fr: 'Vous avez déjà accepté cette proposition. Retirez d’abord votre accord, puis choisissez de nouveau.',
    en: 'You have already accepted this offer. Withdraw first, then choose again.',
  },
  'refused over': {
    fr: 'Ce partage est terminé : on ne peut plus le changer. Donnez-en un nouveau.',
    en: 'This access is over and cannot be changed any more. Give a new one.',
  },
  'refused waits': {
    fr: 'Cet appareil est nouveau ici : confirmez d’abord la liste de ce que vous partagez, puis prolongez.',
    en: 'This device is new here: confirm the list of what you share first, then extend.',
  },
  'refused nothing': {
    fr: 'Il ne resterait rien de ce partage. Retirez-le.',
    en: 'Nothing would be left of this access. Remove it.',
  },
  'refused forgotten': {
    fr: 'Ce partage de données choisies est terminé, et le coffre ne sait plus desquelles : leurs fichiers gardent leurs clés. Pour leur en donner d’autres, ajoutez ces fichiers de nouveau et effacez les anciens.',
    en: 'This access to chosen items has ended, and the vault no longer knows which they were: their files keep their keys. To change these, add the files again and erase the old ones.',
  },
  'too-large records': {
    fr: 'C’est trop d’éléments à choisir un à un : 4 096 au plus par partage. Choisissez-en moins, ou moins de parties.',
    en: 'These are too many items to share one by one: 4,096 at most in one access. Choose fewer of them, or fewer parts.',
  },
  'usage wider': {
    fr: 'Ce serait ouvrir davantage. Donnez pour cela un autre partage.',
    en: 'This would open more. Give another access for it.',
  },
  'taken email': {
    fr: 'Cette adresse e-mail a déjà un compte ici. Connectez-vous, ou prenez-en une autre.',
    en: 'This e-mail address already has an account here. Sign in, or use another.',
  },
  'taken name': {
    fr: 'Ce nom est déjà pris sur ce serveur. Ajoutez par exemple votre nom de famille.',
    en: 'This name is already taken on this server. Add for example your family name.',
  },
}

const texts: Record<ErrorCode | 'unexpected', Localised> = {
  tampered: {
    fr: 'Ces données ont été abîmées ou modifiées par quelqu’un d’autre : elles ne sont pas montrées. Prévenez la personne qui tient le serveur.',
    en: 'This data was damaged or changed by somebody else, so it is not shown. Tell the person who runs the server.',
  },
  'rolled-back': {
    fr: 'Le serveur montre un état plus ancien que celui déjà vu ici. Attendez avant de modifier quoi que ce soit, et prévenez la personne qui tient le serveur.',
    en: 'The server shows an older state than this device has already seen. Change nothing for now, and tell the person who runs the server.',
  },
  forked: {
    fr: 'Le serveur montre deux versions qui se contredisent. Ne modifiez rien et prévenez la personne qui tient le serveur.',
    en: 'The server shows two versions that contradict each other. Change nothing and tell the person who runs the server.',
  },
  'identity-changed': {
    fr: 'Cette personne n’a plus les mêmes clés qu’avant. Appelez-la pour vérifier que c’est bien elle avant de partager.',
    en: 'This person’s keys are not the ones known before. Call them to check that it is really them before you share.',
  },
  'wrong-unlock': {
    fr: 'Ce mot de passe ou ce kit n’ouvre pas ce coffre. Vérifiez les majuscules et l’ordre des mots, puis réessayez.',
    en: 'This password or kit does not open this vault. Check capitals and the order of words, then try again.',
  },
  'not-granted': {
    fr: 'Cela n’existe pas, ou ne vous est pas partagé. Demandez à son propriétaire.',
    en: 'This does not exist, or is not shared with you. Ask its owner.',
  },
  expired: {
    fr: 'La date est passée. Demandez un nouvel accès ou un nouveau lien.',
    en: 'The date has passed. Ask for a new access or a new link.',
  },
  refused: {
    fr: 'Alvéole refuse de le faire, pour protéger vos données. Vérifiez ce que vous avez choisi.',
    en: 'Alvéole refuses to do this, to protect your data. Check what you chose.',
  },
  unconfirmed: {
    fr: 'Cette personne n’a pas encore été vérifiée. Comparez vos mots de vérification avec elle, puis recommencez.',
    en: 'This person has not been checked yet. Compare your check words with them, then try again.',
  },
  usage: {
    fr: 'Il manque une information, ou elle n’a pas la bonne forme. Vérifiez ce que vous avez saisi.',
    en: 'Something is missing or not in the expected form. Check what you entered.',
  },
  taken: {
    fr: 'Ce nom ou cette adresse e-mail sert déjà. Connectez-vous, ou choisissez-en un autre.',
    en: 'This name or e-mail address is already in use. Sign in, or choose another.',
  },
  'unknown-person': {
    fr: 'Cette personne n’a pas encore de coffre. Invitez-la à en créer un.',
    en: 'This person has no vault yet. Invite them to create one.',
  },
  'bad-file': {
    fr: 'Ce fichier est abîmé ou n’est pas du type annoncé. Demandez-en une nouvelle copie.',
    en: 'This file is damaged or not of the type it claims. Ask for a new copy of it.',
  },
  'too-large': {
    fr: 'C’est trop volumineux pour ce serveur. Essayez avec un fichier plus petit.',
    en: 'This is too large for this server. Try with a smaller file.',
  },
  'source-changed': {
    fr: 'Le fichier a changé pendant sa lecture. Fermez-le dans les autres logiciels et ajoutez-le de nouveau.',
    en: 'The file changed while it was being read. Close it in other programs and add it again.',
  },
  offline: {
    fr: 'Le serveur ne répond pas. Vérifiez votre connexion et réessayez : rien n’est perdu.',
    en: 'The server does not answer. Check your connection and try again: nothing is lost.',
  },
  unauthorized: {
    fr: 'La connexion n’est plus valable, ou le mot de passe n’est pas le bon. Connectez-vous de nouveau.',
    en: 'You are no longer signed in, or the password is not right. Sign in again.',
  },
  conflict: {
    fr: 'Un autre de vos appareils a modifié la même chose au même moment. Réessayez.',
    en: 'Another of your devices changed the same thing at the same time. Try again.',
  },
  busy: {
    fr: 'Le serveur est occupé. Réessayez dans un instant.',
    en: 'The server is busy. Try again in a moment.',
  },
  server: {
    fr: 'Le serveur a eu un problème et n’a pas dit si c’est fait. Vérifiez, puis réessayez si besoin.',
    en: 'The server had a problem and did not say whether it is done. Check, then try again if needed.',
  },
  full: {
    fr: 'Il n’y a plus de place. Libérez de l’espace ou demandez-en à la personne qui tient le serveur.',
    en: 'There is no room left. Free some space or ask the person who runs the server for more.',
  },
  cancelled: {
    fr: 'Arrêté à votre demande. Vous pouvez recommencer quand vous voulez.',
    en: 'Stopped, as you asked. Start again whenever you like.',
  },
  locked: {
    fr: 'Le coffre est fermé. Ouvrez-le, puis recommencez.',
    en: 'The vault is locked. Unlock it, then try again.',
  },
  unexpected: {
    fr: 'Quelque chose d’inattendu s’est produit. Réessayez ; si cela continue, signalez-le.',
    en: 'Something unexpected happened. Try again; if it goes on, report it.',
  },
}

const isKnown = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(texts, code)

const fieldOf = (error: Error): unknown =>
  'detail' in error && typeof error.detail === 'object' && error.detail !== null && 'field' in error.detail
    ? error.detail.field
    : null

/** By its code, so that an error which crossed a worker or a program boundary is understood too. */
export function errorText(error: unknown, language: Language): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (!(error instanceof Error) || !isKnown(code)) return texts.unexpected[language]
  return (byField[`${code} ${String(fieldOf(error))}`] ?? texts[code])[language]
}
