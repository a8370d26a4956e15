/** What servers answer beside the bytes that we sealed: listings, profiles, headers, rules, accounts. */
import { utf8 } from '#crypto'
import { readAcl } from '../../../client/core/acl.ts'
import { membersIn } from '../../../client/core/groups/access.ts'
import type { Pod } from '../../../client/core/pod.ts'
import { createServerAccount, serverCredentials } from '../../../client/core/server-account.ts'
import { solidPod } from '../../../client/core/solid-pod.ts'
import { plain, type Parser, type Sample } from '../parser.ts'

const storage = 'https://a.example/'
const webId = `${storage}card#me`

const addressOf = (asked: string | URL | Request): string =>
  asked instanceof Request ? asked.url : new URL(asked).href

/** A server that answers so to whatever is asked. */
const serving = (body: Uint8Array | null, headers: Record<string, string>): typeof globalThis.fetch => {
  return async asked =>
    Object.defineProperty(new Response(body as BodyInit, { headers }), 'url', { value: addressOf(asked) })
}
const podOf = (fetch: typeof globalThis.fetch): Promise<Pod> => solidPod({ webId, storage, fetch })
const turtle = { 'content-type': 'text/turtle' }

const listing = utf8(
  '@prefix ldp: <http://www.w3.org/ns/ldp#>. @prefix dc: <http://purl.org/dc/terms/>.\n' +
    '<> a ldp:Container, ldp:BasicContainer; dc:modified "2026-01-01T00:00:00Z"; ldp:contains <a.alv>, <b/>.\n' +
    '<a.alv> a ldp:Resource; <http://www.w3.org/ns/posix/stat#size> 8192.\n',
)
const profile = utf8(
  '@prefix foaf: <http://xmlns.com/foaf/0.1/>. @prefix pim: <http://www.w3.org/ns/pim/space#>.\n' +
    '<#me> a foaf:Person; foaf:name "Ann"; pim:storage <./>; foaf:knows [ foaf:name "Ben" ], ("a" 1 true).\n' +
    '<> foaf:primaryTopic <#me>; foaf:maker _:b0. _:b0 foaf:knows _:b1.\n',
)
const acl = utf8(
  '@prefix acl: <http://www.w3.org/ns/auth/acl#>.\n<#a> a acl:Authorization; acl:agent <https://a.example/#me>;\n' +
    '  acl:accessTo <./>; acl:mode acl:Read, acl:Write.\n',
)
const members = utf8(
  '@prefix vcard: <http://www.w3.org/2006/vcard/ns#>.\n<#members> a vcard:Group; vcard:hasMember\n' +
    '  <https://a.example/#me>, <https://b.example/#me>.\n',
)
const link = utf8(
  '<x.alv.acl>; rel="acl", <http://www.w3.org/ns/ldp#Resource>; rel="type",' +
    ' <https://a.example/>; rel="https://w3id.org/alveole#enforces"',
)
/** A header of such bytes; what no header may hold does not arrive. */
async function linked(bytes: Uint8Array): Promise<void> {
  const value = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[\0\r\n]/g, '')
  const pod = await podOf(serving(null, { link: value }))
  await pod.enforcesEnd()
  await pod.aclOf(`${storage}x.alv`)
}

const api = `${storage}.account/`
/** By the path that each is asked at. */
const answers: { [path: string]: object } = {
  '': {
    version: '0.5',
    controls: {
      account: {
        create: `${api}account/`,
        pod: `${api}pod/`,
        webId: `${api}webid/`,
        clientCredentials: `${api}credentials/`,
      },
      password: { create: `${api}password/`, login: `${api}login/` },
    },
  },
  'login/': { authorization: 'token' },
  'account/': { authorization: 'token' },
  'password/': {},
  'pod/': { pods: { [storage]: `${api}pod/1/` }, pod: storage, webId },
  'webid/': { webIdLinks: { [webId]: `${api}webid/1/` } },
  'credentials/': { id: 'id', secret: 'secret' },
}
const paths = Object.keys(answers)
const accountSamples: Sample[] = paths.map((path, base) => ({ base, bytes: utf8(JSON.stringify(answers[path])) }))

/** Of an account that was left without a pod. */
const podless: typeof answers = { ...answers, 'pod/': { pods: {}, pod: storage, webId } }

/** One of its answers is another; `status` is that of the altered one. */
const accountServer = ({ base, bytes }: Sample, of = answers, status = 200): typeof globalThis.fetch => {
  return async asked => {
    const path = addressOf(asked).slice(api.length)
    const isAltered = path === paths[base % paths.length]
    const body = isAltered ? (bytes as Uint8Array<ArrayBuffer>) : JSON.stringify(of[path])
    return new Response(body, { status: isAltered ? status : 200 })
  }
}
const account = { email: 'a@a.example', password: 'p', name: 'a' }

export const ofServers: readonly Parser[] = [
  plain('listing', [listing], async bytes => (await podOf(serving(bytes, turtle))).list(storage)),
  plain('profile', [profile], async bytes => (await podOf(serving(bytes, turtle))).profile(webId)),
  plain('link header', [link], linked),
  plain('access list', [acl], bytes => readAcl(storage, bytes)),
  plain('members document', [members], bytes => membersIn(`${storage}members`, bytes)),
  {
    name: 'account server',
    samples: accountSamples,
    async feed(input) {
      await serverCredentials(storage, account, accountServer(input))
      await createServerAccount(storage, account, accountServer(input))
    },
  },
  {
    name: 'account refusal',
    samples: [{ base: paths.indexOf('password/'), bytes: utf8('{"name":"Error","message":"already there"}') }],
    feed: input => createServerAccount(storage, account, accountServer(input, podless, 400)),
  },
]
