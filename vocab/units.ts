/**
 * Units of measure that are known, so that nothing else passes for one in a de-identified copy: UCUM (unitsofmeasure.org: atoms that
 * health records use, prefixes, exponents, products and quotients) with listed annotations alone, as it lets any text stand in braces;
 * what people write instead; currencies (ISO 4217).
 */

const words = (text: string): string[] => text.split(' ')

const PREFIX = '(?:[YZEPTGMkhdcmuµμnpfazy]|da)'

/** They take prefixes. */
const METRIC = words(
  'g m s L l mol Pa J W K C V A Hz N Bq Gy Sv Cel cal Cal bar eq Eq osm Osm kat U IU [IU] [iU] Ohm lm lx cd B m[Hg] m[H2O]',
)

const PLAIN = words(
  "% min h d wk mo a deg [degF] [diop] [MET] [CFU] [BAU] [ppth] [ppm] [ppb] [pH] [HPF] [LPF] [drp] [AU] [knk'U] [arb'U] [USP'U] " +
    "[GPL'U] [MPL'U] [APL'U] [in_i] [ft_i] [lb_av] [oz_av] [cup_us] [tsp_us] [tbs_us] [foz_us]",
)

const NUMBERS = words('1 10 12 24 100 1000')

const ANNOTATIONS = words(
  'score T-score Z-score beats breaths steps count counts index ratio INR titer percentile 1.73_m2 cells RBC WBC copies CFU creat ' +
    'creatinine Ct dose tbl tablet Tablet capsule pack Package package puff drop spray patch ampule vial sachet bottle cigarettes #',
)

const PLAIN_WORDS = new Set([
  ...words(
    'mmHg cmH2O °C °F ° bpm BPM ppm mcg mcg/mL cc lb lbs oz in ft kg/m² m² pH UI UI/L UI/mL mUI/L mUI/mL G/L T/L',
  ),
  ...words(
    'second seconds minute minutes hour hours hr day days week weeks month months year years milligram gram kilogram',
  ),
  ...words('milliliter liter tablet tablets capsule capsules dose doses puff puffs drop drops score Package'),
  ...words('jour jours semaine semaines mois an ans heure heures comprimé comprimés gélule gélules gouttes'),
  ...words('EUR USD GBP CHF CAD AUD JPY SEK NOK DKK PLN CZK XOF XAF MAD TND DZD € $ £'),
])

const anyOf = (texts: readonly string[]): string =>
  `(?:${texts.map(text => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)).join('|')})`

const POWER = '(?:-?[1-4])?'
const NOTE = String.raw`\{${anyOf(ANNOTATIONS)}\}`
const ATOM = String.raw`(?:(?:${PREFIX}?${anyOf(METRIC)}|${anyOf(PLAIN)})${POWER}|10[*^]-?\d{1,2}|${anyOf(NUMBERS)})`
const TERM = `(?:${ATOM}(?:${NOTE})?|${NOTE})`
const PRODUCT = String.raw`(?:${TERM}(?:\.${TERM})?|\(${TERM}\.${TERM}\))`
/** Two factors and two divisors at most: longer ones would spell words. */
const UCUM = new RegExp(`^(?:${PRODUCT}(?:/${PRODUCT}){0,2}|(?:/${PRODUCT}){1,2})$`)

/** What a code of UCUM itself may be. */
export const isUcum = (text: string): boolean => UCUM.test(text)

export const isUnit = (text: string): boolean => PLAIN_WORDS.has(text) || UCUM.test(text)
