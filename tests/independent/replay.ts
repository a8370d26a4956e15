/** The frozen vectors of tests/vectors through this decoder: from the input of each to its output, by the SPEC alone. */
import { account, accountPage, generations, state, stateOf as accountState } from './account.ts'
import { catalogue, said } from './catalogue.ts'
import {
  accessBatch,
  agreement,
  announcement,
  feedLines,
  invitation,
  joinMac,
  joinRequest,
  leaveRequest,
  ofGroup,
  personal,
} from './message.ts'
import { blobPage, part } from './blob.ts'
import { checkCode, checkWords } from './check.ts'
import { decode, hex, need, same, type Value } from './cbor.ts'
import {
  facetKey,
  head,
  indexRun,
  manifest,
  manifestKey,
  manifestPage,
  narrower,
  order,
  ownerPart,
} from './collection.ts'
import { groupLog, type GroupLog, type Signers } from './log.ts'
import { openGroup } from './group.ts'
import { identity } from './identity.ts'
import { granted } from './keyring.ts'
import {
  none,
  openEnvelope,
  openSealed,
  padme,
  sealable,
  section,
  steps,
  verified,
  type KeyOf,
  type Rule,
} from './primitives.ts'
import { CellsOfRecords } from './records.ts'
import { queuedWrite } from './queue.ts'
import { cells, sectionKey, sectionTag, segment, type Cell } from './segment.ts'
import { bytes, parse, rows, vector, type Read } from './shape.ts'
import { deviceSlot, english, french, openSlot, secretOf, wordsOf } from './unlock.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Input = { [name: string]: Json }

const text = (input: Input, name: string): string => input[name] as string
const uint = (input: Input, name: string): number => input[name] as number
const bin = (input: Input, name: string): Uint8Array => Uint8Array.from(Buffer.from(text(input, name), 'hex'))

export function json(value: unknown): Json {
  if (value instanceof Uint8Array) return hex(value)
  if (Array.isArray(value)) return value.map(json)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, json(of)]))
  return (value ?? null) as Json
}

const itemJson = (item: Value): Json =>
  item instanceof Uint8Array ? { bytes: hex(item) } : Array.isArray(item) ? item.map(itemJson) : item

const devices =
  (input: Input): KeyOf =>
  signer => {
    const known = input['devices'] as { [id: string]: string }
    return Object.hasOwn(known, hex(signer)) ? bin(known, hex(signer)) : null
  }

const signers = (input: Input): Signers => ({
  active: devices(input),
  ever: (author, root) => signer => {
    const all = input['authors'] as Input[]
    const found = all.find(of => of['webId'] === author && same(bin(of, 'root'), root) && same(bin(of, 'id'), signer))
    return found ? bin(found, 'sign') : null
  },
})

/** Members by WebID. */
function stateOf({ id, name, exposed, epoch, count, stewards, members }: GroupLog): Json {
  const shown = members.map(({ webId, root, role, state }) => ({ webId, root, role, state }))
  const told = shown.sort((a, b) => (a.webId < b.webId ? -1 : 1))
  return json({ id, name, exposed, epoch, count, stewards: [...stewards.keys()].sort(), members: told })
}

const rule = (of: string): Rule => ({ none, padme, section })[of] ?? steps(Number(of))
const label = (input: Input): string => text(input, 'label').replace(/^alveole\/1 /, '')

function records(input: Input): Json {
  const all = new CellsOfRecords()
  for (const cell of input['cells'] as (Input & Cell)[]) all.add(text(cell, 'facet'), cell)
  return json([...all.seen()].map(([id, of]) => ({ id, ...of })))
}

const epochsOf = (input: Input) =>
  (input['epochs'] as Input[]).map(of => ({ number: uint(of, 'number'), secret: bin(of, 'secret') }))

const signed =
  <T>(use: string, of: Read<T>) =>
  (input: Input): Json =>
    json(parse(of, verified(bin(input, 'signed'), use, devices(input))))

