/** `alveole group list` and `alveole group members`. */
import type { MemberInfo } from '#core'
import type { Language, Localised } from '#vocab'
import type { Command } from '../command.ts'
import { groupNamed } from '../names.ts'
import { table } from '../table.ts'

const roles: Record<MemberInfo['role'], Localised> = {
  steward: { fr: 'responsable', en: 'steward' },
  member: { fr: 'membre', en: 'member' },
  observer: { fr: 'observateur', en: 'observer' },
}
const states: Record<MemberInfo['state'], Localised> = {
  pending: { fr: 'en attente', en: 'pending' },
  member: { fr: '', en: '' },
  removed: { fr: 'retiré', en: 'removed' },
}

const standing = ({ role, state }: Pick<MemberInfo, 'role' | 'state'>, language: Language): string =>
  `${roles[role][language]} ${states[state][language]}`.trim()

export const groupMembers: Command = {
  name: 'group members',
  synopsis: { fr: 'CERCLE', en: 'GROUP' },
  about: {
    fr: 'Liste les membres d’un cercle, et qui demande à y entrer.',
    en: 'Lists the members of a circle, and who asks to join.',
  },
  takes: [1, 1],
  run: async ({ arguments: [group = ''], language, vault }) => {
    const opened = await vault.open()
    const found = await opened.groups.members(await groupNamed(opened, group))
    const members = found.map(({ webId, name, role, state }) => ({ webId, name, role, state }))
    return {
      json: members,
      text: () => table(members.map(member => [member.name, standing(member, language), member.webId])),
    }
  },
}

export const groupList: Command = {
  name: 'group list',
  synopsis: { fr: '', en: '' },
  about: { fr: 'Liste vos cercles.', en: 'Lists your circles.' },
  takes: [0, 0],
  run: async ({ language, vault }) => {
    const groups = await (await vault.open()).groups.list()
    return {
      json: groups.map(({ group, name, role, state, members }) => ({ group, name, role, state, members })),
      text: () =>
        table(groups.map(group => [group.name, standing(group, language), String(group.members), group.group])),
    }
  },
}
