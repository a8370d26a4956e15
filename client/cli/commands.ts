/** The table of commands: a new one is a file in commands/ and a line here. */
import type { Command } from './command.ts'
import { consentAccept, consentList, consentReceipt, consentRefuse, consentWithdraw } from './commands/consent.ts'
import { agentRun, agentStart, agentStop, agentUnit } from './commands/agent-run.ts'
import { agentSetup } from './commands/agent-setup.ts'
import { agentStatus } from './commands/agent-status.ts'
import { deviceList, deviceRemove } from './commands/device.ts'
import { doctor } from './commands/doctor.ts'
import { exportAll } from './commands/export.ts'
import { extend } from './commands/extend.ts'
import { get } from './commands/get.ts'
import { grant } from './commands/grant.ts'
import { groupAdmit, groupRemove } from './commands/group-admit.ts'
import { groupFound } from './commands/group-found.ts'
import { groupInvite, groupJoin } from './commands/group-join.ts'
import { groupList, groupMembers } from './commands/group-list.ts'
import { groupLeave } from './commands/group-leave.ts'
import { groupOffer, groupOffers, groupWithdraw } from './commands/group-offer.ts'
import { groupRole } from './commands/group-role.ts'
import { history } from './commands/history.ts'
import { importFiles } from './commands/import.ts'
import { list } from './commands/list.ts'
import { login } from './commands/login.ts'
import { move } from './commands/move.ts'
import { narrow } from './commands/narrow.ts'
import { outbox, outboxDiscard } from './commands/outbox.ts'
import { peopleConfirm, peopleList, peopleReconfirm, peopleWords } from './commands/people.ts'
import { recoveryKit, recoveryTest } from './commands/recovery.ts'
import { revoke } from './commands/revoke.ts'
import { rm } from './commands/rm.ts'
import { shares } from './commands/shares.ts'
import { show } from './commands/show.ts'
import { signup } from './commands/signup.ts'
import { verify } from './commands/verify.ts'
import { view } from './commands/view.ts'

export const commands: readonly Command[] = [
  signup,
  login,
  importFiles,
  list,
  show,
  get,
  rm,
  exportAll,
  move,
  groupFound,
  groupInvite,
  groupJoin,
  groupAdmit,
  groupMembers,
  groupRole,
  groupLeave,
  groupRemove,
  groupList,
  groupOffer,
  groupOffers,
  groupWithdraw,
  consentAccept,
  consentRefuse,
  consentWithdraw,
  consentList,
  consentReceipt,
  grant,
  extend,
  narrow,
  revoke,
  shares,
  view,
  history,
  verify,
  outbox,
  outboxDiscard,
  deviceList,
  deviceRemove,
  peopleList,
  peopleWords,
  peopleConfirm,
  peopleReconfirm,
  recoveryKit,
  recoveryTest,
  doctor,
  agentSetup,
  agentStart,
  agentStop,
  agentStatus,
  agentRun,
  agentUnit,
]

/** The longest name that the line begins with. */
export const commandNamed = (words: readonly string[]): Command | null =>
  commands.find(({ name }) => name === words.slice(0, 2).join(' ')) ??
  commands.find(({ name }) => name === words[0]) ??
  null
