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
  devices: {
    title: 'What opens your vault',
    intro: 'Each device has a key of its own. Remove one that you lost, sold or no longer use.',
    vaultPassword: 'The vault password, on any device',
    unnamed: 'A device without a name',
    this: 'this device',
    leaving: 'being removed, by the devices that stay, whenever one is open',
    added: (date: string) => `since ${date}`,
    remove: (name: string) => `Remove ${name}`,
    removeAsk: (name: string) => `Remove “${name}”?`,
    removeYes: 'Remove',
    removing: 'Removing…',
    removeWarning:
      'It will open nothing that is written from now on. What it had it may have kept, and what it had not sent yet stays on it. If it may know your vault password, remove the password too.',
    passwordWarning:
      'No new device can be let in with this password any more: only the rescue kit can. Devices that are in go on with the password they have.',
    logins:
      'Its sign-in at the server goes on: it can see and delete encrypted files, not read them. With your account’s e-mail and password every sign-in ends, and you open your vault again here. That of your agent, if you have one, ends too: run “alveole agent setup” again on its machine.',
    email: 'E-mail of the account (optional)',
    password: 'Account password (optional)',
  },
  languages: { en: 'English', fr: 'Français' },
}
