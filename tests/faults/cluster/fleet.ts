import type { History } from '../history/history.ts'
import type { Cluster } from './cluster.ts'

/** Writes into the history what the processes of a cluster did, and where their logs are. */
export function noteFleet({ exits, members }: Cluster, history: History): void {
  for (const { name, how, expected, atMs } of exits) {
    history.add({ process: 'fleet', f: 'exit', key: name, type: 'ok', value: { name, how, expected, atMs } })
  }
  for (const { name, logPath } of members) {
    history.add({ process: 'fleet', f: 'logs', key: name, type: 'ok', value: logPath })
  }
}
