/** Settings. */
export const settings = {
  settings: {
    title: 'Settings',
    language: 'Language',
    device: 'This device',
    keep: 'Keep my vault open on this device',
    keepHint: 'After a reload the vault opens without its password. Turn it off on a shared device.',
    lockNow: 'Lock now',
    rescue: 'Rescue kit',
    advanced: 'Advanced',
    webId: 'Your WebID',
    pod: 'Your pod',
    signOut: 'Sign out of this device',
    signOutHint: 'Your vault stays where it is; this device forgets you.',
  },
  languages: { en: 'English', fr: 'Français' },
}
