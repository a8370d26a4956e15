/** Stands between programs and the pod server, passes everything on, and keeps all of it: what a line is worth to who taps it. */
import { once } from 'node:events'
import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface Proxy {
  url: string
  /** Each question and each answer, with headers, as they stand on the line but for the cutting into chunks. */
  readonly traffic: Buffer[]
  /** Where the server is: it has to know the proxy's address first. */
  leadTo(port: number): void
  close(): void
}

export async function startProxy(): Promise<Proxy> {
  const traffic: Buffer[] = []
  let port = 0
  const server = createServer(async (asked, answer) => {
    const body = await buffer(asked)
    traffic.push(Buffer.concat([Buffer.from(`${asked.method} ${asked.url}\n${linesOf(asked)}\n\n`), body]))
    const { method = 'GET', url: path = '/', headers } = asked
    const onward = request({ host: '127.0.0.1', port, method, path, headers })
    onward.end(body)
    const [reply] = (await once(onward, 'response')) as [IncomingMessage]
    const content = await buffer(reply)
    traffic.push(
      Buffer.concat([Buffer.from(`${reply.statusCode} ${reply.statusMessage}\n${linesOf(reply)}\n\n`), content]),
    )
    answer.writeHead(
      reply.statusCode!,
      reply.rawHeaders.filter((_, i, all) => !/^transfer-encoding$/i.test(all[i - (i % 2)]!)),
    )
    answer.end(content)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    traffic,
    leadTo: to => void (port = to),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const linesOf = ({ rawHeaders }: IncomingMessage): string =>
  rawHeaders.map((part, i) => (i % 2 ? `${part}\n` : `${part}: `)).join('')
