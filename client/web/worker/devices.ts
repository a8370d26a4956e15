/** What opens the vault, and what shall no more. */
import { endLogins } from '../../core/server-account.ts'
import type { DevicesApi } from './api.ts'
import { openedVault } from './current.ts'
import { loginServer, plainFetch, renewLogin } from './session.ts'

export const devicesApi: DevicesApi = {
  devices: () => openedVault().devices.list(),
  async removeDevice(id, account) {
    const vault = openedVault()
    await vault.devices.remove(id)
    if (!account) return
    await vault.settle() // while this login stands
    const credentials = await endLogins(loginServer(), account, plainFetch)
    if (credentials) await renewLogin(credentials)
  },
}
