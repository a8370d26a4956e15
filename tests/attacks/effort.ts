/** How long to try: `ALVEOLE_ATTACKS=all` flips every bit of the large objects too, and seals a million times; some minutes. */
export const thorough = process.env['ALVEOLE_ATTACKS'] === 'all'
