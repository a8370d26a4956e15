/** What `alveole agent status` says to people, in both languages. */
import { expect, test } from 'vitest'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { agentPlace } from '../../client/agent/place.ts'
import { iso, newState } from '../../client/agent/state.ts'
import type { Context, Result } from '../../client/cli/command.ts'
import { agentStatus } from '../../client/cli/commands/agent-status.ts'
import { profileAt } from '../../client/cli/profile.ts'

const AT = Date.UTC(2026, 5, 1)
const COLLECTION = 'AAAAAAAAAAAAAAAAAAAAAA'

async function told(language: 'fr' | 'en', place: (profile: string) => Promise<unknown>): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'alveole-status-'))
  const held = await place(profile)
  const context = { language, options: {}, profile: profileAt(profile) } as unknown as Context
  const text = ((await agentStatus.run(context)) as Result).text()
  if (typeof held === 'function') held()
  return text
}

test('where none was set up, and where none runs', async () => {
  const none = async (): Promise<void> => undefined
  expect(await told('en', none)).toBe('No agent is set up: alveole agent setup.')
  expect(await told('fr', none)).toBe('Aucun agent n’est installé : alveole agent setup.')
  const session = { webId: '', pod: '', oidcIssuer: '', clientId: '', clientSecret: '' }
  const idle = (profile: string) => agentPlace(profile).keep({ label: 'a', account: null, session })
  expect(await told('en', idle)).toBe('The agent is not running: alveole agent start.')
})

test('what ends soon, and what stands in the way', async () => {
  const runs = async (profile: string): Promise<unknown> => {
    const place = agentPlace(profile)
    const held = await place.lock(0)
    await place.tell({
      ...newState(1, AT, false),
      lastPass: iso(AT),
      nextEnd: iso(AT),
      ending: [{ collection: COLLECTION, until: iso(AT) }],
      problems: [
        { code: 'offline' },
        { code: 'clock' },
        { code: 'unreadable-rule', collection: COLLECTION },
        { code: 'unconfirmed', job: 'grants' },
      ],
    })
    return held
  }
  for (const language of ['fr', 'en'] as const) {
    const lines = (await told(language, runs)).split('\n')
    expect(lines.filter(line => line.startsWith('! '))).toHaveLength(4)
    expect(lines.filter(line => line.includes(COLLECTION))).toHaveLength(2)
    expect(lines.join('\n')).not.toMatch(/undefined|offline|clock\b.*:.*clock|unreadable-rule|null/)
  }
})
