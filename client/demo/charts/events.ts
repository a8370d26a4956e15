/** Procedures, visits, wishes and letters of a chart. */
import type { Json } from '#vocab'
import { by, code, concept, notes, type Coded, type Resource } from './fhir.ts'

export const procedure = (text: string, date: string, who: string, place: string, note?: string): Resource => ({
  resourceType: 'Procedure',
  status: 'completed',
  code: { text },
  performedDateTime: date,
  performer: [{ actor: by(who) }],
  location: by(place),
  ...notes(note),
})

/** A visit to come. */
export const appointment = (text: string, start: string, end: string, who: string, reason: string): Resource => ({
  resourceType: 'Appointment',
  status: 'booked',
  description: text,
  start,
  end,
  reasonCode: [{ text: reason }],
  participant: [{ actor: by(who), status: 'accepted' }],
})

export const wish = (text: string, date: string, who: string): Resource => ({
  resourceType: 'Consent',
  status: 'active',
  scope: code('consent-scope', 'adr'),
  category: [concept('loinc', ['75320-2', text])],
  dateTime: date,
  performer: [by(who)],
  provision: { type: 'permit', code: [{ text }] },
})

interface Letter {
  title: string
  /** LOINC. */
  type: Coded
  date: string
  by: string
  pdf: Uint8Array
}

export const letter = ({ title, type, date, by: who, pdf }: Letter): Resource => {
  const attachment: Json = {
    contentType: 'application/pdf',
    title: `${title}.pdf`,
    data: Buffer.from(pdf).toString('base64'),
  }
  return {
    resourceType: 'DocumentReference',
    status: 'current',
    type: concept('loinc', type),
    description: title,
    date,
    author: [by(who)],
    content: [{ attachment }],
  }
}
