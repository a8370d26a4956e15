/** What the events and attributes of a family tree are called (tags of GEDCOM 5.5.1, appendix A). */
import type { Json, Localised } from '../kind.ts'
import { both } from './define.ts'

const names: { readonly [tag: string]: Localised } = {
  BIRT: both('Naissance', 'Birth'),
  CHR: both('Baptême', 'Christening'),
  DEAT: both('Décès', 'Death'),
  BURI: both('Inhumation', 'Burial'),
  CREM: both('Crémation', 'Cremation'),
  ADOP: both('Adoption', 'Adoption'),
  BAPM: both('Baptême', 'Baptism'),
  BARM: both('Bar-mitsva', 'Bar mitzvah'),
  BASM: both('Bat-mitsva', 'Bat mitzvah'),
  BLES: both('Bénédiction', 'Blessing'),
  CHRA: both('Baptême à l’âge adulte', 'Adult christening'),
  CONF: both('Confirmation', 'Confirmation'),
  FCOM: both('Première communion', 'First communion'),
  ORDN: both('Ordination', 'Ordination'),
  NATU: both('Naturalisation', 'Naturalization'),
  EMIG: both('Émigration', 'Emigration'),
  IMMI: both('Immigration', 'Immigration'),
  CENS: both('Recensement', 'Census'),
  PROB: both('Succession', 'Probate'),
  WILL: both('Testament', 'Will'),
  GRAD: both('Diplôme', 'Graduation'),
  RETI: both('Retraite', 'Retirement'),
  EVEN: both('Événement', 'Event'),
  CAST: both('Groupe social', 'Social group'),
  DSCR: both('Description physique', 'Physical description'),
  EDUC: both('Études', 'Education'),
  IDNO: both('Numéro d’identité', 'Identity number'),
  NATI: both('Nationalité', 'Nationality'),
  NCHI: both('Nombre d’enfants', 'Number of children'),
  NMR: both('Nombre de mariages', 'Number of marriages'),
  OCCU: both('Métier', 'Occupation'),
  PROP: both('Biens', 'Possessions'),
  RELI: both('Religion', 'Religion'),
  RESI: both('Domicile', 'Residence'),
  SSN: both('Numéro de sécurité sociale', 'Social security number'),
  TITL: both('Titre', 'Title'),
  FACT: both('Fait', 'Fact'),
  ANUL: both('Annulation du mariage', 'Annulment'),
  DIV: both('Divorce', 'Divorce'),
  DIVF: both('Demande de divorce', 'Divorce filed'),
  ENGA: both('Fiançailles', 'Engagement'),
  MARR: both('Mariage', 'Marriage'),
  MARB: both('Publication des bans', 'Marriage banns'),
  MARC: both('Contrat de mariage', 'Marriage contract'),
  MARL: both('Autorisation de mariage', 'Marriage licence'),
  MARS: both('Régime matrimonial', 'Marriage settlement'),
}

/** All of them, as they are written. */
export const eventTags: readonly string[] = Object.keys(names)

export const eventName = (tag: Json | undefined): Localised | null =>
  typeof tag === 'string' && Object.hasOwn(names, tag) ? (names[tag] ?? null) : null
