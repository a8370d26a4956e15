/** The in-memory pod against the port's acceptance suite. */
import { memoryServer } from '../../client/core/memory-pod.ts'
import { podContract } from '../pod-contract.ts'

podContract('the in-memory pod', async () => {
  const server = memoryServer()
  const [alice, bob, carol] = [server.pod('alice'), server.pod('bob'), server.pod('carol')]
  return { alice, bob, carol, visitor: server.visitor() }
})
