/**
 * Who the demonstration lets one in as. Their passwords are public by nature, since anybody may read them here: these people
 * are made up, and the demonstration is for loopback only (`seed.ts` refuses any other server).
 */
import type { Localised } from '#vocab'

export interface Door {
  id: 'mother' | 'teenager' | 'grandmother' | 'steward'
  name: string
  role: Localised
  /** Of the account on the pod server. */
  email: string
  password: string
  /** The vault's own password. */
  unlock: string
}

export type DoorId = Door['id']

export const doors: readonly Door[] = Object.freeze([
  {
    id: 'mother',
    name: 'Claire Marchand',
    role: { fr: 'La mère', en: 'The mother' },
    email: 'claire@alveole.example',
    password: 'demo-compte-claire',
    unlock: 'demo coffre Claire',
  },
  {
    id: 'teenager',
    name: 'Noé Marchand',
    role: { fr: 'L’adolescent', en: 'The teenager' },
    email: 'noe@alveole.example',
    password: 'demo-compte-noe',
    unlock: 'demo coffre Noé',
  },
  {
    id: 'grandmother',
    name: 'Margaret Evans-Rousseau',
    role: { fr: 'La grand-mère', en: 'The grandmother' },
    email: 'margaret@alveole.example',
    password: 'demo-account-margaret',
    unlock: 'demo vault Margaret',
  },
  {
    id: 'steward',
    name: 'Samir Haddad',
    role: { fr: 'Le responsable de la coopérative', en: 'The cooperative’s steward' },
    email: 'samir@alveole.example',
    password: 'demo-compte-samir',
    unlock: 'demo coffre Samir',
  },
])
