/** The IRIs this folder needs; the server reads two terms of our vocabulary and one datatype. */
export const VALID_FROM = 'https://w3id.org/alveole#validFrom'
export const VALID_UNTIL = 'https://w3id.org/alveole#validUntil'
export const DATE_TIME = 'http://www.w3.org/2001/XMLSchema#dateTime'
