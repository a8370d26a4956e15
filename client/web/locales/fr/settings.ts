/** Réglages. */
import type { settings as en } from '../en/settings.ts'

export const settings: typeof en = {
  settings: {
    title: 'Réglages',
    language: 'Langue',
    device: 'Cet appareil',
    keep: 'Garder mon coffre ouvert sur cet appareil',
    keepHint: 'Après un rechargement, le coffre s’ouvre sans son mot de passe. À désactiver sur un appareil partagé.',
    lockNow: 'Fermer maintenant',
    rescue: 'Kit de secours',
    advanced: 'Avancé',
    webId: 'Votre WebID',
    pod: 'Votre pod',
    signOut: 'Se déconnecter de cet appareil',
    signOutHint: 'Votre coffre reste où il est ; cet appareil vous oublie.',
  },
  devices: {
    title: 'Ce qui ouvre votre coffre',
    intro: 'Chaque appareil a sa propre clé. Retirez celui que vous avez perdu, vendu ou que vous n’utilisez plus.',
    vaultPassword: 'Le mot de passe du coffre, sur tout appareil',
    unnamed: 'Un appareil sans nom',
    this: 'cet appareil',
    leaving: 'retrait en cours, par les appareils qui restent, dès que l’un d’eux est ouvert',
    added: date => `depuis le ${date}`,
    remove: name => `Retirer ${name}`,
    removeAsk: name => `Retirer « ${name} » ?`,
    removeYes: 'Retirer',
    removing: 'Retrait…',
    removeWarning:
      'Il n’ouvrira plus rien de ce qui sera écrit à partir de maintenant. Ce qu’il avait, il a pu le garder, et ce qu’il n’avait pas encore envoyé reste sur lui. S’il connaît peut-être le mot de passe du coffre, retirez aussi le mot de passe.',
    passwordWarning:
      'Aucun nouvel appareil ne pourra plus entrer avec ce mot de passe : seul le kit de secours le pourra. Les appareils déjà là gardent le leur.',
    logins:
      'Sa connexion au serveur reste : il peut voir et effacer des fichiers chiffrés, sans les lire. Avec l’adresse e-mail et le mot de passe de votre compte, toutes les connexions sont coupées, et vous rouvrez votre coffre ici. Celle de votre agent, si vous en avez un, l’est aussi : relancez « alveole agent setup » sur sa machine.',
    email: 'E-mail du compte (facultatif)',
    password: 'Mot de passe du compte (facultatif)',
  },
  languages: { en: 'English', fr: 'Français' },
}
