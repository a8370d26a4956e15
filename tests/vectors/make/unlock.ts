/** Vectors of what unlocks a vault: password slot, recovery words. */
import { FLOOR, random, rootId, sealPasswordSlot, toWords } from '#crypto'
import { alice, ann, bob } from './people.ts'
import { flip, write } from './write.ts'

const { owner: slotOwner, ...slot } = await sealPasswordSlot(
  'vélo rouge',
  alice,
  { ...ann.device, root: rootId(ann.identity) },
  FLOOR,
)
await write(
  'password-slot',
  [{ name: 'at the floor', input: { ...slot, slotOwner, owner: alice, password: 'vélo rouge' } }],
  [
    { name: 'another password', rule: 'P5', code: 'wrong-unlock', set: { password: 'velo rouge' } },
    { name: 'another owner', rule: 'P5', code: 'wrong-unlock', set: { owner: bob } },
    { name: 'another byte', rule: 'P5', code: 'wrong-unlock', splice: flip('sealed', -1) },
    { name: 'too little memory', rule: 'P2', set: { memory: FLOOR.memory / 2 } },
    { name: 'too few passes', rule: 'P2', set: { passes: 1 } },
    { name: 'too much memory', rule: 'P3', set: { memory: 2 ** 40 } },
  ],
)

const secret = random(32)
const words = toWords(secret, 'en')
await write(
  'recovery-words',
  [
    { name: 'English', input: { words: words.join(' ') } },
    { name: 'French', input: { words: toWords(secret, 'fr').join(' ') } },
    {
      name: 'French, as somebody types it',
      input: { words: `  ${toWords(secret, 'fr').join('  ').toUpperCase().normalize('NFC')} ` },
    },
  ],
  [
    {
      name: 'two words swapped',
      rule: 'V2',
      code: 'wrong-unlock',
      set: { words: [words[1]!, words[0]!, ...words.slice(2)].join(' ') },
    },
    { name: 'a word left out', rule: 'V2', code: 'wrong-unlock', set: { words: words.slice(1).join(' ') } },
    { name: 'an unknown word', rule: 'V2', code: 'wrong-unlock', set: { words: words.with(3, 'alveole').join(' ') } },
    { name: 'twelve words', rule: 'V1', code: 'wrong-unlock', set: { words: `${'abandon '.repeat(11)}about` } },
    { name: 'nothing', rule: 'V1', code: 'wrong-unlock', set: { words: '' } },
  ],
)
