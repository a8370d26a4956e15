/** How an open vault keeps up with its pod: by hints where there are any, by polling where not, and less while nothing answers. */
import { beforeEach, describe, expect, test } from 'vitest'
import { AlveoleError } from '#crypto'
import { Follower } from '../../client/core/follow.ts'
import type { Hearing, Notifications } from '../../client/core/notifications.ts'

/** Timers by hand: `pass` runs what is due, in order, and lets what it began come to rest. */
class Timers {
  now = 0
  #due: { at: number; work: () => void }[] = []

  after = (ms: number, work: () => void): (() => void) => {
    const one = { at: this.now + ms, work }
    this.#due.push(one)
    return () => void (this.#due = this.#due.filter(due => due !== one))
  }

  async pass(ms: number): Promise<void> {
    const until = this.now + ms
    for (;;) {
      await new Promise(resolve => setImmediate(resolve))
      const [next] = this.#due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
      if (!next) break
      this.#due = this.#due.filter(due => due !== next)
      this.now = next.at
      next.work()
    }
    this.now = until
  }

  get waiting(): number {
    return this.#due.length
  }
}

const MINUTE = 60_000
let timers: Timers
/** When it synced. */
let syncs: number[]
let looks: string[]
let topics: string[]
let isDown: boolean
let hearing: Map<string, Hearing>

beforeEach(() => {
  timers = new Timers()
  ;[syncs, looks, topics, isDown, hearing] = [[], [], ['account', 'head'], false, new Map()]
})

const followed = {
  sync: async () => {
    syncs.push(timers.now)
    if (isDown) throw new AlveoleError('offline')
  },
  look: async (topic: string, state: string | null) => void looks.push(`${topic} ${state}`),
  topics: () => topics,
  onTopic: () => undefined,
}
const server: Notifications = {
  watch: async (topic, heard) => {
    hearing.set(topic, heard)
    return () => void hearing.delete(topic)
  },
}
const start = (notifications?: Notifications): Follower =>
  new Follower(followed, { after: timers.after, random: () => 0.5, ...(notifications && { notifications }) })

describe('without hints', () => {
  test('it looks at once, then every half a minute', async () => {
    start()
    await timers.pass(MINUTE)
    expect(syncs).toEqual([0, 30_000, 60_000])
  })

  test('less and less while nothing answers, a minute apart at most; and as before once something does', async () => {
    isDown = true
    start()
    await timers.pass(5 * MINUTE)
    const gaps = syncs.map((at, i) => at - (syncs[i - 1] ?? 0)).slice(1)
    expect(gaps.slice(0, 7)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000])
    expect(Math.max(...gaps)).toBe(60_000)
    isDown = false
    await timers.pass(MINUTE)
    const from = syncs.length
    await timers.pass(MINUTE)
    expect(syncs.slice(from)).toHaveLength(2)
  })

  test('at once when woken, whatever it waited for', async () => {
    isDown = true
    const follower = start()
    await timers.pass(3 * MINUTE)
    isDown = false
    const from = syncs.length
    follower.wake()
    await timers.pass(0)
    expect(syncs).toHaveLength(from + 1)
  })

  test('no two devices at the same moment', async () => {
    let draw = 0
    const follower = new Follower(followed, { after: timers.after, random: () => (draw = (draw + 0.37) % 1) })
    await timers.pass(5 * MINUTE)
    follower.stop()
    const gaps = new Set(syncs.map((at, i) => Math.round(at - (syncs[i - 1] ?? 0))))
    expect(gaps.size).toBeGreaterThan(5)
    for (const gap of [...gaps].filter(Boolean)) expect(gap >= 24_000 && gap <= 36_000).toBe(true)
  })

  test('a server that has no channel is asked for one once', async () => {
    let asked = 0
    start({ watch: async () => (asked++, null) })
    await timers.pass(10 * MINUTE)
    expect(asked).toBe(1)
    expect(syncs.length).toBeGreaterThan(15)
  })
})

describe('with hints', () => {
  test('it watches what is on show, and polls every five minutes only', async () => {
    start(server)
    await timers.pass(0)
    expect([...hearing.keys()]).toEqual(['account', 'head'])
    await timers.pass(11 * MINUTE)
    expect(syncs).toEqual([0, 5 * MINUTE, 10 * MINUTE])
  })

  test('a hint makes it look at that alone', async () => {
    start(server)
    await timers.pass(0)
    hearing.get('head')!.onHint('"7"')
    await timers.pass(1000)
    expect(looks).toEqual(['head "7"'])
    expect(syncs).toHaveLength(1)
  })

  test('what comes on show later is looked at and watched within a second or so', async () => {
    start(server)
    await timers.pass(MINUTE)
    topics.push('another')
    followed.onTopic()
    await timers.pass(2000)
    expect(syncs).toHaveLength(2)
    expect(hearing.has('another')).toBe(true)
  })

  test('a socket that ends is looked after and made again', async () => {
    start(server)
    await timers.pass(0)
    const { onEnd } = hearing.get('head')!
    hearing.delete('head')
    onEnd()
    await timers.pass(2000)
    expect(syncs).toHaveLength(2)
    expect(hearing.has('head')).toBe(true)
  })

  test('where subscribing fails it polls as without, and tries again', async () => {
    let isRefused = true
    start({
      watch: async (topic, heard) => {
        if (isRefused) throw new AlveoleError('refused')
        return server.watch(topic, heard)
      },
    })
    await timers.pass(2 * MINUTE)
    expect(syncs).toHaveLength(5)
    isRefused = false
    await timers.pass(MINUTE)
    expect(hearing.size).toBe(2)
  })

  test('stopped, it asks nothing more and hears nothing', async () => {
    const follower = start(server)
    await timers.pass(0)
    const { onHint, onEnd } = hearing.get('head')!
    follower.stop()
    onHint(null)
    onEnd()
    await timers.pass(10 * MINUTE)
    expect([syncs.length, looks.length, hearing.size, timers.waiting]).toEqual([1, 0, 0, 0])
  })
})
