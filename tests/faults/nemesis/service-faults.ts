import { setTimeout as delay } from 'node:timers/promises'
import type { ServiceName } from '@bazaar/stack/servers/databases'
import type { Cluster } from '../cluster/cluster.ts'
import type { Member } from '../cluster/member.ts'
import type { FailpointAction } from '../points/failpoint.ts'
import { POINTS, type Point } from '../points/points.ts'
import { anyMember, type Begun, backMember, type Fault, occasion, type Planned } from './fault.ts'

/*
 * Processes of services that die, hang or are stopped: at any moment, and at each step of the protocols.
 */

const SHORT = [300, 2_000] as const

/** Faults of processes at any moment. */
export const processFaults: readonly Fault[] = [
  {
    rows: ['F01', 'F11'],
    name: 'service killed',
    weight: 4,
    lastsMs: [0, 0],
    isQuick: false,
    plan: (cluster, random) => killed(anyMember(cluster, random)),
  },
  {
    rows: ['F14'],
    name: 'service paused',
    weight: 5,
    lastsMs: SHORT,
    longMs: [5_000, 10_000],
    isQuick: true,
    plan: (cluster, random) => paused(anyMember(cluster, random)),
  },
  {
    rows: ['F15'],
    name: 'order paused for longer than it holds an order',
    weight: 0.05,
    lastsMs: [32_000, 34_000],
    isQuick: false,
    plan: (cluster, random) => paused(anyMember(cluster, random, 'order')),
  },
  {
    rows: ['F16'],
    name: 'service replaced',
    weight: 1.5,
    lastsMs: [0, 0],
    isQuick: true,
    plan(cluster, random) {
      const member = anyMember(cluster, random)
      return {
        parts: [member.name],
        begin: async () => {
          const pid = member.pid()
          await member.leave()
          return { heal: () => backMember(member, pid), note: member.name }
        },
      }
    },
  },
  {
    rows: ['F12'],
    name: 'all of iam down',
    weight: 0.5,
    lastsMs: [1_000, 3_000],
    longMs: [8_000, 10_000],
    isQuick: true,
    plan: (cluster) => down(cluster, 'iam'),
  },
  {
    rows: ['F71'],
    name: 'all of inventory down',
    weight: 0.5,
    lastsMs: [500, 2_000],
    longMs: [8_000, 10_000],
    isQuick: false,
    plan: (cluster) => down(cluster, 'inventory'),
  },
  {
    rows: ['F82'],
    name: 'all of order down',
    weight: 0.3,
    lastsMs: [500, 1_000],
    isQuick: false,
    plan: (cluster) => down(cluster, 'order'),
  },
  {
    rows: ['F17'],
    name: 'service busy with itself',
    weight: 2,
    lastsMs: [0, 0],
    isQuick: true,
    plan: (cluster, random) =>
      atPoint(cluster, random.pick(POINTS.filter(({ isCommon }) => isCommon)), {
        do: 'spin',
        forMs: random.chance(1 / 12) ? 5_000 : random.between(300, 1_500),
      }),
  },
]

/** A process that was killed needs a second of the machine to be back, so it is rarer than what costs nothing. */
const STEP_WEIGHTS = { kill: 0.25, throw: 0.5, stop: 0.2, spin: 0, hold: 0 } as const

/** A process that dies, throws or hangs at a step: one fault for each point and each of these. */
export const stepFaults: readonly Fault[] = POINTS.filter(({ isCommon }) => isCommon).flatMap((point) => [
  stepFault(point, 'killed', {
    do: 'kill',
    ...(point.name === 'publish.before-confirm' ? { afterMs: 1 } : {}),
  }),
  stepFault(point, 'stopped', { do: 'stop' }),
  ...(point.mayBreakOff ? [stepFault(point, 'broken off', { do: 'throw' })] : []),
])

function stepFault(point: Point, what: string, action: FailpointAction): Fault {
  return {
    rows: point.rows,
    name: `${point.service} ${what} at ${point.name}`,
    weight: STEP_WEIGHTS[action.do],
    lastsMs: action.do === 'stop' ? SHORT : [0, 0],
    isQuick: action.do === 'kill',
    plan: (cluster) => atPoint(cluster, point, action),
  }
}

