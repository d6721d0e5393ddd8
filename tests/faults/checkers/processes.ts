import { type Evidence, membersOf, startFinding, type Verdict } from './evidence.ts'

/**
 * C11, the processes: none ends but those that were ended (I26), and no log holds a sign of trouble (I26) or a
 * secret (I27).
 */
export function checkProcesses({ history, logFindings }: Evidence): Verdict {
  const exits = history.filter(({ process, f }) => process === 'fleet' && f === 'exit')
  const starts = history.filter(({ process, f }) => process === 'fleet' && f === 'logs')
  const finder = startFinding(
    () => ({ exits: exits.length, logsRead: starts.length }),
    () => starts.length === 0,
  )
  for (const { key, value, tMs } of exits)
    if (membersOf(value)['expected'] !== true)
      finder.broken('I26', `${key} ended by itself`, { value, at: tMs })
  for (const finding of logFindings)
    finder.broken(finding.what.startsWith('secret') ? 'I27' : 'I26', finding.what, finding)
  return finder.verdict()
}
