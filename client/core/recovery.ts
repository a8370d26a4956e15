/**
 * The rescue kit after creation (protocol §3): its secret stays sealed on the device that made it until the person has shown,
 * once, that they hold the words; then it is only on paper.
 */
import {
  decode,
  encode,
  equal,
  fromWords,
  isCode,
  key32,
  openForDevice,
  publicOf,
  rootSeeds,
  sealForDevice,
  struct,
  toWords,
} from '#crypto'
import type { Language } from '#vocab'
import type { Context } from './context.ts'
import type { Store } from './store.ts'

export const pending = struct({ secret: key32 })
const KEY = 'kit'

export class Recovery {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  /** The words, while the kit is untested and this is the device that made it; else null. */
  kit(language: Language): Promise<string[] | null> {
    return keptKit(this.#context, language)
  }

  /** Whether these are the words of this vault's kit; if so, the kit leaves this device. */
  async test(words: string | readonly string[]): Promise<boolean> {
    const { store, me } = this.#context
    me.checkOpen()
    const secret = secretOf(words)
    const right = secret !== null && equal(publicOf(rootSeeds(secret)).sign, me.identity.root.sign)
    if (right) await store.set(KEY, null)
    return right
  }
}

export const keepKit = (context: Pick<Context, 'store' | 'me'>, secret: Uint8Array): Promise<void> =>
  context.store.set(KEY, sealForDevice(context.me.seeds, encode(pending, { secret })))

export async function keptKit(
  { store, me }: Pick<Context, 'store' | 'me'>,
  language: Language,
): Promise<string[] | null> {
  const sealed = await store.get(KEY)
  return sealed && toWords(decode(pending, openForDevice(me.seeds, sealed)).secret, language)
}

export const forgetKit = (store: Store): Promise<void> => store.set(KEY, null)

function secretOf(words: string | readonly string[]): Uint8Array | null {
  try {
    return fromWords(words)
  } catch (error) {
    if (isCode(error, 'wrong-unlock')) return null
    throw error
  }
}
