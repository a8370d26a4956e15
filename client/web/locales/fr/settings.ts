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
  languages: { en: 'English', fr: 'Français' },
}