export const replay: { [format: string]: (input: Input) => Json } = {
  cbor: input => itemJson(decode(bin(input, 'cbor'))),
  envelope: input => {
    const sealed = [bin(input, 'header'), bin(input, 'sealed'), rule(text(input, 'padding'))] as const
    return json(openEnvelope(bin(input, 'key'), label(input), ...sealed))
  },
  kem: input => {
    if (input['public']) return (need(sealable(bin(input, 'public'))), 1120)
    const sealed = [bin(input, 'header'), bin(input, 'sealed'), rule(text(input, 'padding'))] as const
    return json(openSealed(bin(input, 'seed'), label(input), ...sealed))
  },
  'version-vector': input => order(parse(vector, bin(input, 'vector')), parse(vector, bin(input, 'other'))),
  'facet-keys': input => {
    const [ancestor, path] = [text(input, 'ancestor'), text(input, 'path')]
    const facet = narrower(facetKey(bin(input, 'epochKey'), ancestor), ancestor, path)
    const of = [facet, bin(input, 'segmentKey'), bin(input, 'sealId')] as const
    return json({
      manifest: manifestKey(bin(input, 'epochKey')),
      facet,
      section: sectionKey(...of),
      tag: sectionTag(...of),
    })
  },
  segment: input =>
    json(
      cells(
        segment(bin(input, 'segment'), text(input, 'owner'), bin(input, 'collection'), bin(input, 'key')),
        bin(input, 'facetKey'),
      ),
    ),
  head: input => {
    const read = head(bin(input, 'head'), text(input, 'owner'), bin(input, 'collection'), devices(input))
    const owner = ownerPart(read, bin(input, 'generationKey'))
    return json({ header: read.header, owner, manifest: manifest(read, bin(input, 'manifestKey')) })
  },
  'index-run': input =>
    json(indexRun(bin(input, 'run'), text(input, 'owner'), bin(input, 'collection'), bin(input, 'key'))),
  'account-page': input => json(accountPage(bin(input, 'page'), text(input, 'owner'), bin(input, 'key'))),
  'manifest-page': input =>
    json(manifestPage(bin(input, 'page'), text(input, 'owner'), bin(input, 'collection'), bin(input, 'key'))),
  record: records,
  keyring: input => {
    const expected = { owner: text(input, 'owner'), collection: bin(input, 'collection'), grant: bin(input, 'grant') }
    const seeds = (input['seeds'] as string[]).map(seed => Uint8Array.from(Buffer.from(seed, 'hex')))
    const read = granted(bin(input, 'keyring'), expected, seeds, () => (input['page'] ? bin(input, 'page') : null))
    return (
      read &&
      json({ manifest: read.manifest, newest: read.newest, page: { agreement: read.agreement, keys: read.keys } })
    )
  },
  'blob-part': input => {
    const expected = {
      blob: bin(input, 'blob'),
      sealId: bin(input, 'sealId'),
      index: uint(input, 'index'),
      hash: bin(input, 'hash'),
    }
    return json(part(bin(input, 'part'), expected, bin(input, 'key')))
  },
  'blob-page': input => json(blobPage(bin(input, 'page'), bin(input, 'blob'), bin(input, 'hash'), bin(input, 'key'))),
  'identity-log': input => {
    const { webId, root, generation, kem, exposed, devices: all } = identity(bin(input, 'log'))
    const active = all.filter(device => device.active).map(({ id, name, kind }) => ({ id, name, kind }))
    return json({ webId, root, generation, kem, exposed, active, devices: all.length })
  },
  account: input => {
    const read = account(bin(input, 'account'), text(input, 'owner'), devices(input))
    const all = generations(read.header, { sign: bin(input, 'sign'), kem: bin(input, 'kem') })
    return json({ generations: all, state: accountState(read, all.at(-1)!) })
  },
  'group-log': input => {
    const find = (sealId: Uint8Array): Uint8Array => bin(input, hex(sealId))
    const read = openGroup(bin(input, 'head'), bin(input, 'group'), [bin(input, 'kem')], signers(input), find)
    if (!read) return null
    const row = 'member' in input ? read.inRoster(text(input, 'member')) : null
    const member = row && { webId: row.webId, root: row.root, role: row.role, leaf: row.leaf }
    return { state: stateOf(read.log), ...(json({ epochs: read.epochs, steward: read.steward, member }) as object) }
  },
  'group-entries': input => stateOf(groupLog(parse(rows(bytes), bin(input, 'log')), signers(input))),
  'account-state': input => json(parse(state, bin(input, 'state'))),
  'queued-write': input =>
    json(queuedWrite(bin(input, 'queued'), { sign: bin(input, 'sign'), kem: bin(input, 'kem') })),
  'device-slot': input => json(deviceSlot(bin(input, 'slot'), { sign: bin(input, 'sign'), kem: bin(input, 'kem') })),
  announcement: signed('announcement', announcement),
  'feed-lines': signed('feed lines', feedLines),
  catalogue: input => {
    const find = (sealId: Uint8Array): Uint8Array => bin(input, hex(sealId))
    return json(catalogue(bin(input, 'head'), bin(input, 'group'), epochsOf(input), devices(input), find))
  },
  'catalogue-rows': input => json(said(bin(input, 'rows'), text(input, 'to'), () => devices(input))),
  'join-request': signed('join request', joinRequest),
  'leave-request': signed('leave request', leaveRequest),
  invitation: input => {
    const of = invitation(text(input, 'link'))
    return json({ ...of, mac: joinMac(of.secret, of.group, bin(input, 'root'), text(input, 'webId')) })
  },
  agreement: input => {
    const { until, purpose, facets } = agreement(bin(input, 'signed'), text(input, 'assigner'), devices(input))
    return json({ until, purpose, facets })
  },
  message: input => {
    if (input['kem']) return json(personal(bin(input, 'message'), [bin(input, 'kem')]))
    return json(ofGroup(bin(input, 'message'), epochsOf(input)))
  },
  'access-batch': input => json(accessBatch(bin(input, 'batch'), bin(input, 'kem'))),
  'password-slot': input => {
    const slot = { salt: bin(input, 'salt'), passes: uint(input, 'passes'), memory: uint(input, 'memory') }
    const of = { ...slot, owner: text(input, 'slotOwner'), sealed: bin(input, 'sealed') }
    return json(openSlot(text(input, 'password'), text(input, 'owner'), of))
  },
  check: input => {
    const hex = (field: string) => Uint8Array.from(Buffer.from(text(input, field), 'hex'))
    const one = { webId: text(input, 'one'), root: hex('oneRoot') }
    const other = { webId: text(input, 'other'), root: hex('otherRoot') }
    return json({ ...checkCode(text(input, 'code')), ...checkWords(one, other) })
  },
  'recovery-words': input => {
    const secret = secretOf(text(input, 'words'))
    return json({ secret, en: wordsOf(secret, english), fr: wordsOf(secret, french) })
  },
}
