/** The language to speak, from the locale of the terminal. */
import type { Language } from '#vocab'

/** POSIX order: LC_ALL, then LC_MESSAGES, then LANG. */
export const languageOf = ({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language =>
  /^fr([_.@-]|$)/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'fr' : 'en'