/** Whoever comes by a point first has it happen to it. */
export function atPoint(cluster: Cluster, point: Point, action: FailpointAction): Planned {
  return {
    parts: [`${point.service} at ${point.name}`],
    begin: async () => {
      const armed = cluster.failpoints.arm(point, action)
      await occasion(() => armed.taken() !== undefined)
      if (armed.disarm()) return undefined
      const pid = armed.taken()
      const caught = cluster.members.find((member) => member.pid() === pid)
      return { heal: () => recover(caught, pid, action), note: caught?.name ?? `process ${pid}` }
    },
  }
}

async function recover(
  member: Member | undefined,
  pid: number | undefined,
  action: FailpointAction,
): Promise<void> {
  if (!member) return
  if (action.do === 'stop') member.resume()
  if (action.do === 'kill') await backMember(member, pid)
}

/** The points within transactions that orders share, or just after them. */
const GATHERED: readonly string[] = [
  'keep-order.before-commit',
  'confirm-order.before-commit',
  'keep-answer.before-commit',
  'keep-answer.after-commit',
  'place-reservation.before-commit',
  'place-reservation.after-commit',
  'confirm-reservation.before-commit',
]
/** Of these a quick run has each once. */
const GATHERED_QUICK: readonly string[] = ['keep-answer.before-commit', 'place-reservation.before-commit']
const STANDS_STILL_MS = 1_000

/** F19: a process dies with all orders in hand that came while it stood still, because they share transactions. */
export const gatheredFaults: readonly Fault[] = POINTS.filter(({ name }) => GATHERED.includes(name)).map(
  (point) => ({
    rows: ['F19'],
    name: `${point.service} killed with many orders in hand at ${point.name}`,
    weight: 0.3,
    lastsMs: [0, 0],
    isQuick: GATHERED_QUICK.includes(point.name),
    plan(cluster) {
      const members = cluster.members.filter(({ service }) => service === point.service)
      const kill = atPoint(cluster, point, { do: 'kill' })
      return {
        parts: [...members.map(({ name }) => name), ...kill.parts],
        begin: async () => {
          for (const member of members) member.pause()
          await delay(STANDS_STILL_MS)
          // Armed while they still stand, so that nobody is caught who came by before.
          const begun = kill.begin()
          for (const member of members) member.resume()
          return begun
        },
      }
    },
  }),
)

function killed(member: Member): Planned {
  return {
    parts: [member.name],
    begin: async () => {
      const pid = member.pid()
      if (pid === undefined) return undefined
      member.kill()
      return { heal: () => backMember(member, pid), note: member.name }
    },
  }
}

function paused(member: Member): Planned {
  return {
    parts: [member.name],
    begin: async () => {
      if (member.pid() === undefined) return undefined
      member.pause()
      return { heal: async () => member.resume(), note: member.name }
    },
  }
}

/** All instances of a service are killed and stay down. */
function down(cluster: Cluster, service: ServiceName): Planned {
  const members = cluster.members.filter((member) => member.service === service)
  return {
    parts: members.map(({ name }) => name),
    begin: async (): Promise<Begun> => {
      const pids = members.map((member) => member.pid())
      const letUp = members.map((member) => member.keepDown())
      for (const member of members) member.kill()
      return {
        heal: async () => {
          for (const letOneUp of letUp) letOneUp()
          await Promise.all(members.map((member, index) => backMember(member, pids[index])))
        },
      }
    },
  }
}

/** F10: a consumer dies again and again while messages are in flight. */
export const consumerKilledOften: Fault = {
  rows: ['F10'],
  name: 'inventory killed 25 times while it releases',
  weight: 0,
  lastsMs: [0, 0],
  isQuick: false,
  plan: (cluster) => ({
    parts: cluster.members.filter(({ service }) => service === 'inventory').map(({ name }) => name),
    begin: async () => {
      const point = POINTS.find(({ name }) => name === 'release-reservation.before-commit')
      if (!point) return undefined
      let kills = 0
      for (let round = 0; round < 60 && kills < 25; round++) {
        const begun = await atPoint(cluster, point, { do: 'kill' }).begin()
        if (begun) kills++
        await delay(50)
      }
      return kills < 25 ? undefined : { heal: () => cluster.healthy(), note: `${kills} kills` }
    },
  }),
}
