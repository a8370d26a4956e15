/** The language of the page: the browser's first, then the person's choice, kept on this device. */
import { useEffect } from 'react'
import type { Language, Localised } from '#vocab'
import { observable } from './observable.ts'
import { en } from '../locales/en.ts'
import { fr } from '../locales/fr.ts'
import { spaced } from '../locales/fr/spaces.ts'
import { errorText } from '../../core/messages.ts'

const KEY = 'alveole-language'
const catalogues = { en, fr }
const isLanguage = (text: unknown): text is Language => text === 'en' || text === 'fr'

const ofBrowser = (): Language => navigator.languages.map(tag => tag.slice(0, 2)).find(tag => isLanguage(tag)) ?? 'en'

const stored = localStorage.getItem(KEY)
const chosen = observable<Language>(isLanguage(stored) ? stored : ofBrowser())

export function chooseLanguage(next: Language): void {
  localStorage.setItem(KEY, next)
  chosen.set(next)
}

export interface Text {
  t: typeof en
  language: Language
  pick(text: Localised): string
  error(error: unknown): string
  date(iso: string): string
  /** With hour and zone: where a right begins or ends. */
  moment(date: Date | string): string
  shortMoment(date: Date | string): string
  bytes(size: number): string
}

/** ISO 8601 of any precision: a year stays a year. */
function dateOf(iso: string, language: Language): string {
  const [, year = '', month, day] = /^([+-]?\d{4,})(?:-(\d\d))?(?:-(\d\d))?/.exec(iso) ?? []
  if (!month) return year || iso
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1)))
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: 'long',
    timeZone: 'UTC',
    ...(day && { day: 'numeric' }),
  }
  return new Intl.DateTimeFormat(language, options).format(date)
}

const momentFormat: Intl.DateTimeFormatOptions = {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
}

const shortFormat: Intl.DateTimeFormatOptions = { ...momentFormat, weekday: undefined, month: 'short' }

function bytesOf(size: number, language: Language): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, size)) / 3))
  const unit = units[step] ?? 'byte'
  const options: Intl.NumberFormatOptions = {
    style: 'unit',
    unit,
    unitDisplay: step ? 'short' : 'long',
    maximumFractionDigits: step && 1,
  }
  return new Intl.NumberFormat(language, options).format(size / 1000 ** step)
}

export function useText(): Text {
  const language = chosen.use()
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return {
    t: catalogues[language],
    language,
    pick: text => text[language],
    error: error => (language === 'fr' ? spaced(errorText(error, 'fr')) : errorText(error, language)),
    date: iso => dateOf(iso, language),
    moment: date => new Intl.DateTimeFormat(language, momentFormat).format(new Date(date)),
    shortMoment: date => new Intl.DateTimeFormat(language, shortFormat).format(new Date(date)),
    bytes: size => bytesOf(size, language),
  }
}
