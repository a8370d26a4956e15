/**
 * Looks for many secrets at once, in every spelling that a program might give them: as they are, in hexadecimal, base64, percent
 * or JSON escapes, UTF-16, as lists of numbers. One pass, whatever their number.
 */
export type Secret = string | Uint8Array

export class Search {
  /** By their first four bytes. */
  readonly #needles = new Map<number, { bytes: Buffer; name: string }[]>()
  /** A bit for each way that three bytes may stand at the start of one: most places are passed over at a glance. */
  readonly #starts = new Uint8Array(2 ** 21)

  /** Each under the name that it is reported by. */
  constructor(secrets: Iterable<readonly [name: string, secret: Secret]>) {
    for (const [name, secret] of secrets)
      for (const [spelling, bytes] of typeof secret === 'string' ? spellingsOfText(secret) : spellingsOfBytes(secret))
        this.#add(bytes, `${name}, ${spelling}`)
  }

  #add(bytes: Buffer, name: string): void {
    const three = (bytes[0]! << 16) | (bytes[1]! << 8) | bytes[2]!
    this.#starts[three >> 3]! |= 1 << (three & 7)
    const four = bytes.readUInt32BE(0)
    const others = this.#needles.get(four)
    if (others) others.push({ bytes, name })
    else this.#needles.set(four, [{ bytes, name }])
  }

  /** Names and spellings of those that stand in it, in order. */
  in(haystack: Uint8Array): string[] {
    const found = new Set<string>()
    const hay = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.length)
    let three = ((hay[0] ?? 0) << 8) | (hay[1] ?? 0)
    for (let at = 2; at < hay.length - 1; at++) {
      three = ((three << 8) | hay[at]!) & 0xffffff
      if (!(this.#starts[three >> 3]! & (1 << (three & 7)))) continue
      for (const { bytes, name } of this.#needles.get(hay.readUInt32BE(at - 2)) ?? [])
        if (hay.compare(bytes, 0, bytes.length, at - 2, Math.min(at - 2 + bytes.length, hay.length)) === 0)
          found.add(name)
    }
    return [...found].sort()
  }
}

type Spelling = readonly [string, Buffer]

function spellingsOfBytes(secret: Uint8Array): Spelling[] {
  if (secret.length < 8) throw new RangeError('too short to be told from chance')
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const pairs = hex.match(/../g)!
  const latin1 = bytes.toString('latin1')
  const numbers = [...bytes]
  const texts: [string, string][] = [
    ['hexadecimal', hex],
    ['hexadecimal, upper case', hex.toUpperCase()],
    ['hexadecimal, spaced', pairs.join(' ')],
    ['hexadecimal, with colons', pairs.join(':')],
    ['percent', pairs.map(pair => `%${pair}`).join('')],
    ['percent, upper case', pairs.map(pair => `%${pair.toUpperCase()}`).join('')],
    ['percent, mixed', encodeURIComponent(latin1)],
    ['as text in UTF-8', latin1],
    ['as text in JSON', JSON.stringify(latin1).slice(1, -1)],
    ['numbers', numbers.join(',')],
    ['numbers, spaced', numbers.join(', ')],
    ['numbers, as an object', numbers.map((byte, i) => `"${i}":${byte}`).join()],
  ]
  return [
    ['raw', bytes],
    ...inBase64(bytes),
    ...texts.map(([name, text]) => [name, Buffer.from(text)] as const),
    ...texts.slice(0, 2).map(([name, text]) => [`${name} in UTF-16`, Buffer.from(text, 'utf16le')] as const),
  ]
}

function spellingsOfText(secret: string): Spelling[] {
  return [...new Set([secret, ...['NFC', 'NFD', 'NFKD'].map(form => secret.normalize(form))])].flatMap(text => {
    const utf8 = Buffer.from(text)
    if (utf8.length < 8) throw new RangeError(`too short to be told from chance: ${secret}`)
    const utf16 = Buffer.from(text, 'utf16le')
    const percent = encodeURIComponent(text)
    return [
      ['raw', utf8],
      ['UTF-16LE', utf16],
      ['UTF-16BE', Buffer.from(utf16).swap16()],
      ['Latin-1', Buffer.from(text, 'latin1')],
      ['percent', Buffer.from(percent)],
      ['percent, lower case', Buffer.from(percent.replaceAll(/%../g, code => code.toLowerCase()))],
      ['percent, of a form', Buffer.from(new URLSearchParams({ '': text }).toString().slice(1))],
      ['JSON', Buffer.from(JSON.stringify(text).slice(1, -1))],
      ['JSON, escaped', Buffer.from(escaped(text))],
      ['hexadecimal', Buffer.from(utf8.toString('hex'))],
      ...inBase64(utf8),
      ...inBase64(utf16).map(([name, bytes]) => [`${name} of UTF-16`, bytes] as const),
    ] satisfies Spelling[]
  })
}

const escaped = (text: string): string =>
  text.replaceAll(/[^ -~]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** However many bytes stand before it in what was encoded. The characters at both ends that others have a part in are left out. */
const inBase64 = (bytes: Buffer): Spelling[] =>
  [0, 1, 2].flatMap(before => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url')
    const inner = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
    const standard = inner.replaceAll('-', '+').replaceAll('_', '/')
    return [
      [`base64url after ${before}`, Buffer.from(inner)],
      [`base64 after ${before}`, Buffer.from(standard)],
      [`base64, percent, after ${before}`, Buffer.from(encodeURIComponent(standard))],
    ] satisfies Spelling[]
  })
