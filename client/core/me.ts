/** The keys of the member whose vault is open: this device's, the account generations', and the public identity. */
import {
  deviceKey,
  signerOf,
  wipe,
  AlveoleError,
  type Generation,
  type Identity,
  type Seeds,
  type Signer,
} from '#crypto'

export class Me {
  readonly webId: string
  identity: Identity
  #generations: Generation[]
  readonly #seeds: Seeds
  readonly #signer: Signer
  #locked = false

  constructor(identity: Identity, seeds: Seeds, generations: Generation[]) {
    this.webId = identity.webId
    this.identity = identity
    this.#generations = generations
    this.#seeds = seeds
    this.#signer = signerOf(seeds)
  }

  get device(): Uint8Array {
    return this.#signer.id
  }

  get signer(): Signer {
    this.checkOpen()
    return this.#signer
  }

  /** This device's own seeds: to be sealed to this device anew, never to leave it. */
  get seeds(): Seeds {
    this.checkOpen()
    return this.#seeds
  }

  /** Oldest first. */
  get generations(): Generation[] {
    this.checkOpen()
    return this.#generations
  }

  set generations(all: Generation[]) {
    this.checkOpen()
    this.#generations = all
  }

  get generation(): Generation {
    return this.generations.at(-1)!
  }

  /** The symmetric key of the generation that some object was sealed in. */
  generationKey(number: number): Uint8Array {
    const generation = this.generations.find(candidate => candidate.number === number)
    if (!generation) throw new AlveoleError('tampered', 'a generation that never was')
    return generation.key
  }

  /** X-Wing seeds, newest first: what is sealed to this person may be sealed to an older generation. */
  get kemSeeds(): Uint8Array[] {
    return this.generations.map(({ kemSeed }) => kemSeed).toReversed()
  }

  /** For heads and accounts: only an active device of one's own may sign. */
  readonly deviceKey = (signer: Uint8Array): Uint8Array | null => deviceKey(this.identity, signer)

  lock(): void {
    this.#locked = true
    wipe(this.#seeds.sign, this.#seeds.kem, ...this.#generations.flatMap(({ key, kemSeed }) => [key, kemSeed]))
    this.#generations = []
  }

  /** Throws `locked` once it is. */
  checkOpen(): void {
    if (this.#locked) throw new AlveoleError('locked')
  }
}
