/** « de » before a name, elided before a vowel or a mute h: de Rose, d’Amadou. */
export const de = (name: string): string => (/^[aeiouyhàâäéèêëîïôöùûü]/i.test(name) ? `d’${name}` : `de ${name}`)
