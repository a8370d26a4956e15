/** `alveole agent status`: whether an agent watches over the ends of what is shared, and what ends soon. */
import type { Localised } from '#vocab'
import { isRunning, agentPlace } from '../../agent/place.ts'
import type { Problem } from '../../agent/pass.ts'
import { iso, WEEK, type AgentState } from '../../agent/state.ts'
import { inLanguage, type Command, type Context } from '../command.ts'
import { problemLine } from '../problem-line.ts'
import { moment } from '../shown.ts'

export const agentStatus: Command = {
  name: 'agent status',
  synopsis: { fr: '', en: '' },
  about: {
    fr: `Dit si l’agent de ce profil tourne, ce qu’il a fait, et ce qui finit dans la semaine : des dossiers par leur nom au hasard,
car rien de ce qu’il garde n’est à lire sans clés ; avec --unlock-file, aussi qui et quoi.`,
    en: `Tells whether the agent of this profile is running, what it did, and what ends within a week: folders by their random names,
as nothing that it keeps is to be read without keys; with --unlock-file, who and what too.`,
  },
  takes: [0, 0],
  run: async context => {
    const place = agentPlace(context.profile.folder)
    const [running, known, credentials] = [await isRunning(place), await place.state(), await place.credentials()]
    const setUp = credentials?.session != null
    const state = known && running ? known : null
    const shares = context.options['unlock-file'] === undefined ? null : await endingShares(context)
    return {
      json: { setUp, running, ...(state ?? { problems: [] }), ...(shares && { shares }) },
      text: () => [...linesOf(context, { setUp, state }), ...shareLines(context, shares ?? [])].join('\n'),
    }
  },
}

interface EndingShare {
  grant: string
  name: string
  folders: string[]
  until: string
}

/** By the owner's own device on this machine. */
async function endingShares({ vault }: Context): Promise<EndingShare[]> {
  const { grants, collections } = await vault.open()
  const names = new Map((await collections.list()).map(({ id, name }) => [id, name]))
  const soon = iso(Date.now() + WEEK)
  return (await grants.list())
    .filter(({ state, until }) => state !== 'ended' && until <= soon)
    .map(({ grant, toName, collections, until }) => {
      const folders = collections.map(id => names.get(id) ?? id)
      return { grant, name: toName, folders, until }
    })
}

const shareLines = (context: Context, shares: readonly EndingShare[]): string[] =>
  shares.map(({ name, folders, until }) => {
    const [at, what] = [moment(until, context.language), `${name}: ${folders.join(', ')}`]
    return inLanguage(context, `Finit le ${at} : ${what}`, `Ends ${at}: ${what}`)
  })

function linesOf(context: Context, { setUp, state }: { setUp: boolean; state: AgentState | null }): string[] {
  const say = (fr: string, en: string): string => inLanguage(context, fr, en)
  const at = (iso: string): string => moment(iso, context.language)
  if (!state)
    return [
      setUp
        ? say('L’agent ne tourne pas : alveole agent start.', 'The agent is not running: alveole agent start.')
        : say('Aucun agent n’est installé : alveole agent setup.', 'No agent is set up: alveole agent setup.'),
    ]
  const { since, lastPass, nextPass, looked, removed, nextEnd, ending, enforcedBy, problems } = state
  return [
    say(`L’agent tourne depuis ${at(since)}.`, `The agent has been running since ${at(since)}.`),
    ...(lastPass ? [say(`Dernier passage : ${at(lastPass)}`, `Last look: ${at(lastPass)}`)] : []),
    ...(nextPass ? [say(`Prochain passage : ${at(nextPass)}`, `Next look: ${at(nextPass)}`)] : []),
    say(`Dossiers : ${looked} ; droits retirés : ${removed}`, `Folders: ${looked}; rules removed: ${removed}`),
    ...(enforcedBy === 'server'
      ? [say('Le serveur met fin aux droits de lui-même.', 'The server ends access by itself.')]
      : []),
    ...(nextEnd ? [say(`Prochaine fin : ${at(nextEnd)}`, `Next end: ${at(nextEnd)}`)] : []),
    ...ending.map(({ collection, until }) =>
      say(`Finit le ${at(until)} : ${collection}`, `Ends ${at(until)}: ${collection}`),
    ),
    ...problems.map(problem => problemText(context, problem)),
  ]
}

const told: { [code: string]: Localised } = {
  clock: {
    fr: 'l’horloge de cette machine et celle du serveur diffèrent ; celle du serveur compte',
    en: 'the clocks of this machine and of the server differ; that of the server counts',
  },
  'unreadable-rule': {
    fr: 'un droit daté que l’agent n’a pas à retirer : sa date est illisible, ou il donne le contrôle',
    en: 'a dated rule that is not for an agent to remove: its date cannot be read, or it gives control',
  },
}

function problemText({ language }: Context, { code, collection, job = 'agent' }: Problem): string {
  const where = collection ?? job
  const words = told[code]?.[language]
  return words ? `! ${where}: ${words}` : problemLine(where, code, language)
}
