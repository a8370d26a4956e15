/** Words that say nothing of whom they are about: of properties that hold one of a few, these survive de-identification. */

/** FHIR: of events, requests, conditions, documents and devices. */
export const STATUS =
  words(`active inactive completed cancelled stopped draft final preliminary amended corrected registered unknown
  recurrence relapse remission resolved planned arrived triaged in-progress onleave finished on-hold not-done preparation entered-in-error
  not-taken intended ended revoked proposed rejected current superseded confirmed appended partial booked fulfilled pending noshow`)

/** HL7 condition-ver-status and allergyintolerance-verification. */
export const VERIFICATIONS = words('unconfirmed provisional differential confirmed refuted presumed')

export const SEVERITIES = words('mild moderate severe low high unable-to-assess')

export const ALLERGENS = words('food medication environment biologic')

export const SEXES = words('male female other unknown M F U X N')

/** HL7 v3 ObservationInterpretation, codes and usual displays. */
export const INTERPRETATIONS: readonly string[] = [
  ...words('H L N A HH LL AA POS NEG High Low Normal Abnormal Positive Negative'),
  'Critical high',
  'Critical low',
  'Critical abnormal',
]

export const PICTURE_TYPES = words('image/jpeg image/png image/webp image/gif image/heic image/avif image/tiff')

function words(text: string): readonly string[] {
  return text.split(/\s+/)
}
