/**
 * The acceptance suite of the Pod port (client/core/pod.ts): what the core counts on, whatever server is behind. Run on the
 * in-memory pod and on the real server; anything that passes may stand in for either.
 */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { solid, vcard } from '#vocab'
import { ownerRule, writeAcl, type Rule } from '../client/core/acl.ts'
import type { Pod } from '../client/core/pod.ts'

export interface ContractPods {
  alice: Pod
  bob: Pod
  carol: Pod
  /** Not signed in; its storage is alice's. */
  visitor: Pod
}

const TYPE = 'application/vnd.alveole'
const text = (of: string): Uint8Array => new TextEncoder().encode(of)

/** Where the suite works: `folder` below a storage, and the name of a file in it. */
export interface Places {
  folder(): string
  file: string
}
const ANYWHERE: Places = { folder: () => `${randomUUID()}/`, file: 'a.alv' }

export function podContract(name: string, makePods: () => Promise<ContractPods>, places: Places = ANYWHERE): void {
  describe(`${name} is a pod`, () => {
    let pods: ContractPods
    beforeAll(async () => void (pods = await makePods()))

    const folder = (): string => pods.alice.storage + places.folder()
    /** Rules of one of alice's resources, her own added. */
    const allow = async (url: string, ...rules: Rule[]): Promise<void> => {
      const owner: Rule = url.endsWith('/')
        ? ownerRule(pods.alice.webId)
        : { ...ownerRule(pods.alice.webId), on: ['self'] }
      await pods.alice.put(await pods.alice.aclOf(url), writeAcl(url, [owner, ...rules]), { type: 'text/turtle' })
    }
    /** A folder with one file in it. */
    const withFile = async (...rules: Rule[]): Promise<{ at: string; file: string }> => {
      const at = folder()
      await allow(at, ...rules)
      await pods.alice.put(at + places.file, text('a'), { type: TYPE })
      return { at, file: at + places.file }
    }
    const read = async (pod: Pod, url: string): Promise<string> => {
      const reply = await pod.get(url)
      return reply ? new TextDecoder().decode(reply.body) : 'absent'
    }
    const refused = { code: 'not-granted' }

    describe('bytes', () => {
      test('what is put is what is got, with its type', async () => {
        const url = folder() + places.file
        const body = Uint8Array.from({ length: 70_000 }, (_, i) => i)
        expect(await pods.alice.get(url)).toBe(null)
        await pods.alice.put(url, body, { type: TYPE })
        const reply = await pods.alice.get(url)
        expect(reply).toMatchObject({ status: 200, type: TYPE })
        expect(reply!.body).toEqual(body)
      })

      test('nothing is something', async () => {
        const url = folder() + places.file
        await pods.alice.put(url, new Uint8Array(), { type: TYPE })
        expect((await pods.alice.get(url))?.body).toHaveLength(0)
      })

      test('a later body replaces the earlier one whole', async () => {
        const { file } = await withFile()
        await pods.alice.put(file, text('longer than before'), { type: TYPE })
        await pods.alice.put(file, text('b'), { type: TYPE })
        expect(await read(pods.alice, file)).toBe('b')
      })

      test('deleting is final, and done twice is done', async () => {
        const { file } = await withFile()
        await pods.alice.delete(file)
        await pods.alice.delete(file)
        expect(await pods.alice.get(file)).toBe(null)
      })

      test('a post gets an address of its own in the container', async () => {
        const { at } = await withFile()
        const urls = await Promise.all(['x', 'y', 'z'].map(body => pods.alice.post(at, text(body), { type: TYPE })))
        expect(new Set(urls).size).toBe(3)
        expect(await Promise.all(urls.map(url => read(pods.alice, url)))).toEqual(['x', 'y', 'z'])
        for (const url of urls) expect(url.startsWith(at)).toBe(true)
      })

      test('a container lists its children, folders and files, and no access lists', async () => {
        const { at, file } = await withFile()
        await pods.alice.put(`${at}sub/deep/b.alv`, text('b'), { type: TYPE })
        expect((await pods.alice.list(at))?.sort()).toEqual([file, `${at}sub/`].sort())
        expect(await pods.alice.list(`${at}none/`)).toBe(null)
      })
    })

    describe('versions', () => {
      test('the ETag of a put is that of the get, and of no other version', async () => {
        const { file } = await withFile()
        const first = await pods.alice.put(file, text('1'), { type: TYPE })
        expect((await pods.alice.get(file))?.etag).toBe(first.etag)
        const second = await pods.alice.put(file, text('2'), { type: TYPE })
        expect(second.etag).not.toBe(first.etag)
        expect((await pods.alice.get(file))?.etag).toBe(second.etag)
      })

      test('304 for the version one has, the body for any other', async () => {
        const { file } = await withFile()
        const { etag } = (await pods.alice.get(file))!
        expect(await pods.alice.get(file, { ifNoneMatch: etag! })).toMatchObject({ status: 304, etag })
        await pods.alice.put(file, text('b'), { type: TYPE })
        const reply = await pods.alice.get(file, { ifNoneMatch: etag! })
        expect(reply?.status).toBe(200)
        expect(reply?.etag).not.toBe(etag)
      })

      test('a put onto another version than expected changes nothing', async () => {
        const { file } = await withFile()
        const { etag } = (await pods.alice.get(file))!
        await pods.alice.put(file, text('b'), { type: TYPE, ifMatch: etag! })
        const stale = pods.alice.put(file, text('c'), { type: TYPE, ifMatch: etag! })
        await expect(stale).rejects.toMatchObject({ code: 'conflict' })
        const taken = pods.alice.put(file, text('d'), { type: TYPE, ifNoneMatch: '*' })
        await expect(taken).rejects.toMatchObject({ code: 'conflict' })
        expect(await read(pods.alice, file)).toBe('b')
      })

      const race = async (url: string, condition: { ifMatch: string } | { ifNoneMatch: '*' }): Promise<void> => {
        const racers = Array.from({ length: 8 }, (_, i) => `racer ${i}`)
        const ends = await Promise.allSettled(
          racers.map(racer => pods.alice.put(url, text(racer), { type: TYPE, ...condition })),
        )
        const winners = racers.filter((_, i) => ends[i]!.status === 'fulfilled')
        expect(winners).toHaveLength(1)
        for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'conflict' })
        expect(await read(pods.alice, url)).toBe(winners[0])
      }

      test('of eight who put where nothing is, one wins', async () => {
        const at = folder()
        for (let round = 0; round < 5; round++) await race(`${at}${round}.alv`, { ifNoneMatch: '*' })
      })

      test('of eight who put onto one version, one wins', async () => {
        const { file } = await withFile()
        for (let round = 0; round < 5; round++) await race(file, { ifMatch: (await pods.alice.get(file))!.etag! })
      })
    })

    describe('access', () => {
      const reading = (rule: Partial<Rule>): Rule => ({ modes: ['Read'], on: ['children'], ...rule })

      test('what has no rule for others is the owner’s alone', async () => {
        const { at, file } = await withFile()
        await expect(pods.bob.get(file)).rejects.toMatchObject(refused)
        await expect(pods.bob.get(`${at}absent.alv`)).rejects.toMatchObject(refused)
        await expect(pods.bob.put(file, text('!'), { type: TYPE })).rejects.toMatchObject(refused)
        await expect(pods.bob.delete(file)).rejects.toMatchObject(refused)
        await expect(pods.bob.post(at, text('!'), { type: TYPE })).rejects.toMatchObject(refused)
        await expect(pods.bob.list(at)).rejects.toMatchObject(refused)
        await expect(pods.bob.get(await pods.alice.aclOf(at))).rejects.toMatchObject(refused)
        await expect(pods.visitor.get(file)).rejects.toMatchObject({ code: 'unauthorized' })
        expect(await read(pods.alice, file)).toBe('a')
      })

      test('an agent named for the children reads them by name, and neither lists nor writes', async () => {
        const { at, file } = await withFile(reading({ agents: [pods.bob.webId] }))
        expect(await read(pods.bob, file)).toBe('a')
        await expect(pods.bob.list(at)).rejects.toMatchObject(refused)
        await expect(pods.bob.put(file, text('!'), { type: TYPE })).rejects.toMatchObject(refused)
        await expect(pods.bob.put(`${at}b.alv`, text('!'), { type: TYPE })).rejects.toMatchObject(refused)
        await expect(pods.bob.delete(file)).rejects.toMatchObject(refused)
        await expect(pods.carol.get(file)).rejects.toMatchObject(refused)
      })

      test('an agent named for the container itself lists it and reads nothing in it', async () => {
        const { at, file } = await withFile({ agents: [pods.bob.webId], modes: ['Read'], on: ['self'] })
        expect(await pods.bob.list(at)).toEqual([file])
        await expect(pods.bob.get(file)).rejects.toMatchObject(refused)
      })

      test('whoever is signed in may leave something and look at nothing', async () => {
        const { at, file } = await withFile({ public: 'authenticated', modes: ['Append'], on: ['self'] })
        const url = await pods.bob.post(at, text('from bob'), { type: TYPE })
        expect(await read(pods.alice, url)).toBe('from bob')
        await expect(pods.bob.get(url)).rejects.toMatchObject(refused)
        await expect(pods.bob.get(file)).rejects.toMatchObject(refused)
        await expect(pods.bob.list(at)).rejects.toMatchObject(refused)
        await expect(pods.bob.put(file, text('!'), { type: TYPE })).rejects.toMatchObject(refused)
        await expect(pods.visitor.post(at, text('!'), { type: TYPE })).rejects.toMatchObject({ code: 'unauthorized' })
      })

      test('signed-in readers, and everybody', async () => {
        const signedIn = await withFile(reading({ public: 'authenticated' }))
        expect(await read(pods.carol, signedIn.file)).toBe('a')
        await expect(pods.visitor.get(signedIn.file)).rejects.toMatchObject({ code: 'unauthorized' })
        const everybody = await withFile(reading({ public: 'all' }))
        expect(await read(pods.visitor, everybody.file)).toBe('a')
        await expect(pods.visitor.list(everybody.at)).rejects.toMatchObject({ code: 'unauthorized' })
      })

      test('a file’s own rules stand alone', async () => {
        const { file } = await withFile(reading({ agents: [pods.bob.webId] }))
        await allow(file, { agents: [pods.carol.webId], modes: ['Read'], on: ['self'] })
        expect(await read(pods.carol, file)).toBe('a')
        await expect(pods.bob.get(file)).rejects.toMatchObject(refused)
      })

      test('a rule that is replaced refuses the next request', async () => {
        const { at, file } = await withFile(reading({ agents: [pods.bob.webId, pods.carol.webId] }))
        expect(await read(pods.bob, file)).toBe('a')
        await allow(at, reading({ agents: [pods.carol.webId] }))
        await expect(pods.bob.get(file)).rejects.toMatchObject(refused)
        expect(await read(pods.carol, file)).toBe('a')
      })

      test('a rule with an end date ends by itself', async () => {
        const until = Date.now() + 1500
        const { file } = await withFile(reading({ agents: [pods.bob.webId], until }))
        expect(await read(pods.bob, file)).toBe('a')
        await sleepUntil(until)
        await expect(pods.bob.get(file)).rejects.toMatchObject(refused)
      })

      test('a rule with a start date waits for it', async () => {
        const from = Date.now() + 1500
        const { file } = await withFile(reading({ agents: [pods.bob.webId], from }))
        await expect(pods.bob.get(file)).rejects.toMatchObject(refused)
        await sleepUntil(from)
        expect(await read(pods.bob, file)).toBe('a')
      })

      test('the end date is enforced by the server, and it says so', async () => {
        expect(await pods.alice.enforcesEnd()).toBe(true)
        const { file } = await withFile()
        await pods.alice.get(`${file}.none`)
        await pods.alice.put(file, text('b'), { type: TYPE, ifNoneMatch: '*' }).catch(() => undefined)
        expect(await pods.alice.enforcesEnd()).toBe(true)
      })
    })

    describe('groups', () => {
      /** A members document that everybody may read, and a folder for its members. */
      const withGroup = async (...members: Pod[]) => {
        const document = `${folder()}members`
        const group = `${document}#members`
        const lines = members.map(({ webId }) => `<${group}> <${vcard.hasMember}> <${webId}>.`)
        await pods.alice.put(document, text([`<${group}> a <${vcard.Group}>.`, ...lines].join('\n')), {
          type: 'text/turtle',
        })
        await allow(document, { public: 'all', modes: ['Read'], on: ['self'] })
        const { file } = await withFile({ groups: [group], modes: ['Read'], on: ['children'] })
        const patch = (verb: 'inserts' | 'deletes', { webId }: Pod): Promise<void> =>
          pods.alice.patch(
            document,
            `<> a <${solid.InsertDeletePatch}>; <${solid[verb]}> { <${group}> <${vcard.hasMember}> <${webId}>. }.`,
          )
        return { document, file, patch }
      }

      test('members read, others do not', async () => {
        const { file } = await withGroup(pods.bob)
        expect(await read(pods.bob, file)).toBe('a')
        await expect(pods.carol.get(file)).rejects.toMatchObject(refused)
        expect(await read(pods.alice, file)).toBe('a')
      })

      test('who comes reads and who goes is refused, at the next request', async () => {
        const { file, patch } = await withGroup(pods.bob)
        await patch('inserts', pods.carol)
        expect(await read(pods.carol, file)).toBe('a')
        await patch('deletes', pods.bob)
        await expect(pods.bob.get(file)).rejects.toMatchObject(refused)
        expect(await read(pods.carol, file)).toBe('a')
      })

      test('a patch keeps what else the document says', async () => {
        const { document, patch } = await withGroup(pods.bob)
        await patch('inserts', pods.carol)
        const turtle = await read(pods.alice, document)
        for (const { webId } of [pods.bob, pods.carol]) expect(turtle).toContain(webId.replace(/.*\/profile/, ''))
      })

      test('putting in who is in changes nothing; taking out who is not in changes nothing or is a conflict', async () => {
        const { file, patch } = await withGroup(pods.bob)
        await patch('inserts', pods.bob)
        await patch('deletes', pods.carol).catch(error => expect(error).toMatchObject({ code: 'conflict' }))
        expect(await read(pods.bob, file)).toBe('a')
        await patch('deletes', pods.bob)
        await expect(pods.bob.get(file)).rejects.toMatchObject(refused)
      })

      test('a members document that is no Turtle lets nobody in, and its owner still', async () => {
        const { document, file } = await withGroup(pods.bob)
        await pods.alice.put(document, text('no Turtle <'), { type: 'text/turtle' })
        await expect(pods.bob.get(file)).rejects.toMatchObject({ name: 'AlveoleError' })
        expect(await read(pods.alice, file)).toBe('a')
      })

      test('only the owner changes the members', async () => {
        const { document } = await withGroup(pods.bob)
        const add = `<> a <${solid.InsertDeletePatch}>; <${solid.inserts}> { <${document}#members> <${vcard.hasMember}> <${pods.carol.webId}>. }.`
        await expect(pods.bob.patch(document, add)).rejects.toMatchObject(refused)
      })
    })

    describe('people', () => {
      test('a profile names its storage', async () => {
        for (const pod of [pods.alice, pods.bob]) {
          const profile = await pods.alice.profile(pod.webId)
          expect(profile?.storage).toBe(pod.storage)
          expect(profile?.name).toBeTruthy()
        }
      })

      test('a WebID of nobody has none', async () => {
        expect(await pods.alice.profile(pods.bob.webId.replace('bob', 'nobody'))).toBe(null)
      })
    })
  })
}

const sleepUntil = (at: number): Promise<void> => new Promise(resolve => setTimeout(resolve, at - Date.now() + 100))
