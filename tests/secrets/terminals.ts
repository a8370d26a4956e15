/**
 * The main job at the command line, by two people with a profile each in FOLDER; one command after another, as `main.ts` would run
 * them. On standard output, as JSON, what each command wrote there; standard error is their own.
 *
 *   node --import ./record.ts terminals.ts SERVER FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../client/cli/run.ts'
import { TEXTS } from './lived-in.ts'
import { note } from './note.ts'

const [server = '', folder = ''] = process.argv.slice(2)
const UNLOCK = 'trente-deux chevaux dans la prairie'
const ENGLISH = { LANG: 'en_GB.UTF-8' }

const said: { command: string; stdout: string }[] = []
const write = process.stdout.write.bind(process.stdout)
let [command, written] = ['', '']
process.stdout.write = (chunk: string | Uint8Array): boolean => {
  written += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1')
  return true
}

/** The path of a new file, beside the profile and not in it. */
function file(who: string, name: string, content: string): string {
  mkdirSync(join(folder, who), { recursive: true })
  writeFileSync(join(folder, who, name), content)
  return join(folder, who, name)
}

/** `code`: how it is to end. Gives what was answered. */
async function alveole(who: string, line: string[], { code = 0, unlock = UNLOCK } = {}): Promise<unknown> {
  ;[command, written] = [line.slice(0, 2).join(' '), '']
  const flags = ['--json', '--profile', join(folder, who, 'profile'), '--unlock-file', file(who, 'unlock', unlock)]
  const ended = await run([...line, ...flags], ENGLISH, new AbortController().signal)
  if (ended !== code) throw new Error(`${command} ends with ${ended}`)
  said.push({ command, stdout: written })
  return written && JSON.parse(written)
}

async function signUp(who: string): Promise<{ webId: string; kit: string[] }> {
  const password = file(who, 'password', 'mot de passe du compte')
  const account = ['--server', server, '--email', `${who}@example.org`, '--password-file', password]
  const made = (await alveole(who, ['signup', ...account, '--name', who])) as { webId: string; kit: string[] }
  for (let word = 0; word < 24; word += 6) note('text', 'words of a kit', made.kit.slice(word, word + 6).join(' '))
  return made
}

note('text', 'password', UNLOCK)
await signUp('zoe')
const { webId } = await signUp('yann')
await alveole('zoe', ['import', file('zoe', TEXTS.fileName, TEXTS.letter), '--into', TEXTS.folder])
const { group } = (await alveole('zoe', ['group', 'found', TEXTS.circle])) as { group: string }
const { link } = (await alveole('zoe', ['group', 'invite', group])) as { link: string }
note('text', 'invitation', link.slice(link.indexOf('#') + 1))
await alveole('yann', ['group', 'join', link])
await alveole('zoe', ['group', 'admit', group, webId])
const terms = ['--facet', 'health', '--until', '1h', '--purpose', 'dpv:HealthcareManagement']
await alveole('zoe', ['grant', '--to', group, ...terms])
await alveole('yann', ['view', group])
const [record] = (await alveole('zoe', ['list'])) as { id: string }[]
await alveole('zoe', ['show', record!.id])
await alveole('zoe', ['shares'])
await alveole('zoe', ['list'], { code: 7, unlock: `${UNLOCK} et un poulain` })
await alveole('yann', ['group', 'join', link.slice(0, -9)], { code: 2 })
await alveole('zoe', ['import', file('zoe', 'broken.json', `{"resourceType": "Bundle", "note": "${TEXTS.condition}`)], {
  code: 2,
})
write(JSON.stringify(said))
process.exit(0)
