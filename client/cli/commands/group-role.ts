/** `alveole group role`: what somebody may do in a circle. */
import type { GroupId, MemberInfo } from '#core'
import { AlveoleError } from '#crypto'
import { inLanguage, type Command } from '../command.ts'
import { groupNamed, iriOf } from '../names.ts'

const ROLES: readonly MemberInfo['role'][] = ['steward', 'member', 'observer']

export const groupRole: Command = {
  name: 'group role',
  synopsis: { fr: 'CERCLE WEBID steward|member|observer', en: 'GROUP WEBID steward|member|observer' },
  about: {
    fr: 'Donne un rôle à un membre : responsable (décide qui entre et sort), membre, ou observateur (lit seulement).',
    en: 'Gives a member a role: steward (decides who comes and goes), member, or observer (reads only).',
  },
  takes: [3, 3],
  run: async context => {
    const [named = '', who = '', asked = ''] = context.arguments
    const role = ROLES.find(one => one === asked)
    if (!role) throw new AlveoleError('usage', 'steward, member or observer', { detail: { role: asked } })
    const vault = await context.vault.open()
    const group: GroupId = await groupNamed(vault, named)
    const webId = iriOf(who)
    await vault.groups.changeRole(group, webId, role)
    return { json: { group, webId, role }, text: () => inLanguage(context, `${webId} : ${role}`, `${webId}: ${role}`) }
  },
}
