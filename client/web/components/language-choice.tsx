/** The two languages, each in its own words. */
import { chooseLanguage, useText } from '../hooks/text.ts'
import styles from './shell.module.css'

export function LanguageChoice() {
  const { t, language } = useText()
  return (
    <select
      className={styles['language']}
      aria-label={t.app.language}
      value={language}
      onChange={event => chooseLanguage(event.target.value === 'fr' ? 'fr' : 'en')}
    >
      <option value="en" lang="en">
        {t.languages.en}
      </option>
      <option value="fr" lang="fr">
        {t.languages.fr}
      </option>
    </select>
  )
}
