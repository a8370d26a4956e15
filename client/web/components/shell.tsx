/** Around every page: whose vault this is, the lock, and where to go. */
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { Icon, Logo, type IconName } from './icons.tsx'
import { LanguageChoice } from './language-choice.tsx'
import { StandingNotice } from './standing.tsx'
import { freshKit } from '../hooks/kit.ts'
import { useText } from '../hooks/text.ts'
import { useSession, vault } from '../hooks/vault.ts'
import styles from './shell.module.css'

const places: { name: 'home' | 'vault' | 'add' | 'circles' | 'sharing'; to: string; within: RegExp }[] = [
  { name: 'home', to: '/', within: /^\/$/ },
  { name: 'vault', to: '/vault', within: /^\/(vault|item)/ },
  { name: 'add', to: '/add', within: /^\/add/ },
  { name: 'circles', to: '/circles', within: /^\/(circle|join|shared)/ },
  { name: 'sharing', to: '/sharing', within: /^\/(share|sharing)$/ },
]

function Tab({
  name,
  to,
  current,
}: {
  name: IconName & keyof ReturnType<typeof useText>['t']['nav']
  to: string
  current: boolean
}) {
  const { t } = useText()
  const label = t.nav[name]
  return (
    <li>
      <Link
        href={to}
        className={`${styles['tab']} ${name === 'add' ? styles['add'] : ''}`}
        aria-current={current ? 'page' : undefined}
      >
        <Icon name={name} />
        {typeof label === 'string' ? label : null}
      </Link>
    </li>
  )
}

function Navigation() {
  const { t } = useText()
  const [path] = useLocation()
  return (
    <nav className={styles['nav']} aria-label={t.nav.label}>
      <ul>
        {places.map(({ name, to, within }) => (
          <Tab key={name} name={name} to={to} current={within.test(path)} />
        ))}
      </ul>
    </nav>
  )
}

function Tools() {
  const { t } = useText()
  return (
    <div className={styles['end']}>
      <button type="button" className={styles['tool']} onClick={() => void vault.lock()}>
        <Icon name="lock" />
        <span className={styles['toolWord']}>{t.nav.lock}</span>
      </button>
      <Link href="/settings" className={styles['tool']}>
        <Icon name="settings" />
        <span className={styles['toolWord']}>{t.nav.settings}</span>
      </Link>
    </div>
  )
}

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useText()
  const session = useSession()
  // The new kit comes first: nothing leads away from it by accident.
  const inside = freshKit.use() === null && session.step === 'open'
  const owner = 'who' in session ? session.who.name : null
  return (
    <div className={styles['shell']}>
      <a className={styles['skip']} href="#main">
        {t.app.skip}
      </a>
      <header className={styles['header']}>
        <Link href="/" className={styles['brand']}>
          <Logo />
          <span>{owner ? t.nav.vaultOf(owner) : t.app.name}</span>
        </Link>
        {inside && <Navigation />}
        {inside ? (
          <Tools />
        ) : (
          <div className={styles['end']}>
            <LanguageChoice />
          </div>
        )}
      </header>
      <main className={styles['main']} id="main">
        {inside && <StandingNotice />}
        {children}
      </main>
    </div>
  )
}
